"""The banks that serve: those of the files and those published, kept in step with both and with the index."""

import asyncio
import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from app.authoring.identifiers import version_key
from app.authoring.repository import Versions
from app.background import PeriodicJob
from app.banks.file import BankProblem
from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.db.engine import Database
from app.db.opening import is_there, open_database
from app.db.tables import BankVersion
from app.errors import AppError, StorageError
from app.search.entry_vectors import SyncReport
from app.search.index import QuestionIndex
from app.settings import Settings

log = logging.getLogger("interviewer.banks")

LOOK_EVERY_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 60.0


class _StoppedError(Exception):
    """The service closes while the index is brought in step; the next start goes on."""


class ServedBanks:
    """A published version stands in for the file of the same bank unless the file's version is higher."""

    def __init__(self, files: BankLibrary) -> None:
        self._files = files
        self._published: dict[str, Bank] = {}
        self._unreadable: dict[str, BankProblem] = {}

    def file_bank(self, bank_id: str) -> Bank | None:
        """The bank as its file has it."""
        return self._files.banks.get(bank_id)

    def one(self, bank_id: str, published: Bank | None) -> Bank | None:
        """Which of the published bank and the bank of the file stands."""
        file = self.file_bank(bank_id)
        if file is None or published is None:
            return published or file
        return file if version_key(file.version) > version_key(published.version) else published

    def take(self, row: BankVersion) -> None:
        """Take a publication in, in the place of an earlier one of the same bank."""
        try:
            self._published[row.bank_id] = Bank.model_validate_json(row.bank)
            self._unreadable.pop(row.bank_id, None)
        except ValidationError as error:
            name = f"{row.bank_id} {row.version}"
            message = f"the published version can't be read: {error.errors(include_url=False)[0]['msg']}"
            problem = BankProblem(name, 0, "", message, "publish the bank again")
            self._unreadable[row.bank_id] = problem

    def composed(self) -> BankLibrary:
        """The banks that serve, in the files' order and then in that of publication, and what is wrong.

        A question has one bank: published banks come first, since people are being asked from them.
        """
        files = self._files.banks
        serving: dict[str, Bank] = {}
        for bank_id in [*files, *(name for name in self._published if name not in files)]:
            bank = self.one(bank_id, self._published.get(bank_id))
            if bank is not None:
                serving[bank_id] = bank
        owners: dict[str, str] = {}
        problems = [*self._files.problems, *self._unreadable.values()]
        kept: set[str] = set()
        for bank in sorted(serving.values(), key=lambda bank: bank is not self._published.get(bank.id)):
            names = [question.id for _, question in bank.questions()]
            clash = next((name for name in names if name in owners), None)
            if clash is not None:
                message = f"the question {clash!r} is in the bank {owners[clash]} too"
                problems.append(BankProblem(bank.id, 0, "id", message, "give it its own id"))
                continue
            owners |= dict.fromkeys(names, bank.id)
            kept.add(bank.id)
        return BankLibrary({name: bank for name, bank in serving.items() if name in kept}, problems)


async def served_library(folder: Path, database: Database) -> BankLibrary:
    """The banks that a service with these files and this database serves, without asking its index."""
    serving = ServedBanks(BankLibrary.from_folder(folder, strict=False))
    async with database.reading() as session:
        for row in await Versions(session).newest(above=0):
            serving.take(row)
    return serving.composed()


async def stored_library(settings: Settings) -> BankLibrary:
    """As `served_library`, for commands beside the service; no database is made where there is none."""
    if not is_there(settings):
        return BankLibrary.from_folder(settings.banks_dir, strict=False)
    async with open_database(settings) as database:
        return await served_library(settings.banks_dir, database)


def taken_ids(banks: Mapping[str, Bank], besides: str) -> set[str]:
    """The ids of all questions of the other banks."""
    return {question.id for bank in banks.values() if bank.id != besides for _, question in bank.questions()}


@dataclass(frozen=True)
class Indexing:
    """How far the index is: `done` of `total` texts since `started` (monotonic seconds)."""

    done: int
    total: int
    started: float


class Catalogue:
    """The library that the service reads, and how far the index is with it.

    Every process looks for publications of others; what is new goes into the index first, then into the
    library.
    """

    def __init__(self, folder: Path, database: Database, index: QuestionIndex) -> None:
        self._database = database
        self._index = index
        files = BankLibrary.from_folder(folder, strict=False)
        self.served = ServedBanks(files)
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
            self.served.take(row)
        serving = self.served.composed()
        report = self._index.sync(serving, self._progressed)
        self.library.replace(serving.banks, serving.problems)
        self.number = max([self.number, *(row.number for row in rows)])
        return report

    def _progressed(self, done: int, total: int) -> None:
        if self._closing:
            raise _StoppedError
        if self.indexing is not None:
            self.indexing = Indexing(done, total, self.indexing.started)
