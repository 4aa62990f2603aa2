"""`interviewer model pull` and `interviewer model status`."""

import threading
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.errors import AppError
from app.llm.source import DEFAULT_WEIGHTS, WeightsSource

if TYPE_CHECKING:
    from app.settings import Settings

NOT_READY = 3
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
    from app.llm.progress import ProgressBar

    with ProgressBar() as bar:
        return weights.obtain(settings, bar.show, threading.Event(), source)


def status(settings: "Settings", source: WeightsSource = DEFAULT_WEIGHTS) -> int:
    """Prints state, size and path; 0 when the model is ready to use, else 3."""
    from app.llm import weights
    from app.llm.checksum import sha256_of

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
