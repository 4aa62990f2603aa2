"""The weights over plain HTTPS from the official model hub, taken up again where they broke off."""

import os
import threading
from collections.abc import Callable
from pathlib import Path

import httpx2

from app.llm.source import FetchStoppedError, SourceError, WeightsSource

_CONNECT_SECONDS = 3.0
_READ_SECONDS = 30.0
_TRIES = 3


def get(source: WeightsSource, folder: Path, progress: Callable[[int], None], stop: threading.Event) -> Path:
    """The whole file in `folder`, not yet verified. `SourceError` within seconds when out of reach."""
    if source.hub_repository is None:
        raise SourceError("the model hub has no such file")
    from huggingface_hub import hf_hub_url

    # HF_ENDPOINT names a mirror of the hub, as the hub's own tools read it.
    url = hf_hub_url(source.hub_repository, source.file_name, endpoint=os.environ.get("HF_ENDPOINT"))
    target = folder / "hub.bin"
    timeout = httpx2.Timeout(_READ_SECONDS, connect=_CONNECT_SECONDS)
    problem = ""
    with httpx2.Client(timeout=timeout, follow_redirects=True) as client:
        for _ in range(_TRIES):
            before = _size(target)
            try:
                _continue(client, url, target, source.size, progress, stop)
            except (httpx2.HTTPError, httpx2.InvalidURL) as error:
                problem = f"{type(error).__name__}: {error}"
            if _size(target) == source.size:
                return target
            if _size(target) == before:
                break
    raise SourceError(f"the model hub can't be reached ({problem or 'the file there has another size'})")


def _continue(
    client: httpx2.Client,
    url: str,
    target: Path,
    size: int,
    progress: Callable[[int], None],
    stop: threading.Event,
) -> None:
    start = _size(target)
    headers = {"Range": f"bytes={start}-"} if start else {}
    with client.stream("GET", url, headers=headers) as answer:
        answer.raise_for_status()
        with target.open("ab" if answer.status_code == httpx2.codes.PARTIAL_CONTENT else "wb") as file:
            for piece in answer.iter_bytes():
                if stop.is_set():
                    raise FetchStoppedError("stopped while fetching the model")
                file.write(piece)
                if file.tell() > size:
                    break
                progress(file.tell())
    if _size(target) > size:
        target.unlink()


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
