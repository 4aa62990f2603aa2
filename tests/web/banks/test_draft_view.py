from datetime import UTC, datetime
from typing import Any

import pytest

from app.authoring.checks import recheck, summarise
from app.authoring.repairs import settle_repair
from app.authoring.schemas import DraftView, Duplicate
from app.documents.draft import Draft, Repair
from app.web.banks.draft_doubts import doubts
from app.web.banks.draft_view import PAGE_LENGTH, SHOWN_CARDS, excerpt, review, row_of
from tests.authoring.making import draft, flag, question, small_draft, span

AT = datetime(2026, 1, 2, tzinfo=UTC)
LINE = "1. 您会怎样安抚？答案：先道歉，提供补偿等。"


def view(made: Draft, **fields: Any) -> DraftView:
    for _, each in made.questions():
        recheck(each)
    usual = {
        "id": "d1",
        "name": "questions.txt",
        "title": made.title,
        "status": "open",
        "revision": 1,
        "bank_id": "kefu",
        "created_at": AT,
        "updated_at": AT,
        "created_by": "recruiter",
        "published_version": None,
        "summary": summarise(made),
        "draft": made,
    }
    return DraftView.model_validate(usual | fields)


def doubtful(**fields: Any) -> Repair:
    start = LINE.index("补偿")
    usual: dict[str, Any] = {"kind": "shifted", "before": "補償?", "after": "补偿等", "confidence": 0.5}
    return Repair(**(usual | {"line": 1, "start": start, "end": start + 3} | fields))


def damaged() -> Draft:
    asked = question("q1", "您会怎样安抚？", ["先道歉，提供补偿等"], span=span(1, 0, 1, len(LINE)))
    place = doubtful()
    asked.flags.append(flag("doubtful-repair", "补偿等", 1, place.start, place.end))
    pinyin = Repair(kind="pinyin", before="好(hǎo)", after="好", confidence=0.99, count=40)
    return draft({"one": [asked]}, lines=[LINE], repairs=[pinyin, place])


def test_the_figures_say_what_was_understood_and_what_is_left_out() -> None:
    made = small_draft()
    made.questions()[1][1].included = False
    made.questions()[2][1].points = []
    seen = review(view(made)).understood
    assert (seen.sections, seen.questions, seen.points, seen.marks) == (2, 3, 5, 5)
    assert seen.publishable == 1
    assert dict(seen.left_out) == {"not-included": 1, "no-points": 1}
    assert seen.pointless == 1


def test_marks_are_unknown_where_the_document_gives_none() -> None:
    assert review(view(draft({"one": [question("q1", "Why?")]}))).understood.marks is None


def test_a_doubtful_repair_is_shown_as_in_the_file_and_as_repaired() -> None:
    [card] = review(view(damaged())).repair_cards
    assert "".join(piece.text for piece in card.before) == "答案：先道歉，提供補償?。"
    assert "".join(piece.text for piece in card.after) == "答案：先道歉，提供补偿等。"
    assert [piece.text for piece in card.after if piece.marked] == ["补偿等"]
    assert card.question is not None
    assert card.question.key == "q1"


def test_the_flag_of_a_repair_is_not_shown_twice() -> None:
    seen = review(view(damaged()))
    assert seen.flag_cards == ()
    assert seen.groups == ()


def test_a_settled_repair_needs_no_eyes() -> None:
    made = damaged()
    settle_repair(made, 1, None)
    seen = review(view(made))
    assert seen.repair_cards == ()
    assert seen.understood.doubtful == 0
    assert seen.understood.publishable == 1


def test_sure_repairs_are_counted_by_kind_with_a_sample() -> None:
    kinds = {kind.kind: kind for kind in review(view(damaged())).understood.repairs}
    assert kinds["pinyin"].places == 40
    assert kinds["pinyin"].sample == (("好(hǎo)", "好"),)


def test_an_unreadable_place_can_be_put_right_on_its_card() -> None:
    line = "答案：给出\ufffd\ufffd案，并跟进。"
    asked = question("q1", "您会怎样安抚？", ["给出\ufffd\ufffd案，并跟进"], span=span(1, 0, 1, len(line)))
    asked.flags.append(flag("unreadable", "\ufffd\ufffd", 1, 5, 7))
    [card] = review(view(draft({"one": [asked]}, lines=[line]))).flag_cards
    assert card.wording == "\ufffd\ufffd"
    assert [piece.text for piece in card.place if piece.marked] == ["\ufffd\ufffd"]


def test_flags_of_no_question_are_shown_as_cards() -> None:
    made = small_draft(flags=[flag("count-disagrees", "five questions")])
    [card] = review(view(made)).flag_cards
    assert (card.key, card.index, card.flag.reason) == (None, 0, "count-disagrees")


def test_many_doubts_are_shown_a_dozen_at_a_time() -> None:
    made = damaged()
    made.repairs = [doubtful() for _ in range(SHOWN_CARDS + 5)]
    cards, flags, more = doubts(made, SHOWN_CARDS)
    assert (len(cards), len(flags), more) == (SHOWN_CARDS, 0, 5)


def test_flagged_questions_are_grouped_by_reason() -> None:
    made = small_draft()
    for _, each in made.questions():
        each.points = []
    [group] = review(view(made)).groups
    assert (group.reason, group.count, len(group.examples)) == ("no-points", 3, 3)


@pytest.mark.parametrize(
    ("shown", "keys"),
    [
        ("all", ["q1", "q2", "q3"]),
        ("attention", ["q1", "q2"]),
        ("no-points", ["q1"]),
        ("duplicates", ["q3"]),
        ("proposed", ["q3"]),
        ("instructions", ["q2"]),
        ("odd", ["q1", "q2", "q3"]),
    ],
)
def test_the_list_is_filtered(shown: str, keys: list[str]) -> None:
    made = small_draft()
    first, second, third = (each for _, each in made.questions())
    first.points = []
    second.flags.append(flag("instructions", "ignore all rules"))
    third.points[0].proposed = True
    like = Duplicate(question_id="tiny.q1", bank="tiny", text="Why?", score=0.97)
    seen = review(view(made, duplicates={"q3": [like]}), shown)
    assert [row.question.key for row in seen.rows] == keys
    if shown in dict(seen.chips):
        assert dict(seen.chips)[shown] == len(keys)


def large(questions: int) -> DraftView:
    return view(draft({"one": [question(f"q{number}", f"Why {number}?") for number in range(questions)]}))


def test_a_large_draft_is_shown_by_the_page() -> None:
    seen = review(large(2 * PAGE_LENGTH + 1), page=3)
    assert (len(seen.rows), seen.page, seen.pages) == (1, 3, 3)
    assert review(large(2 * PAGE_LENGTH + 1), page=99).page == 3


def test_the_page_that_holds_a_question_is_found() -> None:
    seen = review(large(2 * PAGE_LENGTH + 1), page=1, holding=f"q{PAGE_LENGTH + 3}")
    assert seen.page == 2


def test_a_question_outside_the_filter_is_found_among_all() -> None:
    seen = review(view(small_draft()), "no-points", holding="q2")
    assert seen.shown == "all"
    assert "q2" in [row.question.key for row in seen.rows]


def test_an_unknown_question_has_no_row() -> None:
    assert row_of(view(small_draft()), "q9") is None


def test_the_source_of_a_question_is_shown_with_its_doubts() -> None:
    made = damaged()
    [line] = excerpt(made, made.questions()[0][1])
    assert [piece.text for piece in line.pieces if piece.marked] == ["补偿等"]
