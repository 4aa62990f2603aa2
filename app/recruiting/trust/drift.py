"""How scores move over time, by scorer and by version of a bank, from sums over interviews. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from operator import add

from app.recruiting.trust.intervals import of_mean, of_ratio
from app.recruiting.trust.schemas import Drift, DriftPoint, DriftSeries, Figure

FEWEST = 5
"""Interviews below which a point has no figures: one person more or less would move it."""

_MOST_SERIES = 6


@dataclass(frozen=True)
class Sums:
    """Over `interviews`: of shares, of points judged, doubted and overridden, and of products of these."""

    interviews: int = 0
    share: float = 0
    share_squared: float = 0
    judged: int = 0
    judged_squared: int = 0
    doubted: int = 0
    doubted_squared: int = 0
    doubted_judged: int = 0
    overridden: int = 0
    overridden_squared: int = 0
    overridden_judged: int = 0

    def __add__(self, other: "Sums") -> "Sums":
        return Sums(*map(add, vars(self).values(), vars(other).values()))


@dataclass(frozen=True)
class Group:
    """The sums of one bucket of time, scorer and bank version."""

    bucket: int
    scorer_id: str | None
    bank_id: str
    bank_version: str
    sums: Sums


def drift(
    groups: Sequence[Group],
    buckets: Sequence[date],
    bucket_days: int,
    scorers: Mapping[str, tuple[str, str]],
    banks: Mapping[str, str],
) -> Drift:
    """The series with most interviews first; `scorers` are (label, detail) by id, `banks` titles by id."""

    def by_scorer(group: Group) -> tuple[str, str, str]:
        label, detail = scorers.get(group.scorer_id or "", ("", ""))
        return group.scorer_id or "", label, detail

    def by_bank(group: Group) -> tuple[str, str, str]:
        title = banks.get(group.bank_id, group.bank_id)
        return f"{group.bank_id} {group.bank_version}", title, group.bank_version

    of_scorers, hidden_scorers = _series(groups, buckets, by_scorer)
    of_banks, hidden_banks = _series(groups, buckets, by_bank)
    return Drift(
        bucket_days=bucket_days,
        buckets=list(buckets),
        scorers=of_scorers,
        banks=of_banks,
        left_out=hidden_scorers + hidden_banks,
    )


def _series(
    groups: Sequence[Group], buckets: Sequence[date], name: Callable[[Group], tuple[str, str, str]]
) -> tuple[list[DriftSeries], int]:
    """The series with most interviews, and how many more there are."""
    found: dict[tuple[str, str, str], list[Group]] = {}
    for group in groups:
        found.setdefault(name(group), []).append(group)
    series = []
    for (key, label, detail), of_one in found.items():
        sums = [
            total(group.sums for group in of_one if group.bucket == place) for place in range(len(buckets))
        ]
        series.append(
            DriftSeries(
                id=key,
                label=label,
                detail=detail,
                total=_point(buckets[0], total(sums)),
                points=[
                    _point(begins, each) if each.interviews else None
                    for begins, each in zip(buckets, sums, strict=True)
                ],
            )
        )
    series.sort(key=lambda each: -each.total.interviews)
    return series[:_MOST_SERIES], max(len(series) - _MOST_SERIES, 0)


def total(sums: Iterable[Sums]) -> Sums:
    """All of them added up."""
    return sum(sums, Sums())


def _point(begins: date, sums: Sums) -> DriftPoint:
    n, judged = sums.interviews, sums.judged
    if n < FEWEST:
        return DriftPoint(begins=begins, interviews=n, share=Figure(), doubted=Figure(), overridden=Figure())
    doubted = of_ratio(
        n, sums.doubted, judged, sums.doubted_squared, sums.doubted_judged, sums.judged_squared
    )
    overridden = of_ratio(
        n, sums.overridden, judged, sums.overridden_squared, sums.overridden_judged, sums.judged_squared
    )
    return DriftPoint(
        begins=begins,
        interviews=n,
        share=Figure.of(sums.share / n, of_mean(n, sums.share, sums.share_squared)),
        doubted=Figure.of(sums.doubted / judged, doubted) if judged else Figure(),
        overridden=Figure.of(sums.overridden / judged, overridden) if judged else Figure(),
    )
