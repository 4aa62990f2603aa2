import asyncio
import logging
import re
import shutil
import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI
from sqlalchemy import select

from app.db.engine import Database, create_engine
from app.db.tables import LLMCall
from app.main import create_app
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint
from tests.waiting import PATIENCE_SECONDS

CONTRACT = {
    ("post", "/api/v1/interviews"),
    ("get", "/api/v1/interviews/{interview_id}"),
    ("post", "/api/v1/interviews/{interview_id}/replies"),
    ("get", "/api/v1/interviews/{interview_id}/events"),
    ("post", "/api/v1/interviews/{interview_id}/end"),
    ("get", "/api/v1/interviews/{interview_id}/report"),
    ("post", "/api/v1/score"),
    ("get", "/api/v1/banks"),
    ("get", "/healthz"),
    ("get", "/readyz"),
    ("get", "/metrics"),
}


@pytest.fixture
def settings(settings: Settings, fake_endpoint: FakeEndpoint, shipped_index: Path) -> Settings:
    shutil.copytree(shipped_index, settings.data_dir, dirs_exist_ok=True)
    return settings.model_copy(update={"llm_base_url": fake_endpoint.base_url, "llm_model": "fake"})


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://test", timeout=60) as client:
        yield client


async def test_the_service_is_ready_once_its_rooms_are_open(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"status": "alive"}
    ready = await client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["parts"] == {"database": "ready", "index": "ready", "llm": "ready"}


async def test_an_answer_scored_before_costs_no_call_and_every_call_names_its_answer(
    app: FastAPI, client: httpx.AsyncClient, fake_endpoint: FakeEndpoint
) -> None:
    hit = '{"points": [{"number": 1, "quotes": ["先道歉"], "verdict": "hit"}]}'
    fake_endpoint.reply = lambda request: hit
    asked = {
        "id": "a1",
        "question": "你会怎么处理？",
        "points": [{"id": "p", "text": "先向客户道歉"}],
        "answer": "我会先道歉。",
    }
    first = (await client.post("/api/v1/score", json=asked)).json()
    calls = len(fake_endpoint.requests)
    assert (first["score"], calls) == (8, 1)
    assert (await client.post("/api/v1/score", json=asked)).json() == first
    assert len(fake_endpoint.requests) == calls
    rows: list[str] = []
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not rows:
            await asyncio.sleep(0.1)
            async with app.state.rooms.database.reading() as session:
                rows = list(await session.scalars(select(LLMCall.about)))
    assert rows == ["score/a1"]


async def test_a_database_out_of_reach_is_not_ready(app: FastAPI, client: httpx.AsyncClient) -> None:
    opened = app.state.rooms
    away = Database(create_engine("postgresql+asyncpg://nobody@127.0.0.1:1/nothing"))
    app.state.rooms = replace(opened, database=away)
    response = await client.get("/readyz")
    await away.close()
    app.state.rooms = opened
    assert response.status_code == 503
    assert response.json()["parts"]["database"] != "ready"
    assert response.json()["parts"]["llm"] == "ready"


async def test_openapi_describes_every_route_of_the_contract(client: httpx.AsyncClient) -> None:
    paths = (await client.get("/openapi.json")).json()["paths"]
    described = {(method, path) for path, methods in paths.items() for method in methods}
    assert described >= CONTRACT
    for method, path in CONTRACT:
        assert paths[path][method].get("summary"), f"{method} {path} has no summary"


async def test_an_interview_runs_to_its_report_and_its_cost_is_kept(
    app: FastAPI, client: httpx.AsyncClient
) -> None:
    asked = {"bank": "customer-service-specialist", "questions": 1, "mode": "practice", "follow_ups": 0}
    created = (await client.post("/api/v1/interviews", json=asked)).json()
    address = f"/api/v1/interviews/{created['id']}"
    client.headers["Authorization"] = f"Bearer {created['token']}"
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not (await client.get(address)).json()["transcript"]:
            await asyncio.sleep(0.02)
    reply = {"text": "我会先道歉，再给两个办法让客户选。", "client_turn_id": uuid.uuid4().hex}
    stream = await client.post(f"{address}/replies", json=reply)
    assert stream.headers["content-type"].startswith("text/event-stream")
    report = (await client.get(f"{address}/report")).json()
    assert report["status"] == "scored"
    assert len(report["fingerprint"]) >= 16
    assert {point["credit"] for point in report["questions"][0]["points"]} <= {0, 0.5, 1}

    assert "interviewer_llm_calls_total{" in (await client.get("/metrics")).text
    rows: list[LLMCall] = []
    judged: set[str] = set()
    async with asyncio.timeout(PATIENCE_SECONDS):
        while not judged:
            await asyncio.sleep(0.1)
            async with app.state.rooms.database.session() as session:
                rows = list((await session.scalars(select(LLMCall))).all())
            judged = {row.about for row in rows if row.purpose == "zh/judge_checklist"}
    assert judged == {f"{created['id']}/2"}
    assert all(row.prompt_hash and row.prompt_tokens > 0 and row.seconds > 0 for row in rows)


async def test_a_malformed_bank_is_named_in_the_log_and_the_others_are_served(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    folder = tmp_path / "banks"
    folder.mkdir()
    good = settings.banks_dir / "customer-service-specialist.yaml"
    (folder / good.name).write_text(good.read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "broken.yaml").write_text("id: broken\ntitel: Typo\n", encoding="utf-8")
    app = create_app(settings.model_copy(update={"banks_dir": folder}))
    with caplog.at_level(logging.ERROR):
        async with app.router.lifespan_context(app):
            assert list(app.state.rooms.banks.banks) == ["customer-service-specialist"]
    assert "broken.yaml" in caplog.text
    assert "titel" in caplog.text


async def test_the_first_start_prints_a_password_once(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    printed = []
    for _ in range(2):
        app = create_app(settings)
        async with app.router.lifespan_context(app):
            printed.append(capsys.readouterr().out)
    assert "password: " in printed[0]
    assert "password" not in printed[1]


async def test_a_browser_at_an_unknown_address_reads_a_page_and_a_program_a_problem(
    client: httpx.AsyncClient,
) -> None:
    page = await client.get("/nowhere", headers={"Accept": "text/html", "Accept-Language": "zh-CN"})
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    problem = await client.get("/nowhere")
    assert problem.json()["type"] == "urn:interviewer:not-found"


async def test_the_documentation_loads_nothing_from_another_host(client: httpx.AsyncClient) -> None:
    page = (await client.get("/docs")).text
    addresses = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert addresses
    for address in addresses:
        assert address.startswith("/")
        assert (await client.get(address)).status_code == 200
