import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from app.db.tables import now
from app.interviews.repository import Interviews
from app.interviews.routes import router
from app.problems import add_problem_handlers
from tests.interviews.house import House


@dataclass
class Browser:
    """A client of the API, over a real socket."""

    http: httpx.AsyncClient
    house: House

    async def interview(self, **wanted: Any) -> tuple[str, dict[str, str]]:
        """Id and headers of a new interview whose greeting was said."""
        created = (
            await self.http.post("/api/v1/interviews", json={"bank": "tiny", "seed": 1} | wanted)
        ).json()
        await self.house.settled(created["id"])
        return f"/api/v1/interviews/{created['id']}", {"Authorization": f"Bearer {created['token']}"}

    async def reply(self, url: str, headers: dict[str, str], text: str, **more: Any) -> list[dict[str, Any]]:
        """All events of one reply."""
        body = {"text": text, "client_turn_id": f"turn-{hash(text)}"} | more
        response = await self.http.post(f"{url}/replies", json=body, headers=headers)
        response.raise_for_status()
        return events(response.text)


def events(stream: str) -> list[dict[str, Any]]:
    """The events of a stream as `{"event", "id", "data"}`."""
    parsed = []
    for block in stream.strip().split("\n\n"):
        fields = dict(row.split(": ", 1) for row in block.split("\n"))
        parsed.append({"event": fields["event"], "id": fields.get("id"), "data": json.loads(fields["data"])})
    return parsed


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    app = FastAPI()
    app.include_router(router)
    add_problem_handlers(app)
    app.state.interviews = house.service
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10) as http:
        yield Browser(http, house)
    server.should_exit = True
    await serving


async def test_an_interview_is_created_with_a_token_and_its_place(browser: Browser) -> None:
    response = await browser.http.post("/api/v1/interviews", json={"bank": "tiny", "questions": 2})

    created = response.json()
    assert response.status_code == 201
    assert created["question"]["of"] == 2
    assert (created["status"], created["mode"], created["language"]) == ("open", "practice", "en")
    assert created["token"]


async def test_the_interview_shows_its_transcript_and_never_the_rubric(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")

    response = await browser.http.get(url, headers=headers)

    shown = response.json()
    assert [line["kind"] for line in shown["transcript"]] == ["greet", "answer", "follow_up"]
    assert shown["bank"] == {"id": "tiny", "title": "A tiny bank"}
    assert (shown["activity"], shown["question"], shown["minutes"]["of"]) == (
        "idle",
        {"number": 1, "of": 3},
        120,
    )
    assert "refund" not in response.text


async def test_a_reply_is_answered_as_a_stream_of_events(browser: Browser) -> None:
    url, headers = await browser.interview()

    heard = await browser.reply(url, headers, "I apologise.")

    assert (heard[0]["event"], heard[0]["id"]) == ("message", "2")
    assert heard[0]["data"]["text"] == "I apologise."
    names = [event["event"] for event in heard]
    assert set(names) == {"message", "state", "delta"}
    assert names[-2:] == ["message", "state"]
    assert heard[-2]["data"]["speaker"] == "interviewer"
    assert heard[-1]["data"]["activity"] == "idle"


async def test_the_deltas_are_the_message(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    asyncio.get_running_loop().call_later(0.2, browser.house.interviewer.gate.set)

    heard = await browser.reply(url, headers, "I apologise.")

    text = ""
    for event in heard:
        if event["event"] == "delta":
            assert event["data"]["offset"] == len(text)
            text += event["data"]["text"]
    assert text
    assert heard[-2]["data"]["text"].startswith(text)


async def test_following_shows_everything_from_the_start_and_ends_with_the_interview(
    browser: Browser,
) -> None:
    url, headers = await browser.interview(questions=1, follow_ups=0)
    heard: list[str] = []

    async def follow() -> None:
        async with browser.http.stream("GET", f"{url}/events", headers=headers) as response:
            async for row in response.aiter_lines():
                heard.append(row)

    following = asyncio.create_task(follow())
    await asyncio.sleep(0.1)
    await browser.reply(url, headers, "I apologise.")
    await asyncio.wait_for(following, 5)

    kinds = [e["data"]["kind"] for e in events("\n".join(heard)) if e["event"] == "message"]
    assert kinds == ["greet", "answer", "close"]


async def test_following_resumes_after_the_last_event(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")
    await browser.http.post(f"{url}/end", headers=headers)

    resumed = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "2:5"})
    first = await browser.http.get(f"{url}/events?after=3", headers=headers)

    assert [e["id"] for e in events(resumed.text) if e["event"] == "message"] == ["2", "3", "4"]
    assert [e["id"] for e in events(first.text) if e["event"] == "message"] == ["4"]


async def test_an_ended_interview_that_was_read_tells_the_browser_not_to_reconnect(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.http.post(f"{url}/end", headers=headers)

    response = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "2"})

    assert response.status_code == 204


