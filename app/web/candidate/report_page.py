"""What the candidate's report needs, read from the slices and put into words once for all its forms."""

from collections.abc import Sequence

from starlette.requests import Request

from app.db.engine import Database
from app.db.tables import Interview
from app.interviews.practice.changes import Change, changes
from app.interviews.practice.progress import PastPractice, PastPractices
from app.interviews.reports.report import load_report
from app.interviews.repository import Interviews
from app.interviews.schemas import Report
from app.interviews.service import InterviewService
from app.web.rendering import percent
from app.web.scores.report_view import ReportView, report_view
from app.web.wording import Wording


async def gather(request: Request, interview: Interview, service: InterviewService) -> ReportView:
    """The report as its candidate may see it, with what changed since an earlier try and the way so far."""
    database: Database = request.app.state.database
    seen = await service.view(interview)
    report = await service.report(interview.id)
    if not report.released or interview.mode != "practice":
        return report_view(report, seen.transcript)
    return report_view(
        report,
        seen.transcript,
        await _change(database, interview, report),
        await _past(database, interview),
    )


async def _change(database: Database, interview: Interview, report: Report) -> Change | None:
    if interview.again_of is None:
        return None
    async with database.reading() as session:
        earlier = await Interviews(session).get(interview.again_of)
        # It may have been deleted, and nobody is shown a stranger's practice.
        if earlier is None or earlier.person_id != interview.person_id:
            return None
        before = await load_report(session, earlier.id, full=False)
    return changes(report, before)


async def _past(database: Database, interview: Interview) -> list[PastPractice]:
    if interview.person_id is None:
        return []
    async with database.reading() as session:
        return await PastPractices(session).of(interview.person_id, interview.bank_id)


def competencies_in_words(t: Wording, report: Report) -> str:
    """What the radar shows."""
    return _listed(t, [(each.title, percent(each.score)) for each in report.competencies])


def progress_in_words(t: Wording, past: Sequence[PastPractice]) -> str:
    """What the line of past practices shows."""
    return _listed(t, [(each.at.strftime("%Y-%m-%d"), percent(each.share)) for each in past])


def _listed(t: Wording, values: Sequence[tuple[str, str]]) -> str:
    return "; ".join(t("report.progress.words", name=name, share=share) for name, share in values)
