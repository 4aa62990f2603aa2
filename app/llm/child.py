"""The model server as a child process: started, watched, restarted, ended with us."""

import asyncio
import json
import logging
import os
import sys
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx2

from app.llm.model_server import ServerOptions
from app.settings import PROJECT_DIR

SERVER = ("-m", "app.llm.model_server")
_LOAD_SECONDS = 300.0
_HEALTH_SECONDS = 10.0
_HEALTH_PATIENCE = 6
FIRST_PAUSE_SECONDS = 0.5
_LONGEST_PAUSE = 30.0
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ServerUrls:
    """Where a running child answers: chat and tokens at one address, states at the other."""

    chat: str
    states: str


class ModelLoadError(Exception):
    """The server says that it can't load the file."""


class ModelChild:
    """Keeps one model server alive. `came_up` is called with its addresses, `went_down` when it is lost."""

    def __init__(
        self,
        options: ServerOptions,
        came_up: Callable[[ServerUrls], None],
        went_down: Callable[[str], None],
    ) -> None:
        self._options = options
        self._came_up = came_up
        self._went_down = went_down
        self._process: asyncio.subprocess.Process | None = None
        self._last_words: deque[str] = deque(maxlen=20)
        self._listener: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The running child's process id."""
        return self._process.pid if self._process is not None else None

    async def keep_alive(self) -> None:
        """Runs until cancelled. `ModelLoadError` when the file can't be loaded; other ends mean a restart."""
        pause = FIRST_PAUSE_SECONDS
        try:
            while True:
                urls = await self._launch()
                if urls is not None:
                    pause = FIRST_PAUSE_SECONDS
                    self._came_up(urls)
                    await self._watch(urls.chat)
                await self._end()
                reason = self._last_words[-1] if self._last_words else "no message"
                self._went_down(reason)
                _log.warning("the embedded model stopped (%s); starting again in %.1f s", reason, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, _LONGEST_PAUSE)
        finally:
            await self._end()

    async def _launch(self) -> ServerUrls | None:
        """The new server's addresses; None if it died without a word, as when memory ran out."""
        search_path = os.pathsep.join(filter(None, (str(PROJECT_DIR), os.environ.get("PYTHONPATH"))))
        process = self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            *SERVER,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            env=os.environ | {"PYTHONPATH": search_path},
            # Ctrl-C in the terminal is for us; the child ends when we close its input.
            start_new_session=True,
        )
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._last_words.clear()
        self._listener = asyncio.create_task(self._listen(process.stderr))
        try:
            process.stdin.write(self._options.to_json().encode() + b"\n")
            await process.stdin.drain()
            async with asyncio.timeout(_LOAD_SECONDS):
                line = await process.stdout.readline()
        except (ConnectionError, TimeoutError):
            return None
        if not line:
            return None
        answer = json.loads(line)
        if "error" in answer:
            # The library's own exception says nothing; its log does, and is complete when the process ends.
            await self._listener
            said = next((words for words in reversed(self._last_words) if "failed to" in words), "")
            raise ModelLoadError(said or answer["error"])
        return ServerUrls(str(answer["url"]), str(answer["states_url"]))

    async def _watch(self, url: str) -> None:
        """Returns when the process has ended or has not answered for a minute."""
        assert self._process is not None
        silent = 0
        async with httpx2.AsyncClient(timeout=_HEALTH_SECONDS, trust_env=False) as client:
            while silent < _HEALTH_PATIENCE:
                with suppress(TimeoutError):
                    async with asyncio.timeout(_HEALTH_SECONDS):
                        self._last_words.append(f"exit status {await self._process.wait()}")
                        return
                silent = 0 if await _answers(client.get(f"{url}/health")) else silent + 1
        self._last_words.append("it did not answer its health check")

    async def _listen(self, stream: asyncio.StreamReader) -> None:
        while line := await stream.readline():
            self._last_words.append(line.decode("utf-8", "replace").strip())

    async def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if self._listener is not None:
            self._listener.cancel()


async def _answers(request: Awaitable[httpx2.Response]) -> bool:
    try:
        return (await request).is_success
    except httpx2.HTTPError:
        return False