async def test_an_event_id_beyond_the_end_waits_for_what_comes(browser: Browser) -> None:
    url, headers = await browser.interview(questions=1, follow_ups=0)
    following = asyncio.create_task(
        browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "99"})
    )
    await asyncio.sleep(0.2)

    await browser.reply(url, headers, "I apologise.")

    heard = events((await asyncio.wait_for(following, 5)).text)
    assert [event["id"] for event in heard if event["event"] == "message"] == ["2", "3"]
    assert heard[0]["data"]["activity"] == "idle"


async def test_a_made_up_event_id_is_a_problem(browser: Browser) -> None:
    url, headers = await browser.interview()

    response = await browser.http.get(f"{url}/events", headers=headers | {"Last-Event-ID": "later"})

    assert response.status_code == 422
    assert "Last-Event-ID" in response.json()["detail"]


async def test_the_end_returns_the_state(browser: Browser) -> None:
    url, headers = await browser.interview()

    response = await browser.http.post(f"{url}/end", headers=headers)

    assert response.json() == {
        "status": "ended",
        "activity": "idle",
        "question": {"number": 1, "of": 3},
        "minutes": {"used": 0, "of": 120},
    }


async def test_the_report_of_a_practice_is_shown_after_its_end(browser: Browser) -> None:
    url, headers = await browser.interview()
    await browser.reply(url, headers, "I apologise.")
    before = (await browser.http.get(f"{url}/report", headers=headers)).json()
    await browser.http.post(f"{url}/end", headers=headers)

    after = (await browser.http.get(f"{url}/report", headers=headers)).json()

    assert (before["status"], before["released"], before["questions"]) == ("pending", False, [])
    assert (after["status"], after["score"], after["max_score"]) == ("scored", 2.0, 6.0)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", ""),
        ("POST", "/replies"),
        ("GET", "/events"),
        ("POST", "/end"),
        ("POST", "/retry"),
        ("GET", "/report"),
    ],
)
async def test_nothing_is_shown_without_the_right_token(browser: Browser, method: str, path: str) -> None:
    url, _ = await browser.interview()
    _, of_another = await browser.interview()
    body = {"text": "x", "client_turn_id": "t"} if path == "/replies" else None
    for headers in (
        {},
        of_another,
        {"Authorization": "Basic eDp4"},
        {"Cookie": "interview_x=y"},
        {"Authorization": b"Bearer \xff\xfe"},
    ):
        response = await browser.http.request(method, url + path, json=body, headers=headers)  # type: ignore[arg-type]

        assert response.status_code == 401, (headers, response.text)
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["hint"]


async def test_an_expired_token_says_so(browser: Browser) -> None:
    url, headers = await browser.interview()
    async with browser.house.database.session() as session:
        interview = await Interviews(session).lock(url.rsplit("/", 1)[1])
        interview.expires_at = now() - timedelta(seconds=1)

    response = await browser.http.get(url, headers=headers)

    assert response.status_code == 401
    assert "expired" in response.json()["detail"]


async def test_the_pages_cookie_opens_the_interview_too(browser: Browser) -> None:
    url, headers = await browser.interview()
    name = f"interview_{url.rsplit('/', 1)[1]}"

    response = await browser.http.get(url, headers={"Cookie": f"{name}={headers['Authorization'][7:]}"})

    assert response.status_code == 200


