import hashlib
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.llm import hub
from app.llm.source import FetchStoppedError, SourceError, WeightsSource
from tests.llm.tiny_wheels import CONTENT


class Hub(ThreadingHTTPServer):
    """Serves CONTENT; `cut` answers are broken off after that many bytes, one after the other."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.cut: list[int] = []
        self.ranges: list[str | None] = []
        self.knows_ranges = True
        self.status = 200


class _Answer(BaseHTTPRequestHandler):
    server: Hub

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.ranges.append(asked)
        start = (
            int(asked.removeprefix("bytes=").removesuffix("-")) if asked and self.server.knows_ranges else 0
        )
        body = CONTENT[start:]
        self.send_response(206 if start else self.server.status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut.pop(0)] if self.server.cut else body)
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[Hub]:
    with Hub() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def source(server: Hub, monkeypatch: pytest.MonkeyPatch) -> WeightsSource:
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    return WeightsSource("tiny.gguf", sha256, len(CONTENT), hub_repository="some/model")


def get(source: WeightsSource, folder: Path, stop: bool = False) -> bytes:
    stopped = threading.Event()
    if stop:
        stopped.set()
    return hub.get(source, folder, lambda _: None, stopped).read_bytes()


def test_the_file_is_fetched_in_one_go(server: Hub, source: WeightsSource, tmp_path: Path) -> None:
    assert get(source, tmp_path) == CONTENT
    assert server.ranges == [None]


def test_a_broken_download_goes_on_at_the_byte_where_it_broke(
    server: Hub, source: WeightsSource, tmp_path: Path
) -> None:
    server.cut = [1000, 500]
    assert get(source, tmp_path) == CONTENT
    assert server.ranges == [None, "bytes=1000-", "bytes=1500-"]


def test_a_server_without_ranges_starts_over(server: Hub, source: WeightsSource, tmp_path: Path) -> None:
    server.knows_ranges = False
    server.cut = [1000]
    assert get(source, tmp_path) == CONTENT


@pytest.mark.parametrize("status", [404, 500])
def test_a_refusal_means_another_source(
    status: int, server: Hub, source: WeightsSource, tmp_path: Path
) -> None:
    server.status = status
    with pytest.raises(SourceError, match=str(status)):
        get(source, tmp_path)


def test_a_file_that_is_longer_than_it_should_be_is_dropped(source: WeightsSource, tmp_path: Path) -> None:
    shorter = replace(source, size=len(CONTENT) - 10)
    with pytest.raises(SourceError, match="another size"):
        get(shorter, tmp_path)
    assert not (tmp_path / "hub.bin").exists()


def test_a_hub_out_of_reach_is_given_up_at_once(
    source: WeightsSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:1")
    with pytest.raises(SourceError, match="can't be reached"):
        get(source, tmp_path)


def test_a_stop_ends_the_download(source: WeightsSource, tmp_path: Path) -> None:
    with pytest.raises(FetchStoppedError):
        get(source, tmp_path, stop=True)
