"""What an interview's cards add up to, kept on the interview so that lists can filter and sort by it."""

from collections.abc import Mapping, Sequence

from app.db.tables import Interview
from app.scoring.card import QuestionScore

DISPUTED, FLAGGED, NOTHING = 2, 1, 0


def set_totals(interview: Interview, cards: Sequence[QuestionScore], disputed: int) -> None:
    """Set score, share of the marks, open doubts and the attention they call for.

    `cards` are the effective ones, `disputed` counts open disputes. Only scored questions count in the
    score, which is None when there is none.
    """
    scored = [(card.score, card.max_score) for card in cards if card.score is not None]
    interview.score = round(sum(score for score, _ in scored), 4) if scored else None
    interview.max_score = round(sum(max_score for _, max_score in scored), 4)
    interview.share = (
        interview.score / interview.max_score if interview.score is not None and interview.max_score else None
    )
    interview.flagged = sum(point.needs_review for card in cards for point in card.points)
    interview.unscored = len(cards) - len(scored)
    interview.disputed = disputed
    unlooked = interview.flagged > 0 and interview.reviewed_at is None
    interview.attention = DISPUTED if disputed else FLAGGED if unlooked else NOTHING


def set_scorer_totals(
    interview: Interview,
    cards: Mapping[int, QuestionScore],
    effective: Mapping[int, QuestionScore],
    by: set[str],
) -> None:
    """Set what the scorer did before people decided: `cards` are its own, `by` the scorers that made them."""
    scored = [(card.score, card.max_score) for card in cards.values() if card.score is not None]
    marks = sum(max_score for _, max_score in scored)
    judged = [point for card in cards.values() for point in card.points if point.credit is not None]
    interview.scorer_id = (next(iter(by)) or None) if len(by) == 1 else None
    interview.machine_share = sum(score for score, _ in scored) / marks if marks else None
    interview.judged = len(judged)
    interview.doubted = sum(point.needs_review for point in judged)
    interview.overridden = sum(
        point.overridden and point.machine_credit is not None and point.credit != point.machine_credit
        for card in effective.values()
        for point in card.points
    )
