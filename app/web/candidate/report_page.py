"""What the candidate's report needs, read from the slices and put into words once for all its forms."""

from collections.abc import Sequence

from app.db.tables import Interview
from app.interviews.practice.repository import PastPractice
from app.interviews.practice.service import PracticeService
from app.interviews.schemas import Report
from app.interviews.service import InterviewService
from app.web.rendering import percent
from app.web.scores.report_view import ReportView, report_view
from app.web.wording import Wording


async def gather(
    interview: Interview, interviews: InterviewService, practices: PracticeService
) -> ReportView:
    """The report as its candidate may see it, with what changed since an earlier try and the way so far."""
    seen = await interviews.view(interview)
    report = await interviews.report(interview.id)
    if not report.released or interview.mode != "practice":
        return report_view(report, seen.transcript)
    change, past = await practices.change(interview, report), await practices.past(interview)
    return report_view(report, seen.transcript, change, past)


def competencies_in_words(t: Wording, report: Report) -> str:
    """What the radar shows."""
    return _listed(t, [(each.title, percent(each.score)) for each in report.competencies])


def progress_in_words(t: Wording, past: Sequence[PastPractice]) -> str:
    """What the line of past practices shows."""
    return _listed(t, [(each.at.strftime("%Y-%m-%d"), percent(each.share)) for each in past])


def _listed(t: Wording, values: Sequence[tuple[str, str]]) -> str:
    return "; ".join(t("report.progress.words", name=name, share=share) for name, share in values)
