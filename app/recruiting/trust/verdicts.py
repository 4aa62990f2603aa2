"""Pairs of verdicts on the same points summed up as agreement, and whether confidence fits it. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from app.recruiting.trust.agreement import (
    CREDITS,
    Array,
    confusion,
    exact,
    icc_a1,
    kappa,
    known,
    macro_f1,
    moments,
)
from app.recruiting.trust.intervals import bootstrap, of_ratio, wilson
from app.recruiting.trust.schemas import (
    Agreement,
    AgreementRow,
    Calibration,
    CalibrationBin,
    Figure,
    ScorerAgreement,
)

ENOUGH = 30
"""Verdicts without which nothing is said about agreement."""

ENOUGH_FOR_ROW = 10
ENOUGH_TO_CALIBRATE = 100
_MOST_BINS = 10
_FEWEST_IN_BIN = 25

Question = tuple[str, str]
"""Bank and question id."""

T = TypeVar("T")


@dataclass(frozen=True)
class Pair:
    """Two credits, a person's and another's, for one point of one interview."""

    question: Question
    point_id: str
    interview_id: str
    person: float
    other: float
    scorer_id: str | None = None


@dataclass(frozen=True)
class Total:
    """Two totals of one question, as shares of its marks."""

    question: Question
    person: float
    other: float


@dataclass(frozen=True)
class Texts:
    """What questions, points and scorers are called."""

    questions: Mapping[Question, str]
    points: Mapping[tuple[Question, str], str]
    scorers: Mapping[str, str]


def sum_up(pairs: Sequence[Pair], totals: Sequence[Total]) -> Agreement:
    """The figures over all pairs, without tables."""
    tables = _tables(pairs)
    clusters = np.array(list(tables.values())) if tables else np.zeros((0, len(CREDITS), len(CREDITS)))
    sums = [moments(each) for each in _by_question(totals).values()]
    enough = len(pairs) >= ENOUGH

    def figure(of: Callable[[Array], Array]) -> Figure:
        return _figure(clusters, of) if enough else Figure()

    return Agreement(
        verdicts=len(pairs),
        questions=len(tables),
        interviews=len({pair.interview_id for pair in pairs}),
        enough=enough,
        exact=figure(exact),
        kappa=figure(kappa),
        qwk=figure(_qwk),
        macro_f1=figure(macro_f1),
        icc=_figure(np.array(sums), icc_a1) if len(totals) >= ENOUGH else Figure(),
        totals=len(totals),
        confusion=clusters.sum(axis=0).astype(int).tolist(),
    )


def with_tables(agreement: Agreement, pairs: Sequence[Pair], texts: Texts) -> Agreement:
    """The same with its rows by question, point and scorer."""
    questions = _grouped(pairs, lambda pair: pair.question)
    points = _grouped(pairs, lambda pair: (pair.question, pair.point_id))
    scorers = _grouped(pairs, lambda pair: pair.scorer_id)
    by_scorer = [_scorer(scorer_id, group, texts) for scorer_id, group in scorers.items()]
    return agreement.model_copy(
        update={
            "by_question": worst_first([_row(key, None, group, texts) for key, group in questions.items()]),
            "by_point": worst_first([_row(*key, group, texts) for key, group in points.items()]),
            "by_scorer": sorted(by_scorer, key=lambda row: -row.verdicts),
        }
    )


def calibrate(verdicts: Sequence[tuple[float, bool]]) -> Calibration:
    """(confidence, whether people gave the same credit) in groups of equal size, least confident first.

    The error is how far confidence is from the share that is right, 0..1, averaged over the groups (Guo et
    al. 2017, with the adaptive bins of Nixon et al. 2019).
    """
    if len(verdicts) < ENOUGH_TO_CALIBRATE:
        return Calibration(verdicts=len(verdicts), enough=False, error=None, bins=[])
    ordered = np.array(sorted(verdicts, key=lambda verdict: verdict[0]), dtype=np.float64)
    groups = np.array_split(ordered, min(_MOST_BINS, len(ordered) // _FEWEST_IN_BIN))
    bins = []
    for group in groups:
        right = wilson(group[:, 1].sum(), len(group))
        share = Figure.of(float(group[:, 1].mean()), right)
        bins.append(CalibrationBin(confidence=float(group[:, 0].mean()), right=share, verdicts=len(group)))
    error = sum(each.verdicts * abs(each.confidence - (each.right.value or 0.0)) for each in bins)
    return Calibration(verdicts=len(verdicts), enough=True, error=error / len(verdicts), bins=bins)


def worst_first(rows: Sequence[AgreementRow]) -> list[AgreementRow]:
    """By the share of equal verdicts, the lowest first; those with too few to say come last."""
    return sorted(rows, key=lambda row: (not row.enough, row.exact.value or 0.0, -row.verdicts))


def _tables(pairs: Sequence[Pair]) -> dict[Question, Array]:
    grouped = _grouped(pairs, lambda pair: pair.question)
    return {
        question: confusion([(pair.person, pair.other) for pair in group])
        for question, group in grouped.items()
    }


def _by_question(totals: Sequence[Total]) -> dict[Question, list[tuple[float, float]]]:
    found: dict[Question, list[tuple[float, float]]] = {}
    for total in totals:
        found.setdefault(total.question, []).append((total.person, total.other))
    return found


def _grouped(pairs: Sequence[Pair], key: Callable[[Pair], T]) -> dict[T, list[Pair]]:
    found: dict[T, list[Pair]] = {}
    for pair in pairs:
        found.setdefault(key(pair), []).append(pair)
    return found


def _figure(clusters: Array, of: Callable[[Array], Array]) -> Figure:
    value = known(of(clusters.sum(axis=0)))
    return Figure.of(value, None if value is None else bootstrap(clusters, of))


def _qwk(tables: Array) -> Array:
    return kappa(tables, quadratic=True)


def _row(question: Question, point_id: str | None, group: Sequence[Pair], texts: Texts) -> AgreementRow:
    asked = texts.questions.get(question, question[1])
    enough = len(group) >= ENOUGH_FOR_ROW
    table = confusion([(pair.person, pair.other) for pair in group])
    return AgreementRow(
        bank_id=question[0],
        question_id=question[1],
        point_id=point_id,
        question=asked,
        text=texts.points.get((question, point_id), point_id) if point_id else asked,
        verdicts=len(group),
        enough=enough,
        exact=_exact_by_interview(group) if enough else Figure(),
        kappa=known(kappa(table)) if enough else None,
        bias=float(np.mean([pair.other - pair.person for pair in group])),
    )


def _exact_by_interview(group: Sequence[Pair]) -> Figure:
    """The share that is equal; verdicts on one interview are alike, so interviews are the samples."""
    by_interview: dict[str, list[float]] = {}
    for pair in group:
        count = by_interview.setdefault(pair.interview_id, [0.0, 0.0])
        count[0] += pair.person == pair.other
        count[1] += 1
    counts = np.array(list(by_interview.values()))
    hits, of = counts.sum(axis=0)
    squares = counts.T @ counts
    interval = of_ratio(len(counts), hits, of, squares[0, 0], squares[0, 1], squares[1, 1])
    return Figure.of(hits / of, interval)


def _scorer(scorer_id: str | None, group: Sequence[Pair], texts: Texts) -> ScorerAgreement:
    clusters, enough = np.array(list(_tables(group).values())), len(group) >= ENOUGH
    return ScorerAgreement(
        scorer_id=scorer_id,
        label=texts.scorers.get(scorer_id or "", ""),
        verdicts=len(group),
        enough=enough,
        exact=_figure(clusters, exact) if enough else Figure(),
        kappa=_figure(clusters, kappa) if enough else Figure(),
    )
