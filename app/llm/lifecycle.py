"""The embedded model's life: fetched, verified, loaded, watched; and how far it is, for whoever waits."""

import asyncio
import logging
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from app.background import TaskSet
from app.errors import AppError, LLMUnavailableError, SetupError
from app.llm import weights
from app.llm.base import LLMStatus, State
from app.llm.child import ModelChild, ModelLoadError, ServerUrls
from app.llm.model_server import ServerOptions
from app.llm.source import WeightsSource, remove_stamp
from app.settings import Settings

TRY_AGAIN_SECONDS = 60.0
_log = logging.getLogger(__name__)


class ModelLife:
    """`options` makes the server's options for a weights file; `came_up` is told its addresses."""

    def __init__(
        self,
        settings: Settings,
        source: WeightsSource,
        options: Callable[[Path], ServerOptions],
        came_up: Callable[[ServerUrls], None],
    ) -> None:
        self._settings = settings
        self._source = source
        self._options = options
        self._came_up = came_up
        self._state: State = "loading"
        self._detail = "The model is about to be loaded."
        self._hint = ""
        self._settled = asyncio.Event()
        self._first_bytes = 0
        self._done_bytes = 0
        self._total_bytes = 0
        self._since = time.monotonic()
        self._stop = threading.Event()
        self._started = False
        self._tasks = TaskSet()
        self._child: ModelChild | None = None

    @property
    def pid(self) -> int | None:
        """The child's process id, while it runs."""
        return self._child.pid if self._child is not None else None

    @property
    def is_up(self) -> bool:
        return self._state == "ready"

    def start(self) -> None:
        """Fetch and run the model from now on; harmless when that was begun."""
        if not self._started:
            self._started = True
            self._tasks.spawn(self._live())

    async def close(self) -> None:
        """Stops fetching, or ends the child."""
        self._stop.set()
        await self._tasks.close()

    async def wait_until_up(self) -> None:
        """Returns when the model can be asked; `LLMUnavailableError` when it failed or makes no headway."""
        self.start()
        while not self._settled.is_set():
            before = self._done_bytes
            try:
                async with asyncio.timeout(self._settings.llm_timeout):
                    await self._settled.wait()
            except TimeoutError:
                if self._done_bytes != before:  # a download that moves is worth waiting for
                    continue
                hint = "Wait; 'interviewer model status' and the start page show how far it is."
                raise LLMUnavailableError(f"the model is not ready yet: {self._detail}", hint=hint) from None
        if not self.is_up:
            raise LLMUnavailableError(self._detail, hint=self._hint)

    def status(self, model: str) -> LLMStatus:
        """How far the model is; the time to go follows from the pace so far."""
        come, to_come = self._done_bytes - self._first_bytes, self._total_bytes - self._done_bytes
        passed = time.monotonic() - self._since
        eta = passed * to_come / come if come > 0 and to_come > 0 and passed > 1 else None
        return LLMStatus(self._state, self._detail, model, self._done_bytes, self._total_bytes, eta)

    async def _live(self) -> None:
        while True:
            try:
                await self._serve()
            except SetupError as error:
                self._fail(error)
                return
            except AppError as error:
                # The network or the disk may recover: what was fetched so far is kept.
                self._fail(error)
            except OSError as error:
                self._fail(LLMUnavailableError(f"the model's process can't be run: {error}"))
            await asyncio.sleep(TRY_AGAIN_SECONDS)

    async def _serve(self) -> None:
        path = await self._obtain()
        try:
            await self._keep_alive(path)
        except ModelLoadError:
            # A file that was whole when it was stored may have been damaged since: read it again.
            remove_stamp(path, self._settings.model_dir)
            path = await self._obtain()
            try:
                await self._keep_alive(path)
            except ModelLoadError as error:
                raise SetupError(
                    f"the model {path} can't be loaded: {error}",
                    hint="Set INTERVIEWER_MODEL_PATH to a GGUF file of a chat model, or unset it.",
                ) from error

    async def _obtain(self) -> Path:
        self._enter("loading", "Looking for the model.")
        return await asyncio.to_thread(
            weights.obtain, self._settings, self._note_bytes, self._stop, self._source
        )

    async def _keep_alive(self, path: Path) -> None:
        self._enter("loading", "The model is being loaded.")
        self._child = ModelChild(self._options(path), self._rise, self._fall)
        try:
            await self._child.keep_alive()
        finally:
            self._child = None

    def _note_bytes(self, state: Literal["fetching", "verifying"], done: int, total: int) -> None:
        """Called from the fetching thread; plain assignments only."""
        if state != self._state:
            self._since, self._first_bytes, self._done_bytes = time.monotonic(), done, done
        self._state = state
        self._detail = f"The model is being {'downloaded' if state == 'fetching' else 'verified'}."
        self._done_bytes, self._total_bytes = max(done, self._done_bytes), total

    def _rise(self, urls: ServerUrls) -> None:
        self._came_up(urls)
        self._enter("ready", "The model is ready.")
        self._settled.set()

    def _fall(self, reason: str) -> None:
        self._enter("loading", f"The model stopped ({reason}) and is being started again.")

    def _fail(self, error: AppError) -> None:
        _log.error("%s. %s", error.detail, error.hint)
        self._enter("failed", error.detail)
        self._hint = error.hint
        self._settled.set()

    def _enter(self, state: State, detail: str) -> None:
        self._settled.clear()
        self._state, self._detail, self._hint = state, detail, ""
