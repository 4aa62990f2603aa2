"""All queries of the processes that serve."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Executor, now


class Executors:
    """The processes that serve, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def seen(self, executor_id: str, host: str, pid: int) -> None:
        """Note that an executor lives now."""
        await self._session.merge(Executor(id=executor_id, host=host, pid=pid, seen_at=now()))

    async def all(self) -> list[Executor]:
        return list(await self._session.scalars(select(Executor)))

    async def remove(self, executor_ids: Sequence[str]) -> None:
        await self._session.execute(delete(Executor).where(Executor.id.in_(executor_ids)))
