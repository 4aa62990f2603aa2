"""The API of the trust figures."""

from typing import Annotated

from fastapi import APIRouter, Query

from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.trust.dependencies import Trust
from app.recruiting.trust.schemas import TrustReport
from app.recruiting.trust.service import BUCKETS, DEFAULT_DAYS

router = APIRouter(prefix="/api/v1/recruiting", tags=["recruiting"])

Days = Annotated[int, Query(description=f"One of {', '.join(map(str, BUCKETS))}.")]


@router.get(
    "/trust", summary="How far scores deserve trust", responses={401: {"description": "Not logged in"}}
)
async def trust(account: Recruiter, figures: Trust, days: Days = DEFAULT_DAYS) -> TrustReport:
    """Agreement of people and scorer, calibration, drift, disputes, and what interviews took."""
    return await figures.report(days)
