"""A person's practices: how one compares with the one before, how they went so far, what to take again."""

from collections.abc import Mapping, Sequence

from app.db.engine import Database
from app.db.tables import Interview, InterviewQuestion, now
from app.errors import BadInputError, NotFoundError
from app.interviews.planning.plan import Plan, PlannedQuestion
from app.interviews.planning.planner import Terms
from app.interviews.practice.changes import Change, changes
from app.interviews.practice.repository import PastPractice, PastPractices
from app.interviews.reports.report import load_report
from app.interviews.repository import Interviews
from app.interviews.schemas import Report

WEAK_BELOW = 0.75
"""A question with less than this share of its marks is worth practising again."""


class PracticeService:
    """Reads and plans practices. Every method opens its own short transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def change(self, interview: Interview, report: Report) -> Change | None:
        """What changed since the try that this practice repeats; None where it repeats none of theirs."""
        if interview.again_of is None:
            return None
        async with self._database.reading() as session:
            earlier = await Interviews(session).get(interview.again_of)
            # It may have been deleted, and nobody is shown a stranger's practice.
            if earlier is None or earlier.person_id != interview.person_id:
                return None
            return changes(report, await load_report(session, earlier.id, full=False))

    async def past(self, interview: Interview) -> list[PastPractice]:
        """The person's practices of the same bank, oldest first."""
        if interview.person_id is None:
            return []
        async with self._database.reading() as session:
            return await PastPractices(session).of(interview.person_id, interview.bank_id)

    async def plan_retake(self, interview: Interview, numbers: Sequence[int]) -> tuple[Plan, Terms]:
        """A practice of these questions of an earlier practice, for the same person and on the same terms.

        Raises `NotFoundError` for an assessment, whose questions are not for practising, and `BadInputError`
        for no question or one it did not have.
        """
        if interview.mode != "practice":
            raise NotFoundError("only a practice can be repeated", hint="Start a practice of your own.")
        async with self._database.reading() as session:
            rows = await Interviews(session).questions(interview.id)
        return _retake(interview, rows, numbers)


def weak_questions(report: Report) -> list[int]:
    """Numbers of the questions to practise again: asked, and short of `WEAK_BELOW`; not those unscored."""
    return [
        question.number
        for question in report.questions
        if question.score is not None and question.score < WEAK_BELOW * question.max_score
    ]


def _retake(
    interview: Interview, rows: Mapping[int, InterviewQuestion], numbers: Sequence[int]
) -> tuple[Plan, Terms]:
    missing = [number for number in numbers if number not in rows]
    if missing or not numbers:
        raise BadInputError(
            f"numbers: the interview has no question {missing[0]}" if missing else "numbers: none was chosen",
            hint="Choose questions of the report.",
        )
    settings = interview.settings
    plan = Plan(
        bank_id=interview.bank_id,
        title=interview.bank_title,
        version=interview.bank_version,
        role=settings["role"],
        language=settings["bank_language"],
        written_in=settings.get("written_in", ""),
        competencies=settings["competencies"],
        questions=[_planned(interview, rows[number]) for number in sorted(set(numbers))],
    )
    terms = Terms(
        mode="practice",
        follow_ups=settings["follow_ups"],
        minutes=settings["minutes"],
        retention_days=settings.get("retention_days"),
        person_id=interview.person_id,
        candidate_name=interview.candidate_name,
        consented_at=now(),
        again_of=interview.id,
    )
    return plan, terms


def _planned(interview: Interview, row: InterviewQuestion) -> PlannedQuestion:
    return PlannedQuestion.model_validate(
        {
            "bank_id": row.bank_id or interview.bank_id,
            "bank_version": row.bank_version or interview.bank_version,
            "section_title": row.section,
            "question": row.question,
        }
    )
