import pytest

from app.scoring.card import QuestionScore, summarise


def card(score: float | None, max_score: float = 8) -> QuestionScore:
    return QuestionScore(
        status="not_scored" if score is None else "scored",
        score=score,
        max_score=max_score,
        points=[],
        fingerprint="f",
    )


def test_scored_questions_add_up() -> None:
    summary = summarise([(card(3.33), []), (card(4.44, 10), [])])
    assert (summary.status, summary.score, summary.max_score) == ("scored", 7.77, 18)


def test_a_question_not_scored_counts_neither_as_won_nor_as_lost() -> None:
    summary = summarise([(card(6), ["a"]), (card(None), ["a", "b"])])
    assert (summary.status, summary.score, summary.max_score) == ("partial", 6, 8)
    assert summary.competencies == {"a": 0.75}


def test_competencies_are_averaged_by_marks() -> None:
    summary = summarise([(card(8), ["a", "b"]), (card(1, 2), ["a"]), (card(0), ["c"])])
    assert summary.competencies == {"a": 0.9, "b": 1.0, "c": 0.0}


@pytest.mark.parametrize(
    ("cards", "status"),
    [
        ([], "not_scored"),
        ([None], "pending"),
        ([card(1), None], "pending"),
        ([card(None)], "not_scored"),
        ([card(None), card(0)], "partial"),
        ([card(0)], "scored"),
    ],
)
def test_the_status_says_how_much_was_judged(cards: list[QuestionScore | None], status: str) -> None:
    assert summarise([(c, []) for c in cards]).status == status


def test_without_a_scored_question_there_is_no_score_rather_than_zero() -> None:
    assert summarise([(card(None), ["a"])]).score is None
