import asyncio
import multiprocessing
from pathlib import Path

import pytest

from app.authoring.drafts import keep_draft
from app.banks.library import BankLibrary
from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.llm.prompts import PromptLibrary
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.authoring.desk import Desk
from tests.authoring.killable import STEPS, publish_and_die
from tests.authoring.making import small_draft
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import LetterEmbedder
from tests.waiting import PATIENCE_SECONDS

BANK = "zai-xian-ke-fu"


@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_on_the_way_leaves_a_draft_or_a_version_that_serves(
    settings: Settings, banks_dir: Path, step: str
) -> None:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(create_engine(settings.async_database_url))
    await upgrade(database.engine)
    draft_id = await keep_draft(database, BankLibrary({}), "questions.txt", small_draft())

    child = multiprocessing.get_context("forkserver").Process(
        target=publish_and_die, args=(str(settings.data_dir), str(banks_dir), draft_id, 1, step)
    )
    child.start()
    await asyncio.to_thread(child.join, PATIENCE_SECONDS)
    assert child.exitcode == -9

    index = QuestionIndex(settings, LetterEmbedder())
    desk = Desk(settings, database, index, ScriptedLLM(), PromptLibrary(settings.prompts_dir))
    try:
        await desk.catalogue.open()
        seen = await desk.drafts.get(draft_id)
        if step in ("assembled", "before the commit"):
            assert (seen.status, seen.revision, seen.published_version) == ("open", 1, None)
            assert list(desk.library.banks) == []
            assert (await desk.drafts.publish(draft_id, None, 1)).version == "1.0.0"
            await desk.catalogue.open()
            seen = await desk.drafts.get(draft_id)
        assert (seen.status, seen.published_version, seen.job) == ("published", "1.0.0", None)
        assert desk.library.get(BANK).version == "1.0.0"
        entries = index.corpus().entries
        assert len(entries) == 3
        keys = [int(key) for key in entries.keys["questions"]]
        assert set(index.vectors("questions", keys)) == set(keys)
    finally:
        await desk.close()
        index.close()
        await database.close()
