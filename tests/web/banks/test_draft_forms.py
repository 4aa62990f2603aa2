from dataclasses import replace

import pytest
from starlette.datastructures import FormData

from app.authoring.editing import edit_question, find_question
from app.documents.draft import DraftPoint, DraftSection
from app.web.banks.draft_forms import PointForm, QuestionForm
from tests.authoring.making import draft, question

SECTIONS = [DraftSection(key="s1", title="one"), DraftSection(key="s2", title="two")]


def form(*points: str, **fields: object) -> QuestionForm:
    stored = QuestionForm.of(SECTIONS[0], question("q1", "Why?", list(points)))
    return replace(stored, **fields)  # type: ignore[arg-type]


def texts(form: QuestionForm) -> list[str]:
    return [point.text for point in form.points]


def sent(**fields: object) -> FormData:
    pairs: list[tuple[str, str]] = []
    for name, value in fields.items():
        values = value if isinstance(value, list) else [value]
        pairs += [(name, str(each)) for each in values]
    return FormData(pairs)


def test_saving_an_untouched_form_changes_nothing() -> None:
    made = draft({"one": [question("q1", "Why?", ["a", "b"], max_score=6.5, examines="care")]})
    before = made.model_copy(deep=True)
    section, stored = find_question(made, "q1")
    edit_question(made, "q1", QuestionForm.of(section, stored).edit())
    assert made == before


@pytest.mark.parametrize(
    ("do", "expected", "focus"),
    [
        ("add", ["a", "b", "c", ""], "point-3"),
        ("up-2", ["a", "c", "b"], "up-1"),
        ("up-1", ["b", "a", "c"], "point-0"),
        ("down-0", ["b", "a", "c"], "down-1"),
        ("down-1", ["a", "c", "b"], "point-2"),
        ("remove-1", ["a", "c"], "point-1"),
        ("remove-2", ["a", "b"], "point-1"),
        ("up-0", ["a", "b", "c"], ""),
        ("remove-9", ["a", "b", "c"], ""),
        ("up-x", ["a", "b", "c"], ""),
        ("odd", ["a", "b", "c"], ""),
    ],
)
def test_the_buttons_of_points_change_their_list_and_keep_the_focus_near(
    do: str, expected: list[str], focus: str
) -> None:
    after, wanted = form("a", "b", "c").after(do)
    assert (texts(after), wanted) == (expected, focus)


def test_removing_the_last_point_leaves_the_focus_on_adding() -> None:
    assert form("a").after("remove-0")[1] == "add"


def test_a_sent_form_is_read_as_typed() -> None:
    read = QuestionForm.read(
        sent(
            text=" Why? ",
            kind="situational",
            difficulty="hard",
            max_score="８,5",
            section="s2",
            included="yes",
            point_text=["a", "b"],
            point_weight=["2", "0.5"],
        ),
        question("q1", "Why?"),
    )
    assert (read.text, read.max_score, read.section, read.included) == ("Why?", "8.5", "s2", True)
    assert read.points == (PointForm("a", "2"), PointForm("b", "0.5"))


def test_an_unticked_switch_leaves_the_question_out() -> None:
    assert not QuestionForm.read(sent(text="Why?"), question("q1", "Why?")).included


def test_a_point_that_reads_as_proposed_keeps_its_sign() -> None:
    stored = question("q1", "Why?", ["a"])
    stored.points.append(DraftPoint(text="b", proposed=True))
    read = QuestionForm.read(sent(text="Why?", point_text=["b", "c"], point_weight=["1", "1"]), stored)
    assert [point.proposed for point in read.points] == [True, False]


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"text": ""}, "text"),
        ({"max_score": "many"}, "max_score"),
        ({"max_score": "0"}, "max_score"),
        ({"max_score": "nan"}, "max_score"),
        ({"max_score": "1001"}, "max_score"),
        ({"points": (PointForm("a", "-1"),)}, "weight"),
        ({"points": (PointForm("a"),) * 41}, "points"),
        ({"kind": "odd"}, "choice"),
        ({"section": "s9"}, "choice"),
    ],
)
def test_what_can_not_be_saved_is_named(fields: dict[str, object], problem: str) -> None:
    assert form("a", **fields).problems(SECTIONS) == [problem]


def test_a_point_without_text_is_no_problem_and_is_not_saved() -> None:
    unfinished = form("a", points=(PointForm("a"), PointForm("", "odd")))
    assert unfinished.problems(SECTIONS) == []
    assert len(unfinished.edit().points or []) == 1


def test_marks_left_empty_are_the_usual_ones() -> None:
    edit = form("a", max_score="").edit()
    assert edit.max_score is None
    assert "max_score" in edit.model_fields_set


def test_two_wordings_are_compared_field_by_field() -> None:
    mine, theirs = form("a", text="Mine?"), form("a", "b", text="Theirs?")
    assert [(each.field, each.theirs, each.mine) for each in mine.differences(theirs)] == [
        ("text", "Theirs?", "Mine?"),
        ("points", "· a (1)\n· b (1)", "· a (1)"),
    ]


def test_the_mark_tells_whether_a_question_was_changed() -> None:
    assert form("a").mark == form("a").mark
    assert form("a").mark != form("b").mark
