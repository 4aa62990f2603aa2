"""A re-scoring of 500 interviews is killed twice; each is re-scored exactly once."""

import asyncio
import json
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from app.db.engine import Database, create_engine
from app.db.tables import ReplacedCard, RescoredInterview
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint
from tests.interviews.killable import KillableService
from tests.recruiting.rescoring.ended import add_ended, current_cards
from tests.waiting import PATIENCE_SECONDS

INTERVIEWS = 500
KILL_AFTER = (120, 300)
RUNS = "/api/v1/recruiting/rescorings"
MISSED = json.dumps({"points": [{"number": n, "quotes": [], "verdict": "miss"} for n in range(1, 21)]})


@pytest.fixture
def service(tmp_path: Path, fake_endpoint: FakeEndpoint, shipped_index: Path) -> Iterator[KillableService]:
    shutil.copytree(shipped_index, tmp_path / "data")
    fake_endpoint.reply = lambda request: MISSED
    service = KillableService(
        tmp_path,
        {
            "INTERVIEWER_LLM_BASE_URL": fake_endpoint.base_url,
            "INTERVIEWER_LLM_API_KEY": "none",
            "INTERVIEWER_LLM_MODEL": "fake",
            "INTERVIEWER_JUDGE": "checklist",  # one call a reply
            "INTERVIEWER_JUDGE_REPEATS": "0",
        },
    )
    yield service
    service.kill()


@asynccontextmanager
async def logged_in(service: KillableService) -> AsyncIterator[httpx.AsyncClient]:
    printed = (service.folder / "service.log").read_text()
    password = printed.partition("password: ")[2].split()[0]
    async with httpx.AsyncClient(base_url=service.url, timeout=PATIENCE_SECONDS) as client:
        answer = await client.post("/recruiter/login", data={"name": "recruiter", "password": password})
        assert answer.status_code == 303
        yield client


async def done(client: httpx.AsyncClient, run_id: str) -> int:
    return int((await client.get(f"{RUNS}/{run_id}")).json()["done"])


@pytest.mark.timeout(1200)
async def test_a_run_killed_twice_scores_every_interview_exactly_once(service: KillableService) -> None:
    service.start()
    await service.ready()
    settings = Settings(_env_file=None, data_dir=service.folder / "data")  # type: ignore[call-arg]
    database = Database(create_engine(settings.async_database_url))
    ids = await add_ended(database, [f"I apologise and offer a refund, case {n}." for n in range(INTERVIEWS)])
    async with logged_in(service) as client:
        started = await client.post(RUNS, json={"adopt": True})
        run_id = started.json()["id"]
        assert started.json()["total"] == INTERVIEWS
        for enough in KILL_AFTER:
            while await done(client, run_id) < enough:
                await asyncio.sleep(0.02)
            service.kill()
            service.start()
            await service.ready()
        while (view := (await client.get(f"{RUNS}/{run_id}")).json())["status"] == "running":
            await asyncio.sleep(0.05)

    assert (view["status"], view["done"], view["not_scored"]) == ("done", INTERVIEWS, 0)
    assert "older" not in {row.fingerprint for row in await current_cards(database)}
    async with database.reading() as session:
        replaced = list(await session.scalars(select(ReplacedCard)))
        rows = list(await session.scalars(select(RescoredInterview)))
    assert Counter(row.interview_id for row in replaced) == Counter(ids)
    assert {row.run_id for row in replaced} == {run_id}
    assert {row.status for row in rows} == {"adopted"}
    await database.close()
