from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from app.banks.library import BankLibrary
from app.errors import LLMUnavailableError
from app.llm.prompts import PromptLibrary
from app.problems import add_problem_handlers
from app.scoring.routes import router
from app.scoring.scorer import Scorer, build_scorer
from app.settings import PROJECT_DIR, Settings
from tests.fakes.rooms import few_rooms
from tests.fakes.scripted import ScriptedLLM

REQUEST: dict[str, Any] = {
    "id": "1",
    "question": "你会怎么处理？",
    "points": [{"id": "a", "text": "先向客户道歉"}],
    "answer": "我会先道歉。",
}


@pytest.fixture
async def client(
    settings: Settings, scripted_llm: ScriptedLLM, prompts: PromptLibrary
) -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    app.include_router(router)
    add_problem_handlers(app)
    banks = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
    app.state.rooms = few_rooms({BankLibrary: banks, Scorer: build_scorer(settings, scripted_llm, prompts)})
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        yield client


async def test_an_answer_is_scored_with_its_evidence(
    client: httpx.AsyncClient, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.enqueue('{"quotes": ["先道歉"], "verdict": "hit"}')
    response = await client.post("/api/v1/score", json=REQUEST)
    assert response.status_code == 200
    body = response.json()
    assert (body["id"], body["status"], body["score"], body["max_score"]) == ("1", "scored", 8, 8)
    assert body["points"][0]["quotes"] == [{"start": 2, "end": 5, "text": "先道歉"}]
    assert "reason" not in body
    assert "repeats" not in body


async def test_an_empty_answer_is_zero_without_a_call(
    client: httpx.AsyncClient, scripted_llm: ScriptedLLM
) -> None:
    body = (await client.post("/api/v1/score", json=REQUEST | {"answer": " "})).json()
    assert (body["status"], body["score"], body["reason"]) == ("scored", 0, "empty: The reply has no words.")
    assert scripted_llm.history == []


async def test_a_model_that_is_down_is_not_scored_rather_than_an_error(
    client: httpx.AsyncClient, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.default = LLMUnavailableError("nobody answers")
    response = await client.post("/api/v1/score", json=REQUEST)
    assert response.status_code == 200
    body = response.json()
    assert (body["status"], body["score"], body["reason"]) == (
        "not_scored",
        None,
        "llm-unavailable: nobody answers",
    )
    assert body["points"][0]["credit"] is None


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"points": []}, "points"),
        ({"points": REQUEST["points"] * 2}, "two points have the id 'a'"),
        ({"answer": 5}, "answer"),
        ({"max_score": -1}, "max_score"),
        ({"question": None}, "give question and points, or question_id"),
    ],
)
async def test_bad_input_is_a_problem_that_names_the_field(
    client: httpx.AsyncClient, change: dict[str, Any], field: str
) -> None:
    response = await client.post("/api/v1/score", json=REQUEST | change)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert field in response.json()["detail"]


async def test_a_lone_surrogate_is_a_problem_not_a_crash(client: httpx.AsyncClient) -> None:
    content = b'{"id": "1", "question": "q", "points": [{"id": "a", "text": "t"}], "answer": "\\ud800"}'
    response = await client.post(
        "/api/v1/score", content=content, headers={"content-type": "application/json"}
    )
    assert response.status_code == 422


async def test_an_unknown_question_is_not_found(client: httpx.AsyncClient) -> None:
    response = await client.post("/api/v1/score", json={"id": "1", "question_id": "nope", "answer": "x"})
    assert response.status_code == 404
    assert "nope" in response.json()["detail"]
