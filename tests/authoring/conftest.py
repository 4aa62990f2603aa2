from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from app.authoring.service import DraftService
from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.llm.prompts import PromptLibrary
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.authoring.desk import Desk
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import LetterEmbedder
from tests.search.conftest import e5, embedder, open_index  # noqa: F401

OpenDesk = Callable[..., Awaitable[Desk]]


@pytest.fixture
def banks_dir(tmp_path: Path) -> Path:
    """The folder of bank files, empty."""
    folder = tmp_path / "knowledge"
    folder.mkdir()
    return folder


@pytest.fixture
def settings(settings: Settings, banks_dir: Path) -> Settings:
    return settings.model_copy(update={"banks_dir": banks_dir})


@pytest.fixture
async def open_desk(settings: Settings) -> AsyncIterator[OpenDesk]:
    """Opens one process after the other, or several, on the same database; closed at the end."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    async with AsyncExitStack() as stack:
        opened = 0

        async def open_(url: str | None = None) -> Desk:
            nonlocal opened
            opened += 1
            # An embedded index has one process: each gets its own.
            own = settings.model_copy(update={"data_dir": settings.data_dir / f"process-{opened}"})
            own.data_dir.mkdir(exist_ok=True)
            database = Database(create_engine(url or settings.async_database_url))
            stack.push_async_callback(database.close)
            await upgrade(database.engine)
            index = QuestionIndex(own, LetterEmbedder())
            stack.callback(index.close)
            desk = Desk(own, database, index, ScriptedLLM(), PromptLibrary(settings.prompts_dir))
            stack.push_async_callback(desk.close)
            await desk.catalogue.open()
            desk.catalogue.start()
            return desk

        yield open_


@pytest.fixture
async def desk(open_desk: OpenDesk) -> Desk:
    return await open_desk()


@pytest.fixture
def drafts(desk: Desk) -> DraftService:
    return desk.drafts
