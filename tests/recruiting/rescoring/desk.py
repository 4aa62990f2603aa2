"""A house with re-scoring, and a database that fails when a test says so."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import repeat
from typing import cast

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.tables import Account
from app.errors import StorageError
from app.llm.base import ChatModel
from app.recruiting.rescoring.schemas import RunView
from app.recruiting.rescoring.scorers import ScorerSource
from app.recruiting.rescoring.service import RescoringService
from app.recruiting.rescoring.workflow import DurableRescoring
from app.scoring.judges.judgement_cache import DatabaseJudgements
from app.scoring.scorer import Scorer
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import House, open_house


class FailingDatabase(Database):
    """Each of its transactions takes the next of `faults`, and succeeds when that is empty.

    `before`: nothing was done. `within`: all was done and is rolled back. `after`: it was committed, which
    whoever asked never learns.
    """

    def __init__(self, database: Database, faults: Iterator[str] | None = None) -> None:
        super().__init__(database.engine)
        self.faults = faults or repeat("")
        self.failed = 0

    @asynccontextmanager
    async def session(self) -> AsyncIterator[AsyncSession]:
        fault = self._next()
        async with super().session() as session:
            yield session
            if fault == "within":
                await session.flush()
                raise OperationalError("INSERT", None, sqlite3.OperationalError("disk I/O error"))
        if fault == "after":
            raise StorageError("the connection was lost", hint="Try again.")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[AsyncSession]:
        fault = self._next()
        async with super().reading() as session:
            yield session
        if fault:
            raise StorageError("the connection was lost", hint="Try again.")

    def _next(self) -> str:
        fault = next(self.faults)
        self.failed += bool(fault)
        if fault == "before":
            raise StorageError("the database can't be reached", hint="Try again.")
        return fault


@dataclass
class Desk:
    """A house with re-scoring, and who asks for it; `database` is the one that runs work with."""

    house: House
    rescoring: RescoringService
    account: Account
    database: FailingDatabase

    async def ended(self, run: RunView) -> RunView:
        """The run as soon as it no longer runs."""

        async def ended() -> RunView:
            while (view := await self.rescoring.get(run.id)).status == "running":
                await asyncio.sleep(0.01)
            return view

        return await asyncio.wait_for(ended(), 60)

    async def judging(self, interviews: int = 1) -> None:
        """Wait until the scorer has been given so many interviews."""

        async def given() -> None:
            while len(self.house.scorer.answers) < interviews:
                await asyncio.sleep(0.01)

        await asyncio.wait_for(given(), 60)

    async def at_rest(self) -> None:
        """Wait until no run is worked on."""

        async def rested() -> None:
            while self.rescoring.at_work:
                await asyncio.sleep(0.01)

        await asyncio.wait_for(rested(), 60)


@asynccontextmanager
async def open_desk(settings: Settings, questions: QuestionIndex) -> AsyncIterator[Desk]:
    """Start the house and its re-scoring."""
    opened: list[tuple[RescoringService, FailingDatabase]] = []

    def before(house: House) -> None:
        store = DatabaseJudgements(house.database)
        own = cast(Scorer, house.scorer)
        model = cast(ChatModel, ScriptedLLM())
        scorers = ScorerSource(settings, own, model, None, store, lambda _: None)
        database = FailingDatabase(house.database)
        runs = DurableRescoring(house.workflows, database, scorers)
        service = RescoringService(house.database, scorers, runs)
        opened.append((service, database))

    async with open_house(settings, questions, before=before) as house:
        service, database = opened[0]
        async with house.database.session() as session:
            account = await session.merge(Account(id="a" * 32, name="reviewer", password_hash="none"))
        yield Desk(house, service, account, database)
