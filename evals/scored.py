"""Labelled replies beside their score cards, and the figures of how far the two agree."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from app.scoring.card import QuestionScore
from app.scoring.tally import total
from evals import metrics
from evals.bench import Bench
from evals.labelled import MARKS, Reply, held_out_replies

MOST_REPLIES = 260  # what the embedded model judges in about 20 minutes on two cores


@dataclass(frozen=True)
class ScoredPoint:
    """One rubric point: the label (`truth`) and the verdict (`given`), credits of 0, 0.5 or 1."""

    id: str
    text: str
    truth: float
    given: float
    confidence: float | None
    needs_review: bool

    @property
    def wrong(self) -> bool:
        return self.truth != self.given

    @property
    def doubt(self) -> tuple[float, float]:
        """Sorts points for review: those that ask for a person first, then the least confident."""
        return 0.0 if self.needs_review else 1.0, -1.0 if self.confidence is None else self.confidence


@dataclass(frozen=True)
class ScoredReply:
    """A labelled reply with its totals out of `MARKS`, true and given."""

    reply: Reply
    card: QuestionScore
    points: tuple[ScoredPoint, ...]
    true_total: float
    total: float


@dataclass(frozen=True)
class Scoring:
    """What came of scoring labelled replies: those with a score, and those without."""

    scored: list[ScoredReply]
    not_scored: list[tuple[Reply, str]]


Measure = Callable[[Sequence[ScoredReply]], float | None]


async def score_held_out(bench: Bench, label: str) -> Scoring:
    """The held-out replies scored by the production scorer; what the bench remembers is not judged again."""
    replies = spread(held_out_replies(), min(bench.limit or MOST_REPLIES, MOST_REPLIES))

    async def score(reply: Reply) -> QuestionScore:
        return await bench.scorer.score(reply.item(bench.banks), reply.parts)

    cards = await bench.each(replies, score, label)
    return paired(replies, cards)


def paired(replies: Sequence[Reply], cards: Sequence[QuestionScore]) -> Scoring:
    """Labels and verdicts side by side, point by point."""
    scored, not_scored = [], []
    for reply, card in zip(replies, cards, strict=True):
        if card.score is None:
            not_scored.append((reply, card.reason or "no reason given"))
            continue
        points = tuple(
            ScoredPoint(p.id, p.text, truth, p.credit or 0.0, p.confidence, p.needs_review)
            for p, truth in zip(card.points, reply.credits, strict=True)
        )
        weights = [point.weight for point in card.points]
        true_total = total(reply.credits, weights, MARKS) or 0.0
        scored.append(ScoredReply(reply, card, points, true_total, card.score))
    return Scoring(scored, not_scored)


def spread(replies: Sequence[Reply], most: int) -> list[Reply]:
    """At most `most` replies: of every kind about the same share, in the order given."""
    if len(replies) <= most:
        return list(replies)
    by_kind = sorted(range(len(replies)), key=lambda at: (replies[at].kind, at))
    chosen = sorted(by_kind[at * len(by_kind) // most] for at in range(most))
    return [replies[at] for at in chosen]


def grouped(
    replies: Iterable[ScoredReply], key: Callable[[ScoredReply], str]
) -> Mapping[str, list[ScoredReply]]:
    """The replies by `key`, in the order the keys first come."""
    groups: dict[str, list[ScoredReply]] = defaultdict(list)
    for reply in replies:
        groups[key(reply)].append(reply)
    return groups


def points_of(replies: Iterable[ScoredReply]) -> list[ScoredPoint]:
    return [point for reply in replies for point in reply.points]


def _touched(replies: Sequence[ScoredReply]) -> tuple[list[bool], list[bool]]:
    points = points_of(replies)
    return [point.truth >= 0.5 for point in points], [point.given >= 0.5 for point in points]


def _halves(replies: Sequence[ScoredReply]) -> tuple[list[int], list[int]]:
    points = points_of(replies)
    return [int(2 * point.truth) for point in points], [int(2 * point.given) for point in points]


def _totals(replies: Sequence[ScoredReply]) -> tuple[list[float], list[float]]:
    return [reply.true_total for reply in replies], [reply.total for reply in replies]


def _qwk(replies: Sequence[ScoredReply]) -> float | None:
    true, given = ([round(value) for value in totals] for totals in _totals(replies))
    return metrics.cohen_kappa(true, given, quadratic=True, labels=range(int(MARKS) + 1))


def _calibration_error(replies: Sequence[ScoredReply]) -> float | None:
    sure = [
        (point.confidence, not point.wrong) for point in points_of(replies) if point.confidence is not None
    ]
    return metrics.expected_calibration_error([c for c, _ in sure], [right for _, right in sure])


# name → (what it is, figure of replies)
MEASURES: dict[str, tuple[str, Measure]] = {
    "macro_f1": ("macro-F1, point at least partly covered", lambda r: metrics.macro_f1(*_touched(r))),
    "kappa": ("Cohen's κ, point at least partly covered", lambda r: metrics.cohen_kappa(*_touched(r))),
    "macro_f1_three_credits": ("macro-F1 of credits 0, 0.5, 1", lambda r: metrics.macro_f1(*_halves(r))),
    "accuracy": ("credits exactly right", lambda r: metrics.share([not p.wrong for p in points_of(r)])),
    "mae_of_8": ("mean absolute error of totals, of 8", lambda r: metrics.mae(*_totals(r))),
    "bias_of_8": ("given less true total, of 8", lambda r: metrics.bias(*_totals(r))),
    "qwk": ("quadratic weighted κ of totals in whole marks", _qwk),
    "icc_a1": ("ICC(A,1) of totals", lambda r: metrics.icc_a1(list(zip(*_totals(r), strict=True)))),
    "calibration_error": ("expected calibration error of confidence", _calibration_error),
}


def measured(replies: Sequence[ScoredReply], names: Iterable[str] = MEASURES) -> dict[str, float | None]:
    """The named figures of these replies."""
    return {name: MEASURES[name][1](replies) for name in names}
