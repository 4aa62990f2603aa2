"""How far the model is, in the terminal."""

import asyncio
from types import TracebackType
from typing import NoReturn, Self

from tqdm import tqdm

from app.llm.status import ChatModel

_LOOK_EVERY_SECONDS = 0.5


class ProgressBar:
    """A terminal progress bar for each stage; nothing is shown when nothing has to be done."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._stage = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Move the stage's bar to `done` of `total` bytes."""
        bar = self._bar if self._bar is not None and stage == self._stage else self._open(stage, done, total)
        bar.update(max(done - bar.n, 0))

    def _open(self, stage: str, done: int, total: int) -> "tqdm[NoReturn]":
        if self._bar is not None:
            self._bar.close()
        # What an earlier, interrupted download left does not count towards the speed.
        bar = tqdm(total=total, initial=done, desc=stage, unit="B", unit_scale=True)
        self._bar, self._stage = bar, stage
        return bar


async def show_progress(llm: ChatModel) -> None:
    """Follow `llm` in the terminal until it can be used or has failed; one that is ready shows nothing."""
    said = "ready"
    with ProgressBar() as bar:
        while (status := llm.status()).state not in {"ready", "failed"}:
            if status.state in {"fetching", "verifying"} and status.total_bytes:
                bar.show(status.state, status.done_bytes, status.total_bytes)
            elif status.state != said:
                print(f"Model: {status.detail}", flush=True)
            said = status.state
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
    if said != "ready" or status.state == "failed":
        print(f"Model: {status.detail}", flush=True)
