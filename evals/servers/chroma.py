"""A real Chroma server, started for a test or a measurement."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from evals.servers.ports import free_port

_START_SECONDS = 120


@contextmanager
def chroma_server(folder: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """Its address and process; killed at the end. Raises `RuntimeError` when it does not start."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        *("run", "--host", "127.0.0.1", "--port", str(port), "--path", str(folder)),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + _START_SECONDS
        while not _answers(url):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the Chroma server did not start")
            time.sleep(0.1)
        yield url, process
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/heartbeat", timeout=10).status_code == 200
    except httpx.HTTPError:
        return False
