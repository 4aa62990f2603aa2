"""The API of the recruiter's list, comparisons and exports. The cookie of a recruiter's log-in is needed."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.desk.comparison import FEWEST, MOST
from app.recruiting.desk.dependencies import Desk, Exports, download
from app.recruiting.desk.exports import Export
from app.recruiting.desk.filters import ListRequest
from app.recruiting.desk.schemas import Comparison, InterviewList

router = APIRouter(
    prefix="/api/v1/recruiting",
    tags=["recruiting"],
    responses={401: {"description": "Nobody is logged in"}},
)

Ids = Annotated[
    list[str],
    Query(max_length=100, description=f"{FEWEST} to {MOST} interview ids: several `ids`, or with commas."),
]


@router.get("/interviews", summary="List interviews")
async def list_interviews(
    desk: Desk, account: Recruiter, wanted: Annotated[ListRequest, Query()]
) -> InterviewList:
    """A page of interviews. `after` and `before` take the cursors `next` and `previous` of another page."""
    return await desk.page(wanted, account)


@router.get(
    "/compare", summary="Compare interviews", responses={404: {"description": "An id of no interview"}}
)
async def compare_interviews(desk: Desk, account: Recruiter, ids: Ids = []) -> Comparison:  # noqa: B006
    """Two to five interviews on the questions they share, with the uncertainty of every score."""
    return await desk.compare(ids, account)


@router.post(
    "/exports",
    summary="Export interviews",
    dependencies=SAME_ORIGIN,
    response_class=StreamingResponse,
    responses={200: {"description": "The file: CSV with a byte order mark, XLSX, or JSON Lines"}},
)
async def export_interviews(exports: Exports, account: Recruiter, wanted: Export) -> StreamingResponse:
    """The interviews of `ids`, or all that the filters leave, oldest first.

    JSON Lines hold transcripts, cards, overrides, the history of the scores and disputes.
    """
    return download(await exports.open(wanted, account))
