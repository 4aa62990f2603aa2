import pytest

from app.authoring.checks import reasons_against, recheck, summarise
from app.authoring.editing import (
    add_question,
    add_section,
    edit_question,
    find_question,
    remove_question,
    rename_section,
    settle_flag,
)
from app.authoring.schemas import PointEdit, QuestionEdit
from app.documents.draft import Draft, DraftPoint, DraftQuestion, Repair
from app.errors import BadInputError, NotFoundError
from tests.authoring.making import LATE, draft, flag, question, small_draft, span


def reasons(question: DraftQuestion) -> list[str]:
    return [flag.reason for flag in question.flags if not flag.settled]


def find(made: Draft, key: str) -> DraftQuestion:
    return find_question(made, key)[1]


def test_only_what_is_set_changes() -> None:
    made = small_draft()
    before = find(made, "q3").model_copy(deep=True)
    edit_question(made, "q3", QuestionEdit(difficulty="hard"))
    assert find(made, "q3") == before.model_copy(update={"difficulty": "hard"})


def test_marks_and_answers_can_be_taken_away() -> None:
    made = small_draft()
    edit_question(made, "q3", QuestionEdit(reference_answer="答案", examines="动机"))
    edit_question(made, "q3", QuestionEdit(max_score=None, reference_answer=" ", examines=None))
    after = find(made, "q3")
    assert (after.max_score, after.reference_answer, after.examines) == (None, None, None)


def test_points_keep_where_they_come_from() -> None:
    made = small_draft()
    asked = find(made, "q1")
    asked.points = [
        DraftPoint(text="先道歉", span=span(1, 0, 1, 3), proposed=True, probe="还有呢？"),
        DraftPoint(text="查清原因", span=span(2, 0, 2, 4), proposed=True, probe="怎么查？"),
    ]
    wanted = [
        PointEdit(text="给出时间"),
        PointEdit(text="查明原因"),
        PointEdit(text="先道歉。", weight=2),
        PointEdit(text=" "),
    ]
    edit_question(made, "q1", QuestionEdit(points=wanted))
    new, reworded, moved = find(made, "q1").points
    assert (new.span, new.proposed) == (None, False)
    assert (reworded.span, reworded.proposed, reworded.probe) == (span(2, 0, 2, 4), False, None)
    assert (moved.span, moved.proposed, moved.probe, moved.weight) == (span(1, 0, 1, 3), True, "还有呢？", 2)


def test_the_lack_of_points_is_flagged_until_there_are_some() -> None:
    made = small_draft()
    edit_question(made, "q1", QuestionEdit(points=[]))
    assert reasons(find(made, "q1")) == ["no-points"]
    edit_question(made, "q1", QuestionEdit(points=[PointEdit(text="先道歉")]))
    assert find(made, "q1").flags == []


def test_what_is_too_long_for_a_bank_is_flagged_until_it_is_shorter() -> None:
    made = small_draft()
    edit_question(made, "q1", QuestionEdit(reference_answer="长" * 4001))
    assert reasons(find(made, "q1")) == ["too-long"]
    edit_question(made, "q1", QuestionEdit(reference_answer="短"))
    edit_question(made, "q1", QuestionEdit(points=[PointEdit(text=str(n)) for n in range(41)]))
    assert reasons(find(made, "q1")) == ["too-long"]


def test_a_flag_about_words_is_settled_once_they_are_gone() -> None:
    made = draft(
        {
            "s": [
                question(
                    "q",
                    "客户说包裹\ue000没有送到？",
                    flags=[
                        flag("unreadable", "\ue000"),
                        flag("near-duplicate", "客户"),
                        flag("instructions", "别处"),
                    ],
                )
            ]
        }
    )
    edit_question(made, "q", QuestionEdit(text="货没有送到？"))
    assert reasons(find(made, "q")) == ["near-duplicate", "instructions"]


def test_an_incomplete_question_is_blocked_until_its_cut_is_settled() -> None:
    cut = question("q", "后面没有了", incomplete=True)
    made = draft({"s": [cut]})
    recheck(cut)
    assert reasons_against(cut) == ["cut-off"]
    settle_flag(made, "q", 0)
    assert reasons_against(cut) == []
    settle_flag(made, "q", 0, settled=False)
    assert reasons_against(cut) == ["cut-off"]


def test_what_a_bank_cannot_hold_is_not_settled_by_saying_so() -> None:
    made = small_draft()
    edit_question(made, "q1", QuestionEdit(points=[]))
    with pytest.raises(BadInputError, match="no-points") as refused:
        settle_flag(made, "q1", 0)
    assert "rubric point" in refused.value.hint


def test_flags_of_the_document_are_settled_too() -> None:
    made = small_draft(flags=[flag("count-disagrees", "20")])
    settle_flag(made, None, 0)
    assert made.flags[0].settled
    for key, index in ((None, 1), (None, -1), ("q1", 0)):
        with pytest.raises(NotFoundError):
            settle_flag(made, key, index)


def test_questions_are_added_moved_and_removed() -> None:
    made = small_draft()
    added = add_question(made, "s2", QuestionEdit(text="新问题？", kind="knowledge", max_score=3))
    assert (added.key, reasons(added)) == ("new-1", ["no-points"])
    edit_question(made, "new-1", QuestionEdit(section="s1"))
    assert [question.key for question in made.sections[0].questions] == ["q1", "q2", "new-1"]
    assert add_question(made, "s2", QuestionEdit(text="又一题？")).key == "new-2"
    remove_question(made, "q1")
    with pytest.raises(NotFoundError, match="'q1'"):
        edit_question(made, "q1", QuestionEdit(text="x"))


def test_a_section_that_is_none_changes_nothing() -> None:
    made = small_draft()
    before = made.model_copy(deep=True)
    with pytest.raises(BadInputError, match="section: 's9'"):
        edit_question(made, "q1", QuestionEdit(text="另一题", section="s9"))
    with pytest.raises(BadInputError, match="text: "):
        add_question(made, "s1", QuestionEdit(kind="knowledge"))
    assert made == before


def test_sections_are_added_and_renamed() -> None:
    made = small_draft()
    added = add_section(made, "压力应对")
    rename_section(made, added.key, "情绪管理")
    assert [section.title for section in made.sections] == ["情境应对", "求职动机", "情绪管理"]


def test_invisible_characters_are_not_stored() -> None:
    made = small_draft()
    edit_question(made, "q1", QuestionEdit(text="\u200b包裹\x07呢？\ufeff"))
    assert find(made, "q1").text == "包裹呢？"


def test_a_summary_counts_what_people_have_to_do() -> None:
    made = small_draft(
        repairs=[
            Repair(kind="pinyin", before="好(hǎo)", after="好", confidence=1, count=857),
            Repair(kind="shifted", before="?", after="。", confidence=0.4, line=1),
        ],
        flags=[flag("count-disagrees"), flag("not-understood")],
    )
    made.flags[0].settled = True
    find(made, "q1").flags = [flag("doubtful-repair", "。")]
    find(made, "q2").included = False
    counts = summarise(made)
    assert counts.model_dump() == {
        "title": "在线客服",
        "questions": 3,
        "included": 2,
        "publishable": 1,
        "blocked": 1,
        "incomplete": 0,
        "points": 6,
        "repairs": {"pinyin": 857, "shifted": 1},
        "doubtful": 1,
        "flags": 2,
    }
    assert LATE in find(made, "q1").text
