"""A client of the interview API over a real socket."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn
from fastapi import FastAPI

from app.interviews.routes import router
from app.interviews.service import InterviewService
from app.problems import add_problem_handlers
from app.settings import Settings
from tests.fakes.rooms import few_rooms
from tests.interviews.house import House
from tests.waiting import PATIENCE_SECONDS, until


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


@asynccontextmanager
async def open_browser(house: House) -> AsyncIterator[Browser]:
    """Serve the house and visit it."""
    app = FastAPI()
    app.include_router(router)
    add_problem_handlers(app)
    app.state.rooms = few_rooms({InterviewService: house.service, Settings: house.settings})
    server = uvicorn.Server(
        uvicorn.Config(app, port=0, log_level="warning", timeout_graceful_shutdown=1, lifespan="off")
    )
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_SECONDS) as http:
        yield Browser(http, house)
    server.should_exit = True
    await serving
