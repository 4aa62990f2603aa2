"""A person's practices: how one compares with the one before, how they went so far, the next one."""

from collections.abc import Sequence

from app.db.engine import Database
from app.db.tables import Interview
from app.interviews.planning.plan import Plan
from app.interviews.planning.planner import Terms
from app.interviews.practice.changes import Change, changes
from app.interviews.practice.repository import PastPractice, PastPractices
from app.interviews.practice.retake import plan_retake
from app.interviews.reports.report import load_report
from app.interviews.repository import Interviews
from app.interviews.schemas import Report


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
        """A practice of these questions of an earlier one. Raises `NotFoundError`, `BadInputError`."""
        async with self._database.reading() as session:
            return await plan_retake(session, interview, numbers)
