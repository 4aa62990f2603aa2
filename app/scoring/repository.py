"""The queries of kept judgements."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import JudgementRow, JudgementUse


class Judgements:
    """The judgements kept, and which interviews use them, inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, key: str) -> list[Any] | None:
        """The judgements under `key` as plain JSON values, or None."""
        row = await self._session.get(JudgementRow, key)
        return None if row is None else row.judgements

    async def is_used(self, key: str, interview_id: str) -> bool:
        """Whether it is noted that the interview uses them."""
        return await self._session.get(JudgementUse, (key, interview_id)) is not None

    async def add(self, key: str, judgements: Sequence[Any], interview_id: str | None) -> None:
        """Keep them, for an interview if given. Raises `IntegrityError` for a key that is there already."""
        self._session.add(JudgementRow(key=key, judgements=list(judgements)))
        await self._session.flush()
        if interview_id is not None:
            self._session.add(JudgementUse(key=key, interview_id=interview_id))

    async def note_use(self, key: str, interview_id: str) -> None:
        await self._session.merge(JudgementUse(key=key, interview_id=interview_id))
