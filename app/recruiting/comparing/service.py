"""Interviews side by side, as one account may see them."""

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.tables import Account, Interview
from app.errors import BadInputError
from app.interviews.repository import Interviews, missing
from app.recruiting.comparing.repository import ComparedInterviews
from app.recruiting.comparing.schemas import Comparison
from app.recruiting.desk.comparison import Sheet, compare
from app.recruiting.reviews.blindness import hidden_from

FEWEST, MOST = 2, 5


class NotComparableError(BadInputError):
    """Too few or too many interviews were chosen."""

    title = "These can't be compared"


class ComparisonService:
    """Compares interviews."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def read(self, account: Account, wanted: Sequence[str]) -> Comparison:
        """The comparison of two to five interviews, in the order `wanted`; an id may be several, with commas.

        Raises `NotComparableError` for another number of them, `NotFoundError` for an id of no interview.
        """
        ids = list(dict.fromkeys(part.strip() for each in wanted for part in each.split(",") if part.strip()))
        if not FEWEST <= len(ids) <= MOST:
            raise NotComparableError(
                f"ids: {len(ids)} different interviews were chosen, {FEWEST} to {MOST} can be compared",
                hint="Choose them in the list of interviews.",
            )
        async with self._database.reading() as session:
            found = await ComparedInterviews(session).found(ids)
            unknown = [interview_id for interview_id in ids if interview_id not in found]
            if unknown:
                raise missing(*unknown)
            hidden = await hidden_from(session, account.id, ids)
            names = await ComparedInterviews(session).invited_names(ids)
            sheets = [
                await _sheet(session, found[each], names.get(each), hidden=each in hidden) for each in ids
            ]
        return compare(sheets)


async def _sheet(session: AsyncSession, interview: Interview, invited: str | None, *, hidden: bool) -> Sheet:
    interviews = Interviews(session)
    return Sheet(
        interview=interview,
        questions=await interviews.questions(interview.id),
        cards={} if hidden else await interviews.effective_cards(interview.id),
        name=None if hidden else interview.candidate_name or invited,
        hidden=hidden,
    )
