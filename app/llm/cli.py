"""`interviewer model pull` and `interviewer model status`, and how far the model is, in the terminal."""

import asyncio
import threading
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import typer

from app.errors import AppError
from app.llm.source import DEFAULT_WEIGHTS, WeightsSource

if TYPE_CHECKING:
    from tqdm import tqdm

    from app.llm.base import ChatModel
    from app.settings import Settings

NOT_READY = 3
_LOOK_EVERY_SECONDS = 0.5
model_app = typer.Typer(help="The embedded language model.", no_args_is_help=True)


@model_app.command("pull")
def pull_command() -> None:
    """Download and verify the embedded model; an interrupted download is taken up again."""
    from app.settings import get_settings

    typer.echo(pull(get_settings()))


@model_app.command("status")
def status_command() -> None:
    """Show whether the embedded model is here and whole. Exit status 3 if it is not."""
    from app.settings import get_settings

    raise typer.Exit(status(get_settings()))


def pull(settings: "Settings", source: WeightsSource = DEFAULT_WEIGHTS) -> Path:
    """The verified weights' path, after a download with a progress bar. Errors as of `weights.obtain`."""
    from app.llm import weights

    with closing(ProgressBar()) as bar:
        return weights.obtain(settings, bar.show, threading.Event(), source)


def status(settings: "Settings", source: WeightsSource = DEFAULT_WEIGHTS) -> int:
    """Prints state, size and path; 0 when the model is ready to use, else 3."""
    from app.llm import weights
    from app.llm.source import sha256_of

    try:
        path = weights.own_path(settings)
    except AppError as error:
        typer.echo(f"{error.detail}. {error.hint}", err=True)
        return NOT_READY
    if path is not None:
        typer.echo(
            f"ready     {path.stat().st_size:,} bytes  {path}  sha256:{sha256_of(path, settings.model_dir)}"
        )
        return 0
    path = weights.cached_path(settings, source)
    if weights.is_whole(path, source):
        typer.echo(f"ready     {source.size:,} bytes  {path}  sha256:{source.sha256}")
        return 0
    if path.exists():
        typer.echo(f"damaged   {path.stat().st_size:,} of {source.size:,} bytes  {path}")
    else:
        came = weights.fetched_bytes(settings, source)
        typer.echo(f"{'partial' if came else 'missing'}   {came:,} of {source.size:,} bytes  {path}")
    typer.echo("Run 'interviewer model pull' to download it.")
    return NOT_READY


class ProgressBar:
    """A terminal progress bar for each stage; nothing is shown when nothing has to be done."""

    def __init__(self) -> None:
        self._bar: tqdm[NoReturn] | None = None
        self._stage = ""

    def close(self) -> None:
        """End the bar that is shown."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Move the stage's bar to `done` of `total` bytes."""
        bar = self._bar if self._bar is not None and stage == self._stage else self._open(stage, done, total)
        bar.update(max(done - bar.n, 0))

    def _open(self, stage: str, done: int, total: int) -> "tqdm[NoReturn]":
        from tqdm import tqdm

        self.close()
        # What an earlier, interrupted download left does not count towards the speed.
        bar = tqdm(total=total, initial=done, desc=stage, unit="B", unit_scale=True)
        self._bar, self._stage = bar, stage
        return bar


async def show_progress(llm: "ChatModel") -> None:
    """Follow `llm` in the terminal until it can be used or has failed; one that is ready shows nothing."""
    said = "ready"
    with closing(ProgressBar()) as bar:
        while (status := llm.status()).state not in {"ready", "failed"}:
            if status.state in {"fetching", "verifying"} and status.total_bytes:
                bar.show(status.state, status.done_bytes, status.total_bytes)
            elif status.state != said:
                print(f"Model: {status.detail}", flush=True)
            said = status.state
            await asyncio.sleep(_LOOK_EVERY_SECONDS)
    if said != "ready" or status.state == "failed":
        print(f"Model: {status.detail}", flush=True)
