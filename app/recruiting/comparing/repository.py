"""All queries of the comparison besides those of the interviews themselves."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, Invite


class ComparedInterviews:
    """What a comparison reads, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def found(self, interview_ids: Sequence[str]) -> dict[str, Interview]:
        """Those of the interviews that exist, by id."""
        rows = await self._session.scalars(select(Interview).where(Interview.id.in_(interview_ids)))
        return {row.id: row for row in rows}

    async def invited_names(self, interview_ids: Sequence[str]) -> dict[str, str]:
        """The names on the invites, by interview."""
        query = select(Invite.interview_id, Invite.name).where(
            Invite.interview_id.in_(interview_ids), Invite.name != ""
        )
        return {str(interview_id): name for interview_id, name in await self._session.execute(query)}
