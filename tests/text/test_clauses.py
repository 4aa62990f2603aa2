"""Ends of sentences in several languages."""

import pytest

from app.text.clauses import ELLIPSIS, SEMICOLONS, STOPS, Dot, ends


@pytest.mark.parametrize(
    ("text", "dot", "expected"),
    [
        ("先道歉。再核实！好吗？", None, ["。", "！", "？"]),
        ("等一下……我想想；好", None, ["……", "；"]),
        ("It took 2.5 s. Then I left.", Dot.NOT_IN_NUMBER, [".", "."]),
        ("It took 2.5 s. Then I left.", Dot.BEFORE_SPACE, ["."]),
        ("It took 2.5 s. Then I left.", Dot.WITH_SPACE, [". "]),
        ("See example.com/a?b now", Dot.BEFORE_SPACE, ["?"]),
        ("まず謝ります。「はい。」次に確認", None, ["。", "。"]),
        ("ขอโทษก่อน แล้วตรวจสอบ", Dot.WITH_SPACE, []),
    ],
)
def test_ends_are_found_where_they_stand(text: str, dot: Dot | None, expected: list[str]) -> None:
    found = list(ends(STOPS + SEMICOLONS + ELLIPSIS, dot, together=True).finditer(text))
    assert [text[end.start() : end.end()] for end in found] == expected


def test_marks_end_one_by_one_unless_together() -> None:
    assert len(ends(STOPS).findall("好！！")) == 2
