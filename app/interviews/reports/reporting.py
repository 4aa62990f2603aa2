"""Reads a report from the database."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.errors import NotFoundError
from app.interviews.disputes import Disputes
from app.interviews.reports.report import build_report
from app.interviews.repository import Interviews
from app.interviews.schemas import Report


async def load_report(session: AsyncSession, interview_id: str, *, full: bool) -> Report:
    """The report as its candidate may see it, or all of it if `full`. Raises `NotFoundError`."""
    interviews = Interviews(session)
    interview = await interviews.get(interview_id)
    if interview is None:
        raise NotFoundError(f"there is no interview {interview_id[:40]!r}", hint="Check the address.")
    report = build_report(
        interview,
        await interviews.questions(interview_id),
        await interviews.lines(interview_id),
        await interviews.effective_cards(interview_id),
        full=full,
        disputes=await Disputes(session).of(interview_id),
    )
    return report if interview.consent_withdrawn_at is None else _without_pending(report)


def _without_pending(report: Report) -> Report:
    """The report as it is, with no story waiting to be read."""
    questions = [
        question.model_copy(update={"star": None})
        if question.star is not None and question.star.status == "pending"
        else question
        for question in report.questions
    ]
    return report.model_copy(update={"questions": questions})
