"""Labelled replies and score cards made up for the suites' figures."""

from app.scoring.card import PointScore, QuestionScore, Quote
from evals.labelled import Reply

TEXT = "先说抱歉，再看照片。"


def labelled_reply(labels: tuple[float, ...], question: str = "怎么处理？", **more: object) -> Reply:
    """A reply of `TEXT` whose points have these labels, from both labellers."""
    texts = tuple(f"要点{at}" for at in range(len(labels)))
    return Reply("x", question, "zh", "mixed", "test", TEXT, texts, labels, labels, **more)  # type: ignore[arg-type]


def card_of(
    credits: tuple[float, ...], confidences: tuple[float | None, ...] = (), quote: str = "抱歉"
) -> QuestionScore:
    """A card with these credits, each with `quote` as its evidence."""
    start = TEXT.find(quote)
    quotes = [Quote(seq=2, start=start, end=start + len(quote), text=quote)]
    points = [
        PointScore(
            id=f"p{at + 1}",
            credit=credit,
            confidence=confidences[at] if confidences else 0.9,
            quotes=quotes if credit else [],
        )
        for at, credit in enumerate(credits)
    ]
    score = 8 * sum(credits) / len(credits)
    return QuestionScore(status="scored", score=score, max_score=8, points=points, fingerprint="f")


UNSCORED = QuestionScore(
    status="not_scored", score=None, max_score=8, points=[], fingerprint="f", reason="llm-error: no"
)
