"""A process that publishes a draft and kills itself on the way."""

import asyncio
import os
import signal
from collections.abc import Callable
from typing import Any

from app.authoring import publishing
from app.authoring.catalogue import Catalogue
from app.authoring.repository import Versions
from app.banks.library import BankLibrary
from app.db.engine import Database, create_engine
from app.llm.prompts import PromptLibrary
from app.search.entry_vectors import Progress, SyncReport
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.authoring.desk import Desk
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import LetterEmbedder

STEPS = ("assembled", "before the commit", "committed", "indexing", "indexed")


def publish_and_die(folder: str, banks_dir: str, draft_id: str, revision: int, step: str) -> None:
    """The body of the child; it never returns."""
    settings = Settings(_env_file=None, data_dir=folder, banks_dir=banks_dir)  # type: ignore[call-arg]
    _set_trap(step)
    asyncio.run(_publish(settings, draft_id, revision))


async def _publish(settings: Settings, draft_id: str, revision: int) -> None:
    database = Database(create_engine(settings.async_database_url))
    index = QuestionIndex(settings, LetterEmbedder())
    desk = Desk(settings, database, index, ScriptedLLM(), PromptLibrary(settings.prompts_dir))
    await desk.catalogue.open()
    desk.catalogue.start()
    published = await desk.drafts.publish(draft_id, None, revision)
    await desk.serves(published.number)


def _die(*_: object, **__: object) -> Any:
    os.kill(os.getpid(), signal.SIGKILL)


def _after(does: Callable[..., Any]) -> Callable[..., Any]:
    async def dies(*args: Any, **more: Any) -> None:
        await does(*args, **more)
        _die()

    return dies


def _set_trap(step: str) -> None:
    match step:
        case "assembled":
            publishing.difference = _die
        case "before the commit":
            Versions.add = _after(Versions.add)  # type: ignore[method-assign]
        case "committed":
            Catalogue.wake = _die  # type: ignore[method-assign]
        case "indexing" | "indexed":
            _trap_sync(at_once=step == "indexing")


def _trap_sync(*, at_once: bool) -> None:
    """Die when the index brings in the first vectors, or when it has brought in all; opening brings none."""
    sync = QuestionIndex.sync

    def dies(index: QuestionIndex, library: BankLibrary, progress: Progress | None = None) -> SyncReport:
        report = sync(index, library, _die if at_once else progress)
        if library.banks:
            _die()
        return report

    QuestionIndex.sync = dies  # type: ignore[method-assign]
