"""The banks that serve: those of the files and those published, kept in step with both and with the index."""

import asyncio
import logging
import time
from dataclasses import dataclass
from pathlib import Path

from app.authoring.catalogue import StandingBanks
from app.authoring.repository import Versions
from app.background import PeriodicJob
from app.banks.library import BankLibrary
from app.db.engine import Database
from app.db.tables import BankVersion
from app.errors import AppError, StorageError
from app.search.entry_vectors import SyncReport
from app.search.index import QuestionIndex

log = logging.getLogger("interviewer.banks")

LOOK_EVERY_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0


class _StoppedError(Exception):
    """The service closes while the index is brought in step; the next start goes on."""


@dataclass(frozen=True)
class Indexing:
    """How far the index is: `done` of `total` texts since `started` (monotonic seconds)."""

    done: int
    total: int
    started: float


class Shelf:
    """Owns the library that the service reads.

    Every process looks for publications of others; what is new goes into the index first, then into the
    library.
    """

    def __init__(self, folder: Path, database: Database, index: QuestionIndex) -> None:
        self._database = database
        self._index = index
        files = BankLibrary.from_folder(folder, strict=False)
        self.standing = StandingBanks(files)
        self._closing = False
        self._looking = PeriodicJob("looking for publications", LOOK_EVERY_SECONDS, self._look)
        self.library = BankLibrary(files.banks, files.problems)
        self.number = 0
        self.indexing: Indexing | None = None
        self.failure: AppError | None = None

    async def open(self) -> SyncReport:
        """Read what is published and bring index and library in step. Raises as `QuestionIndex.sync` does."""
        return await self._refresh()

    def start(self) -> None:
        """Look for publications from now on."""
        self._looking.start()

    async def close(self) -> None:
        """Stop looking; a sync under way stops at its next batch."""
        self._closing = True
        await self._looking.close(finish=True)

    def wake(self) -> None:
        """Look for publications now."""
        self._looking.wake()

    async def _look(self) -> float | None:
        try:
            async with self._database.reading() as session:
                highest = await Versions(session).highest()
            if highest > self.number:
                await self._refresh()
            self.failure = None
        except _StoppedError:
            return None
        except AppError as error:
            if self.failure is None or self.failure.detail != error.detail:
                log.error("published banks can't be taken over yet: %s", error.detail)
            self.failure = error
            return LONGEST_PAUSE_SECONDS / (4 if isinstance(error, StorageError) else 2)
        except Exception:
            log.exception("published banks can't be taken over yet")
            self.failure = AppError("an unexpected error; the log has the details")
            return LONGEST_PAUSE_SECONDS
        return None

    async def _refresh(self) -> SyncReport:
        async with self._database.reading() as session:
            rows = await Versions(session).newest(above=self.number)
        self.indexing = Indexing(0, 0, time.monotonic())
        try:
            return await asyncio.to_thread(self._take_over, rows)
        finally:
            self.indexing = None

    def _take_over(self, rows: list[BankVersion]) -> SyncReport:
        for row in rows:
            self.standing.take(row)
        standing = self.standing.composed()
        report = self._index.sync(standing, self._progressed)
        self.library.replace(standing.banks, standing.problems)
        self.number = max([self.number, *(row.number for row in rows)])
        return report

    def _progressed(self, done: int, total: int) -> None:
        if self._closing:
            raise _StoppedError
        if self.indexing is not None:
            self.indexing = Indexing(done, total, self.indexing.started)
