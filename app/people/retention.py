"""What is kept only for a while: a background sweep deletes it when its time has come."""

import logging
from collections import Counter
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from app.background import PeriodicJob
from app.db.audit import SYSTEM, audit
from app.db.engine import Database
from app.db.tables import Interview, now
from app.people.erasure import Eraser, erase
from app.people.repository.deletions import Expired
from app.settings import Settings

log = logging.getLogger("interviewer.retention")

SWEEP_EVERY_SECONDS = 3600.0
# Interviews a transaction: others may write between two.
BATCH = 50


def due_at(interview: Interview, settings: Settings) -> datetime | None:
    """When the interview is deleted: as its template said, else as the installation says now; None: never.

    The time counts from the end; of an interview that was never ended, from when its token expires.
    """
    if interview.delete_after is not None:
        return interview.delete_after
    if settings.retention_days is None:
        return None
    return (interview.ended_at or interview.expires_at) + timedelta(days=settings.retention_days)


class Retention:
    """Sweeps at start and every hour. Several processes may: each takes what no other is at."""

    def __init__(self, database: Database, eraser: Eraser, settings: Settings) -> None:
        self._database = database
        self._eraser = eraser
        self._settings = settings
        self._sweeping = PeriodicJob(
            "deleting what is due", SWEEP_EVERY_SECONDS, self._sweep_due, at_once=True
        )

    def start(self) -> None:
        """Sweep in the background from now on."""
        self._sweeping.start()

    async def close(self) -> None:
        """Stop; a batch under way is undone or complete."""
        await self._sweeping.close()

    async def _sweep_due(self) -> None:
        await self.sweep()

    async def sweep(self, at: datetime | None = None) -> Counter[str]:
        """Delete what is due at the time `at`, by default now; how many rows of which kind."""
        at = at or now()
        deleted: Counter[str] = Counter()
        while batch := await self._sweep_interviews(at):
            deleted["interviews"] += batch
        async with self._database.session() as session:
            deleted.update(await self._sweep_rest(session, at))
            if rest := {kind: n for kind, n in deleted.items() if n and kind != "interviews"}:
                audit(session, SYSTEM, "retention.sweep", "", **rest)
        deleted = +deleted
        if deleted:
            self._eraser.overwriter.note()
            log.info("retention deleted %s", ", ".join(f"{n} {kind}" for kind, n in deleted.items()))
        await self._eraser.overwriter.overwrite()
        return deleted

    async def _sweep_interviews(self, at: datetime) -> int:
        async with self._database.session() as session:
            due = await Expired(session).interviews(at, self._settings.retention_days, BATCH)
            erased = await erase(session, SYSTEM, due)
            if erased:
                audit(session, SYSTEM, "retention.sweep", interviews=len(erased.interviews))
        await self._eraser.let_go(erased)
        return len(erased.interviews)

    async def _sweep_rest(self, session: AsyncSession, at: datetime) -> dict[str, int]:
        expired, settings = Expired(session), self._settings
        return {
            "invites": await expired.delete_invites(at - timedelta(days=settings.invite_days)),
            "judgements": await expired.delete_judgements(at - timedelta(days=settings.judgement_days)),
            "calls": await expired.blank_calls(at - timedelta(days=settings.judgement_days)),
            "persons": await expired.delete_persons(at - timedelta(days=settings.token_days)),
            "links": await expired.delete_links(at),
        }
