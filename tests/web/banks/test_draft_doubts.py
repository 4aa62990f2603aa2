from app.web.banks.draft_doubts import corrected, damaged_place
from tests.authoring.making import draft, flag, question, span

LINE = "2. 怎样安抚？答案：先倾听，再道歉，然后给出??案，并跟进。"


def test_a_place_is_corrected_in_every_text_that_holds_it() -> None:
    answer = LINE.partition("答案：")[2]
    asked = question("q1", "怎样安抚？", ["然后给出??案", "并跟进"], reference_answer=answer)
    start = LINE.index("给出")
    edit = corrected(asked, LINE, start, start + 5, "给出方案")
    assert edit is not None
    assert edit.reference_answer == "先倾听，再道歉，然后给出方案，并跟进。"
    assert [point.text for point in edit.points or []] == ["然后给出方案", "并跟进"]
    assert "text" not in edit.model_fields_set


def test_a_place_no_text_holds_is_not_corrected() -> None:
    assert corrected(question("q1", "怎样安抚？", ["道歉"]), LINE, 20, 25, "方案") is None


def test_a_place_is_offered_with_what_stands_around_it() -> None:
    asked = question("q1", "怎样安抚？", ["先道歉"], reference_answer=LINE.partition("答案：")[2])
    start = LINE.index("??")
    place = damaged_place(
        draft({"one": [asked]}, lines=[LINE]), asked, flag("unreadable", "", 1, start, start + 2)
    )
    assert place is not None
    line, first, last = place
    assert line[first:last] == "再道歉，然后给出??案，并跟进。"


def test_a_place_at_the_edge_of_a_text_is_offered_alone() -> None:
    asked = question("q1", "怎样安抚？", ["给出??案"])
    start = LINE.index("??")
    place = damaged_place(
        draft({"one": [asked]}, lines=[LINE]), asked, flag("unreadable", "", 1, start, start + 2)
    )
    assert place == (LINE, start, start + 2)


def test_a_flag_without_a_place_in_one_line_is_not_corrected_here() -> None:
    asked = question("q1", LINE)
    made = draft({"one": [asked]}, lines=[LINE, LINE])
    spread = flag("unreadable", "??")
    spread.span = span(1, 3, 2, 4)
    assert damaged_place(made, asked, spread) is None
    assert damaged_place(made, asked, flag("unreadable", "??")) is None
