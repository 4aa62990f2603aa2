import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db.engine import Database, create_engine
from app.db.opening import open_database
from app.db.tables import JudgementRow
from app.llm.prompts import PromptLibrary
from app.scoring.judges.judge import Judgement
from app.scoring.judges.judgement_cache import DatabaseJudgements
from app.scoring.rubric import AnswerPart, Item
from app.scoring.scorer import build_scorer
from app.settings import Settings
from tests.fakes.scripted import ScriptedLLM
from tests.waiting import driver_threads, until

KEPT = [Judgement(0.5, 2 / 3, ("先道歉 🙂",), True), Judgement(0.0)]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Database]:
    """An empty database of each kind."""
    if request.param == "postgres":
        settings = settings.model_copy(update={"database_url": request.getfixturevalue("postgres_url")})
    async with open_database(settings) as database:
        yield database


async def test_judgements_come_back_as_they_were_kept(database: Database) -> None:
    store = DatabaseJudgements(database)
    assert await store.get("a" * 64) is None
    await store.put("a" * 64, KEPT)
    assert await store.get("a" * 64) == KEPT


async def test_what_is_kept_stays_as_it_is(database: Database) -> None:
    store = DatabaseJudgements(database)
    await store.put("a", KEPT)
    await asyncio.gather(*(store.put("a", [Judgement(1.0)]) for _ in range(4)))
    assert await store.get("a") == KEPT


async def test_a_row_that_cannot_be_read_is_judged_anew(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    async with database.session() as session:
        session.add(JudgementRow(key="a", judgements=[{"credit": "full"}]))
    assert await DatabaseJudgements(database).get("a") is None
    assert "can't be read" in caplog.text


async def test_a_database_that_refuses_costs_no_score(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    before = driver_threads()
    database = Database(create_engine(f"sqlite+aiosqlite:///{tmp_path / 'missing' / 'test.db'}"))
    store = DatabaseJudgements(database)
    assert await store.get("a") is None
    await store.put("a", KEPT)
    assert "not looked up" in caplog.text
    assert "not kept" in caplog.text
    await database.close()
    await until(lambda: driver_threads() <= before)


async def test_scoring_a_second_time_asks_no_model(
    database: Database, settings: Settings, prompts: PromptLibrary, complaint: Item
) -> None:
    hit = '{"quotes": ["先向您道歉"], "verdict": "hit"}'
    llm = ScriptedLLM(hit, '{"quotes": [], "verdict": "miss"}', hit)
    scorer = build_scorer(settings, llm, prompts, store=DatabaseJudgements(database))
    first = await scorer.score(complaint, [AnswerPart(2, "我会先向您道歉。")])
    again = build_scorer(settings, ScriptedLLM(), prompts, store=DatabaseJudgements(database))
    second = await again.score(complaint, [AnswerPart(2, "我会先向您道歉。")])
    assert first.status == "scored"
    assert second == first
    assert len(llm.history) == 3


async def test_what_failed_is_asked_for_again(
    database: Database, settings: Settings, prompts: PromptLibrary, complaint: Item
) -> None:
    miss = '{"quotes": [], "verdict": "miss"}'
    llm = ScriptedLLM(miss, "抱歉，我不能评分", miss)
    scorer = build_scorer(settings, llm, prompts, store=DatabaseJudgements(database))
    assert (await scorer.score(complaint, [AnswerPart(2, "我会先向您道歉。")])).status == "not_scored"
    llm.enqueue(miss, miss, miss)
    assert (await scorer.score(complaint, [AnswerPart(2, "我会先向您道歉。")])).status == "scored"