@pytest.mark.parametrize("interview_id", ["0" * 32, "nonsense", "%00", "x" * 500])
async def test_an_unknown_interview_is_not_found(browser: Browser, interview_id: str) -> None:
    response = await browser.http.get(
        f"/api/v1/interviews/{interview_id}", headers={"Authorization": "Bearer x"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "bank"),
        ({"bank": "tiny", "questions": 0}, "questions"),
        ({"bank": "tiny", "questions": 99}, "questions"),
        ({"bank": "tiny", "mode": "exam"}, "mode"),
        ({"bank": "tiny", "nonsense": 1}, "nonsense"),
        ({"bank": "tiny", "sections": ["none"]}, "sections"),
        ({"bank": "tiny", "language": "<script>"}, "language"),
        ({"bank": "tiny", "seed": 2**40}, "seed"),
    ],
)
async def test_a_wish_that_cannot_be_met_names_its_field(
    browser: Browser, body: dict[str, Any], field: str
) -> None:
    response = await browser.http.post("/api/v1/interviews", json=body)

    assert response.status_code == 422, response.text
    assert field in response.json()["detail"]


async def test_an_unknown_bank_is_not_found(browser: Browser) -> None:
    response = await browser.http.post(
        "/api/v1/interviews", content=b'{"bank": "none\\ud800"}', headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 404


@pytest.mark.parametrize(
    "raw",
    [
        b'{"text": "\\ud800", "client_turn_id": "t"}',
        b'{"text": "   ", "client_turn_id": "t"}',
        b'{"text": "\\u0000\\u202e", "client_turn_id": "t"}',
        b'{"text": 5, "client_turn_id": "t"}',
        b'{"text": "x", "client_turn_id": ""}',
        b'{"text": "x", "client_turn_id": "\\u0000"}',
        b'{"text": "x", "client_turn_id": "\\ud800"}',
        b'{"text": "x", "client_turn_id": "' + b"x" * 81 + b'"}',
        b'{"text": "x", "client_turn_id": "t", "intent": "win"}',
        b'{"text": "' + "长".encode() * 20_000 + b'", "client_turn_id": "t"}',
        b'{"text": "x"',
        b"\xff\xfe",
    ],
)
async def test_a_bad_reply_is_a_problem_with_a_hint_and_leaves_the_transcript_alone(
    browser: Browser, raw: bytes
) -> None:
    url, headers = await browser.interview()

    response = await browser.http.post(
        f"{url}/replies", content=raw, headers=headers | {"Content-Type": "application/json"}
    )

    assert response.status_code == 422, response.text
    assert response.json()["hint"]
    assert len((await browser.http.get(url, headers=headers)).json()["transcript"]) == 1


async def test_odd_but_readable_replies_are_stored_as_typed(browser: Browser) -> None:
    url, headers = await browser.interview(questions=3, follow_ups=0)

    for text in ("<script>alert(1)</script>", "مرحبا بالعالم"):
        await browser.reply(url, headers, text)

    transcript = (await browser.http.get(url, headers=headers)).json()["transcript"]
    said = [line["text"] for line in transcript if line["speaker"] == "candidate"]
    assert said == ["<script>alert(1)</script>", "مرحبا بالعالم"]


async def test_a_second_reply_while_one_is_answered_conflicts(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    first = asyncio.create_task(browser.reply(url, headers, "One."))
    await asyncio.sleep(0.1)

    response = await browser.http.post(
        f"{url}/replies", json={"text": "Two.", "client_turn_id": "b"}, headers=headers
    )
    browser.house.interviewer.gate.set()

    assert response.status_code == 409
    assert response.json()["hint"]
    assert (await first)[-1]["event"] == "state"


async def test_a_closed_connection_loses_nothing(browser: Browser) -> None:
    url, headers = await browser.interview()
    browser.house.interviewer.gate = asyncio.Event()
    body = {"text": "I apologise.", "client_turn_id": "t"}
    async with browser.http.stream("POST", f"{url}/replies", json=body, headers=headers) as response:
        async for row in response.aiter_lines():
            if row.startswith("event: delta"):
                break
    browser.house.interviewer.gate.set()

    lines = await browser.house.settled(url.rsplit("/", 1)[1])

    assert lines[-1].kind == "follow_up"


async def test_the_api_documents_its_events_and_problems(browser: Browser) -> None:
    paths = (await browser.http.get("/openapi.json")).json()["paths"]

    replies = paths["/api/v1/interviews/{interview_id}/replies"]["post"]["responses"]
    assert "delta" in replies["200"]["description"]
    assert "text/event-stream" in replies["200"]["content"]
    assert {"401", "404", "409", "422"} <= set(replies)
