"""The API of comparing interviews."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.comparing.dependencies import Comparisons
from app.recruiting.comparing.schemas import Comparison
from app.recruiting.comparing.service import FEWEST, MOST

router = APIRouter(prefix="/api/v1/recruiting", tags=["recruiting"])

Ids = Annotated[
    list[str],
    Query(max_length=100, description=f"{FEWEST} to {MOST} interview ids: several `ids`, or with commas."),
]


@router.get(
    "/compare",
    summary="Compare interviews",
    responses={401: {"description": "Not logged in"}, 404: {"description": "An id of no interview"}},
)
async def compare_interviews(account: Recruiter, comparisons: Comparisons, ids: Ids = []) -> Comparison:  # noqa: B006
    """Two to five interviews on the questions they share, with the uncertainty of every score."""
    return await comparisons.read(account, ids)
