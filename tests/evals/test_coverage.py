from dataclasses import replace
from itertools import product

from evals import coverage
from evals.labelled import Reply
from evals.scored import ScoredReply, paired
from tests.evals.suites.scored_cards import card_of, labelled_reply


def scored(labels: tuple[float, ...], confidence: float, questions: int = 8) -> list[ScoredReply]:
    """Replies of every manner to each question: labelled so, and judged to be hit and miss in turn."""
    replies = [
        of_manner(labels, f"question {number}", manner)
        for number, manner in product(range(questions), coverage.MANNERS)
    ]
    return paired(replies, [card_of((1, 0, 1, 0), (confidence,) * 4) for _ in replies]).scored


def of_manner(labels: tuple[float, ...], question: str, manner: str) -> Reply:
    return replace(labelled_reply(labels, question), kind=manner)


def test_intervals_hold_totals_that_were_judged_right() -> None:
    found = coverage.figures(scored((1, 0, 1, 0), 0.9))
    assert set(found.values()) == {1.0}


def test_sure_verdicts_that_err_in_one_direction_are_not_held() -> None:
    found = coverage.figures(scored((1, 1, 1, 1), 0.99))
    assert found["covered_five_alike"] == found["covered_worst_manner"] == 0


def test_a_difference_of_two_that_are_misjudged_alike_is_held() -> None:
    assert coverage.figures(scored((1, 1, 1, 1), 0.99))["covered_difference"] == 1


def test_an_interview_has_different_questions_and_one_manner() -> None:
    for drawn in coverage.all_alike(scored((1, 0, 1, 0), 0.9), 5):
        assert len({one.reply.question for one in drawn}) == 5
        assert len({one.reply.kind for one in drawn}) == 1


def test_too_few_questions_make_no_interview() -> None:
    few = scored((1, 0, 1, 0), 0.9, questions=2)
    assert coverage.covered(coverage.at_random(few, 5)) is None
    assert coverage.figures(few)["covered_one"] == 1
    assert coverage.figures([])["covered_worst_manner"] is None


def test_the_table_says_how_wide_intervals_are() -> None:
    rows = coverage.table(scored((1, 0, 1, 0), 0.9)).rows
    widths = {(row[0], row[1]): row[3] for row in rows}
    assert 0 < float(str(widths[8, "of one manner"])) < float(str(widths[1, "of one manner"])) <= 1
