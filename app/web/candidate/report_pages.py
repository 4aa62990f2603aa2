"""The candidate's report: read, take along, practise again, dispute."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.db.tables import Interview
from app.dependencies import SAME_ORIGIN
from app.errors import AppError, BadInputError, NotFoundError
from app.interviews.dependencies import Access, Disputes, Interviews, Practices, remember_interview
from app.web.rendering import SECURITY_HEADERS, language_of, render, wording_of
from app.web.routing import PageRoute
from app.web.scores.charts import competencies_in_words, progress_in_words
from app.web.scores.report_markdown import report_markdown
from app.web.scores.report_pdf import report_pdf
from app.web.scores.report_view import ReportView, outcome_of, report_view

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@dataclass(frozen=True)
class RefusedDispute:
    """A dispute that was not taken, as its form shows it again."""

    number: int
    point: str
    text: str
    message: str


@router.get("/interviews/{interview_id}/report")
async def report(request: Request, interview: Access, service: Interviews, practices: Practices) -> Response:
    """The score card, readable without scripts."""
    return await _page(request, interview, service, practices)


@router.get("/interviews/{interview_id}/report.md")
async def markdown(
    request: Request, interview: Access, service: Interviews, practices: Practices
) -> Response:
    """The report as a Markdown file."""
    view = await _released(interview, service, practices)
    text = report_markdown(view, interview, wording_of(request))
    return _file(text.encode(), "text/markdown; charset=utf-8", interview, "md")


@router.get("/interviews/{interview_id}/report.pdf")
async def pdf(request: Request, interview: Access, service: Interviews, practices: Practices) -> Response:
    """The report as a PDF file."""
    view = await _released(interview, service, practices)
    made = await report_pdf(view, interview, wording_of(request), language_of(request))
    return _file(made, "application/pdf", interview, "pdf")


@router.post("/interviews/{interview_id}/judge-again", dependencies=SAME_ORIGIN)
async def judge_again(interview: Access, service: Interviews) -> Response:
    """Judge what could not be judged, then show the report."""
    await service.judge_again(interview.id)
    return RedirectResponse(f"/interviews/{interview.id}/report", 303)


@router.post("/interviews/{interview_id}/again", dependencies=SAME_ORIGIN)
async def again(
    request: Request,
    interview: Access,
    service: Interviews,
    practices: Practices,
    numbers: Annotated[list[int], Form()] = [],  # noqa: B006
) -> Response:
    """A new practice of the chosen questions."""
    if not numbers:
        raise BadInputError(wording_of(request)("report.again_none"))
    plan, terms = await practices.plan_retake(interview, numbers)
    created = await service.create_planned(plan, terms, {"again": sorted(set(numbers))})
    response = RedirectResponse(f"/interviews/{created.id}", 303)
    remember_interview(request, response, created.id, created.token)
    return response


@router.post("/interviews/{interview_id}/disputes", dependencies=SAME_ORIGIN)
async def dispute(
    request: Request,
    interview: Access,
    service: Interviews,
    practices: Practices,
    disputes: Disputes,
    number: Annotated[int, Form()],
    point: Annotated[str, Form(max_length=80)],
    reason: Annotated[str, Form()] = "",
) -> Response:
    """Object to the verdict on one point; what can't be taken is shown again with its words kept."""
    try:
        await disputes.open(interview, number, point, reason)
    except AppError as error:
        t = wording_of(request)
        key = f"report.dispute.problem.{error.code}"
        message = t(key if key in t else "report.dispute.problem.other")
        refused = RefusedDispute(number, point, reason[:2000], message)
        return await _page(request, interview, service, practices, refused, error.status)
    return RedirectResponse(f"/interviews/{interview.id}/report#point-q{number}-{point}", 303)


async def _gather(interview: Interview, interviews: Interviews, practices: Practices) -> ReportView:
    """The report as its candidate may see it, with what changed since an earlier try and the way so far."""
    seen = await interviews.view(interview)
    report = await interviews.report(interview.id)
    if not report.released or interview.mode != "practice":
        return report_view(report, seen.transcript)
    change, past = await practices.change(interview, report), await practices.past(interview)
    return report_view(report, seen.transcript, change, past)


async def _page(
    request: Request,
    interview: Interview,
    service: Interviews,
    practices: Practices,
    problem: RefusedDispute | None = None,
    status_code: int = 200,
) -> Response:
    view = await _gather(interview, service, practices)
    t = wording_of(request)
    return render(
        request,
        "candidate/report.html",
        status_code=status_code,
        private=problem is not None,
        interview=interview,
        view=view,
        problem=problem,
        outcome_of=outcome_of,
        competencies_in_words=competencies_in_words(t, view.report),
        progress_in_words=progress_in_words(t, view.past),
    )


async def _released(interview: Interview, service: Interviews, practices: Practices) -> ReportView:
    view = await _gather(interview, service, practices)
    if not view.report.released:
        raise NotFoundError("there is no report to take along yet", hint="Open the report's page.")
    return view


def _file(content: bytes, media_type: str, interview: Interview, ending: str) -> Response:
    name = f"interview-{interview.created_at:%Y-%m-%d}-{interview.id[:8]}.{ending}"
    headers = {
        **SECURITY_HEADERS,
        "Cache-Control": "private, no-store",
        "Content-Disposition": f'attachment; filename="{name}"',
    }
    return Response(content, media_type=media_type, headers=headers)
