"""Two to five candidates side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request
from starlette.responses import Response

from app.errors import NotFoundError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.desk.comparison import NotComparableError
from app.recruiting.desk.dependencies import Desk
from app.recruiting.desk.schemas import ComparedCandidate, Comparison, Pair
from app.scoring.certainty import RIGHT_IN_DOUBT, RIGHT_WHERE_UNKNOWN
from app.web.rendering import render, wording_of
from app.web.routing import DeskRoute

router = APIRouter(prefix="/recruiter", route_class=DeskRoute, include_in_schema=False)


@dataclass(frozen=True)
class PairView:
    """Two candidates; `higher` is above `lower` by `low` to `high` marks, a negative `low` is the reverse."""

    first: ComparedCandidate
    second: ComparedCandidate
    higher: ComparedCandidate
    lower: ComparedCandidate
    says: str
    low: float
    high: float


@dataclass(frozen=True)
class GroupView:
    """Candidates by their places; `chained` if of some of them more can be said all the same."""

    places: list[int]
    chained: bool


@router.get("/compare")
async def compare(
    request: Request,
    account: Recruiter,
    desk: Desk,
    ids: Annotated[list[str], Query(max_length=100)] = [],  # noqa: B006
) -> Response:
    """The comparison of the interviews named by `ids`, or why they can't be compared."""
    try:
        comparison = await desk.compare(ids, account)
    except (NotComparableError, NotFoundError) as error:
        unknown = isinstance(error, NotFoundError)
        return render(
            request,
            "desk/compare_refused.html",
            status_code=error.status,
            private=True,
            explanation=wording_of(request)(
                "compare.problem_unknown" if unknown else "compare.problem_number"
            ),
            detail=error.detail,
        )
    places = {candidate.id: place for place, candidate in enumerate(comparison.candidates)}
    return render(
        request,
        "desk/compare.html",
        private=True,
        comparison=comparison,
        totals=[candidate.total for candidate in comparison.candidates],
        groups=[
            GroupView([places[each] for each in group], _chained(group, comparison))
            for group in comparison.groups
        ],
        pairs=[_pair(pair, comparison) for pair in comparison.pairs],
        right_where_unknown=RIGHT_WHERE_UNKNOWN,
        right_in_doubt=RIGHT_IN_DOUBT,
    )


def _chained(group: Sequence[str], comparison: Comparison) -> bool:
    return any(
        pair.says in ("apart", "likely") and {pair.first, pair.second} <= set(group)
        for pair in comparison.pairs
    )


def _pair(pair: Pair, comparison: Comparison) -> PairView:
    by_id = {candidate.id: candidate for candidate in comparison.candidates}
    first, second = by_id[pair.first], by_id[pair.second]
    if pair.low + pair.high < 0:
        return PairView(first, second, second, first, pair.says, -pair.high, -pair.low)
    return PairView(first, second, first, second, pair.says, pair.low, pair.high)
