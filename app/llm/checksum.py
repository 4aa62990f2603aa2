"""SHA-256 of large files, computed once: a stamp remembers it for as long as size and time of change stay."""

import hashlib
import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

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
    remember(path, stamps, digest.hexdigest())
    return digest.hexdigest()


def remember(path: Path, stamps: Path, sha256: str) -> None:
    """Writes the stamp of a file whose hash is known."""
    # A stamp that can't be written costs time at the next start, nothing else.
    with suppress(OSError):
        stamps.mkdir(parents=True, exist_ok=True)
        note = json.dumps({"file": _mark(path), "sha256": sha256})
        _stamp(path, stamps).write_text(note, encoding="utf-8")


def forget(path: Path, stamps: Path) -> None:
    """Removes the file's stamp, so that its bytes are read again."""
    _stamp(path, stamps).unlink(missing_ok=True)


def _mark(path: Path) -> list[str | int]:
    seen = path.stat()
    return [str(path.resolve()), seen.st_size, seen.st_mtime_ns]


def _stamp(path: Path, stamps: Path) -> Path:
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    return stamps / f"{path.name}.{place}.verified.json"
