import pytest

from app.authoring.repairs import places_of, settle_repair
from app.documents.draft import Draft, DraftPoint, Repair
from app.errors import BadInputError, NotFoundError
from tests.authoring.making import draft, flag, question, span

LINES = [
    "1. 客户催单时，您怎么辦复？",
    "答案：先查清物流，再怎么辦复客户。",
    "说明下次联系的时间。",
]


def damaged() -> Draft:
    """One question over three lines; the first and the second hold a doubtful repair each."""
    first, second = LINES[0].index("辦"), LINES[1].index("辦")
    asked = question(
        "q",
        "客户催单时，您怎么辦复？",
        [],
        reference_answer="先查清物流，再怎么辦复客户。\n说明下次联系的时间。",
        span=span(1, 0, 3, len(LINES[2])),
        flags=[
            flag("doubtful-repair", "辦", 1, first, first + 1),
            flag("doubtful-repair", "辦", 2, second, second + 1),
        ],
    )
    asked.points = [
        DraftPoint(text="再怎么辦复客户", span=span(2, 10, 2, len(LINES[1]) - 1)),
        DraftPoint(text="说明下次联系的时间", span=span(3, 0, 3, 9)),
    ]
    return draft(
        {"情境": [asked]},
        lines=list(LINES),
        repairs=[
            Repair(
                kind="shifted", before="?", after="辦", confidence=0.4, line=1, start=first, end=first + 1
            ),
            Repair(
                kind="shifted", before="?", after="辦", confidence=0.4, line=2, start=second, end=second + 1
            ),
            Repair(kind="pinyin", before="好(hǎo)", after="好", confidence=1, count=857),
        ],
    )


def test_a_repair_that_is_right_settles_its_flag_and_no_other() -> None:
    made = damaged()
    before = made.lines, made.sections[0].questions[0].text
    settle_repair(made, 0, None)
    asked = made.sections[0].questions[0]
    assert (made.lines, asked.text) == before
    assert [flag.settled for flag in asked.flags] == [True, False]
    assert [repair.settled for repair in made.repairs] == [True, False, False]


def test_a_text_replaces_the_repair_in_the_line_and_in_what_was_taken_from_it() -> None:
    made = damaged()
    settle_repair(made, 0, "样答")
    asked = made.sections[0].questions[0]
    assert made.lines[0] == "1. 客户催单时，您怎么样答复？"
    assert asked.text == "客户催单时，您怎么样答复？"
    assert asked.reference_answer == "先查清物流，再怎么辦复客户。\n说明下次联系的时间。"
    assert asked.points[0].text == "再怎么辦复客户"
    settle_repair(made, 1, "答")
    assert asked.reference_answer == "先查清物流，再怎么答复客户。\n说明下次联系的时间。"
    assert [point.text for point in asked.points] == ["再怎么答复客户", "说明下次联系的时间"]
    assert [flag.settled for flag in asked.flags] == [True, True]


def test_places_behind_it_move_along() -> None:
    made = damaged()
    asked = made.sections[0].questions[0]
    asked.flags.append(flag("unreadable", "？", 1, len(LINES[0]) - 1, len(LINES[0])))
    settle_repair(made, 0, "样去答")
    late = asked.flags[-1].span
    assert late is not None
    assert made.lines[0][late.start : late.end] == "？"
    repair = made.repairs[0]
    assert made.lines[0][repair.start : repair.end] == repair.after == "样去答"
    assert asked.span == span(1, 0, 3, len(LINES[2]))
    settle_repair(made, 0, "答")
    assert asked.text == "客户催单时，您怎么答复？"


def test_words_written_by_hand_stay() -> None:
    made = damaged()
    asked = made.sections[0].questions[0]
    asked.text = "客户催单时，您如何答复？"
    settle_repair(made, 0, "样答")
    assert asked.text == "客户催单时，您如何答复？"
    assert made.lines[0] == "1. 客户催单时，您怎么样答复？"


def test_a_hand_that_wrote_elsewhere_in_the_field_does_not_stop_it() -> None:
    made = damaged()
    asked = made.sections[0].questions[0]
    asked.text = "有客户催单时，您怎么辦复？"
    settle_repair(made, 0, "答")
    assert asked.text == "有客户催单时，您怎么答复？"


def test_a_repair_of_many_places_takes_no_text() -> None:
    made = damaged()
    with pytest.raises(BadInputError, match="many places"):
        settle_repair(made, 2, "号")
    settle_repair(made, 2, None)
    assert made.repairs[2].settled


def test_a_repair_outside_all_questions_corrects_titles() -> None:
    made = draft(
        {"二、情竟应对": [question("q", "问题？", span=span(2, 0, 2, 3))]},
        lines=["二、情竟应对", "问题？"],
        repairs=[Repair(kind="shifted", before="?", after="竟", confidence=0.3, line=1, start=3, end=4)],
    )
    settle_repair(made, 0, "境")
    assert made.sections[0].title == "二、情境应对"


def test_unknown_repairs_and_places_are_refused() -> None:
    made = damaged()
    for number in (-1, 3):
        with pytest.raises(NotFoundError):
            settle_repair(made, number, None)
    made.lines[0] = "another line"
    with pytest.raises(BadInputError, match="place"):
        settle_repair(made, 0, "答")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("客户催单时，您怎么辦复？", ["辦"]),
        ("客户催单时，\n 您怎么 辦 复？", ["辦"]),
        ("催单时，您怎么辦复？请举例说明。", ["辦"]),
        ("辦公室", []),
        ("别人的：您怎么辦理？", []),
        ("", []),
    ],
)
def test_a_place_is_known_by_what_stands_around_it(text: str, expected: list[str]) -> None:
    start = LINES[0].index("辦")
    assert [text[a:b] for a, b in places_of(text, LINES[0], start, start + 1)] == expected


def test_a_place_where_nothing_is_left_is_found_too() -> None:
    line = "先道歉再说明原因"
    (place,) = places_of("先道歉，再说明原因", line.replace("再", "，再"), 4, 4)
    assert place == (4, 4)
