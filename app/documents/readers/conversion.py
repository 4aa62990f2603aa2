"""Converters run in a child process, so that no document can take the service's memory, time or secrets."""

import dataclasses
import json
import logging
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from app.documents.document import DocumentLine
from app.documents.readers.conversion_child import OUT_OF_MEMORY
from app.documents.readers.limits import Limits, refused

_CHILD = "app.documents.readers.conversion_child"
_ROOT = Path(__file__).parents[3]
# What a child needs of the environment; keys and database addresses are not among it.
_INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "SYSTEMROOT", "LANG", "LC_ALL", "VIRTUAL_ENV")
_at_once = threading.BoundedSemaphore(2)
_log = logging.getLogger(__name__)


class BrokenTreeError(Exception):
    """A text that was taken for YAML or JSON is neither; the message says where it breaks off."""


def convert(kind: str, content: bytes, limits: Limits) -> tuple[DocumentLine, ...]:
    """The numbered lines of a document. Blocks, for `limits.wall_seconds` at most once it is its turn.

    Raises `BadInputError` when the document can't be read or takes too much memory or time, and
    `BrokenTreeError` for a broken YAML or JSON text. At most two documents are converted at once.
    """
    command = [sys.executable, "-P", "-m", _CHILD, kind, json.dumps(dataclasses.asdict(limits))]
    environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
    search_path = os.pathsep.join(filter(None, (str(_ROOT), os.environ.get("PYTHONPATH"))))
    with _at_once, tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as words:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=words,
            env=environment | {"PYTHONPATH": search_path, "PYTHONUTF8": "1"},
        )
        try:
            child.communicate(content, timeout=limits.wall_seconds)
        except subprocess.TimeoutExpired:
            raise _too_slow(limits.wall_seconds) from None
        finally:
            child.kill()
            child.wait()
        words.seek(0)
        last_words = words.read(20_000).decode(errors="replace")
        if child.returncode != 0:
            raise _failed(child.returncode, last_words, limits)
        output.seek(0)
        answer = json.load(output)
    if "refused" in answer:
        raise refused(*answer["refused"])
    if "broken" in answer:
        raise BrokenTreeError(answer["broken"])
    return tuple(
        DocumentLine(text, number, heading, depth, marker, tuple(cells), page)
        for text, number, heading, depth, marker, cells, page in answer["lines"]
    )


def _too_slow(seconds: float) -> Exception:
    return refused(
        f"Reading the document takes longer than {seconds:g} seconds", "split it into several documents"
    )


def _failed(status: int, last_words: str, limits: Limits) -> Exception:
    _log.warning("reading a document ended with status %s: %s", status, last_words[-2000:])
    if status in (-getattr(signal, "SIGXCPU", 0), -getattr(signal, "SIGKILL", 0)):
        return _too_slow(limits.cpu_seconds)
    if status == OUT_OF_MEMORY or "memory" in last_words.lower():
        return refused(
            f"Reading the document takes more than {limits.memory / 1_000_000:,.0f} MB of memory",
            "split it into several documents; in a spreadsheet, delete cells far away from the table",
        )
    return refused(
        "The document is damaged, or made in a way that can't be read",
        "open it in the program it was made with, save it again, and import that",
    )
