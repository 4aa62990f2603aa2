from collections.abc import Sequence

import pytest

from app.documents.document import DocumentLine
from app.documents.draft import DraftPoint
from app.documents.structure.points import points_of
from app.documents.structure.segments import segments_of
from app.documents.structure.vocabulary import vocabulary


def _points(lines: Sequence[DocumentLine], total: float | None = None) -> list[DraftPoint]:
    known = vocabulary()
    return points_of(segments_of(lines, known, {}), known, total)[0]


def _texts(*texts: str) -> list[str]:
    return [point.text for point in _points([DocumentLine(text, n) for n, text in enumerate(texts, 1)])]


def test_a_parent_that_only_introduces_stands_before_its_children() -> None:
    assert _texts("1. 处理：", "- 先道歉", "- 解释：说明原因", "2. 收尾") == [
        "处理：先道歉",
        "处理·解释：说明原因",
        "收尾",
    ]
    assert _texts("1) Before the visit", "a. call ahead", "b. pack: tools, spares") == [
        "Before the visit: call ahead",
        "Before the visit – pack: tools, spares",
    ]


def test_a_parent_that_says_something_stays_a_point() -> None:
    assert _texts("1. 先道歉，并说明原因", "- 语气平和", "- 不推诿") == [
        "先道歉，并说明原因",
        "语气平和",
        "不推诿",
    ]


def test_three_levels_keep_both_parents() -> None:
    assert _texts("一、准备", "1. 资料", "① 订单", "② 发票", "二、沟通") == [
        "准备·资料：订单",
        "准备·资料：发票",
        "沟通",
    ]


def test_depth_given_by_the_format_makes_the_levels() -> None:
    lines = [
        DocumentLine("Actions", 1, depth=1, marker="•"),
        DocumentLine("listened", 2, depth=2, marker="•"),
        DocumentLine("followed up", 3, depth=1, marker="•"),
    ]
    assert [point.text for point in _points(lines)] == ["Actions: listened", "followed up"]


def test_indentation_makes_the_levels_of_a_plain_text() -> None:
    assert _texts("- 准备：", "  - 资料", "  - 工具", "- 执行") == ["准备：资料", "准备：工具", "执行"]


@pytest.mark.parametrize(
    "texts",
    [
        ("态度诚恳；核实记录；说明规定",),
        ("态度诚恳。核实记录。说明规定。",),
        ("态度诚恳", "核实记录", "说明规定"),
    ],
)
def test_points_without_markers_are_parted_by_lines_semicolons_or_full_stops(texts: tuple[str, ...]) -> None:
    assert [text.rstrip("。") for text in _texts(*texts)] == ["态度诚恳", "核实记录", "说明规定"]


def test_a_wrapped_item_is_put_together() -> None:
    assert _texts(
        "- explains to the customer in simple words what has happened",
        "and what comes next",
        "- asks whether that suits",
    ) == [
        "explains to the customer in simple words what has happened and what comes next",
        "asks whether that suits",
    ]


def test_a_parent_s_marks_are_shared_among_its_children() -> None:
    points = _points(
        [
            DocumentLine("1. 处理（4分）：", 1),
            DocumentLine("- 道歉", 2),
            DocumentLine("- 解释", 3),
            DocumentLine("2. 收尾（2分）", 4),
        ]
    )
    assert [(p.text, p.weight) for p in points] == [("处理：道歉", 2), ("处理：解释", 2), ("收尾", 2)]


def test_points_without_marks_share_what_is_left() -> None:
    points = _points(
        [DocumentLine("- 道歉（4分）", 1), DocumentLine("- 解释", 2), DocumentLine("- 收尾", 3)], total=10
    )
    assert [p.weight for p in points] == [4, 3, 3]
