"""How far the scores deserve trust: agreement with people, calibration, drift, disputes, speed and cost."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.trust import drift
from app.recruiting.trust.dependencies import Trust
from app.recruiting.trust.service import BUCKETS, DEFAULT_DAYS
from app.recruiting.trust.verdicts import ENOUGH, ENOUGH_FOR_ROW, ENOUGH_TO_CALIBRATE
from app.web.desk.trust_charts import PANEL_HEIGHT, PANEL_WIDTH, SIZE, panels, reliability
from app.web.rendering import render
from app.web.routing import DeskRoute

ROWS = 15
"""Rows of a table on the page; the download holds all."""

router = APIRouter(prefix="/recruiter/trust", route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def trust(request: Request, account: Recruiter, figures: Trust, days: int = DEFAULT_DAYS) -> Response:
    """The figures of a period. Raises `BadInputError`."""
    report = await figures.report(days)
    return render(
        request,
        "desk/trust.html",
        private=True,
        report=report,
        periods=list(BUCKETS),
        rows=ROWS,
        reliability=reliability(report.calibration),
        scorers=panels(report.drift, report.drift.scorers),
        banks=panels(report.drift, report.drift.banks),
        size=SIZE,
        panel_width=PANEL_WIDTH,
        panel_height=PANEL_HEIGHT,
        enough=ENOUGH,
        enough_for_row=ENOUGH_FOR_ROW,
        enough_to_calibrate=ENOUGH_TO_CALIBRATE,
        fewest_in_drift=drift.FEWEST,
    )


@router.get("/agreement.csv")
async def agreement_csv(account: Recruiter, figures: Trust, days: int = DEFAULT_DAYS) -> Response:
    """The tables of agreement, complete. Raises `BadInputError`."""
    table = await figures.agreement_table(account, days)
    return Response(
        table,
        media_type="text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="agreement-{days}-days.csv"',
            "Cache-Control": "no-store",
        },
    )
