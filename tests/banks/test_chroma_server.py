"""The same index on a Chroma server started for real."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from app.banks.index import QuestionIndex, SyncReport
from app.banks.loader import BankLibrary
from app.banks.schema import Bank
from app.banks.search import search
from app.errors import SetupError
from app.settings import Settings
from tests.banks.bank_files import bank_data
from tests.banks.conftest import CountingEmbedder

pytestmark = pytest.mark.chroma_server


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    """A Chroma server's address and process."""
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        *("run", "--host", "127.0.0.1", "--port", str(port), "--path", str(tmp_path / "server")),
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    url = f"http://127.0.0.1:{port}"
    try:
        deadline = time.monotonic() + 60
        while not _answers(url):
            assert process.poll() is None, "the Chroma server ended"
            assert time.monotonic() < deadline, "the Chroma server did not start"
            time.sleep(0.1)
        yield url, process
    finally:
        process.kill()
        process.wait()


def _answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/api/v2/heartbeat", timeout=2).status_code == 200
    except httpx.HTTPError:
        return False


def library(*texts: str) -> BankLibrary:
    return BankLibrary({"a": Bank.model_validate(bank_data("a", {"s": list(texts)}))})


async def test_a_server_serves_several_processes_and_keeps_the_index(
    settings: Settings,
    embedder: CountingEmbedder,
    server: tuple[str, "subprocess.Popen[bytes]"],
    caplog: pytest.LogCaptureFixture,
) -> None:
    url, process = server
    at_server = settings.model_copy(update={"chroma_url": url})
    first, second = (QuestionIndex(at_server, embedder) for _ in range(2))
    banks = library("客户骂人怎么办", "和同事意见不合", "客户突然不回消息")
    assert first.sync(banks) == SyncReport(added=9)
    assert second.sync(banks) == SyncReport(kept=9)
    for index in (first, second):
        assert (await search(index, "被客户辱骂", 1, bank="a"))[0].question_id == "a-s-1"
    assert second.sync(library("客户骂人怎么办")).removed == 6
    assert not (settings.data_dir / "chroma").exists()

    process.kill()
    process.wait()
    with pytest.raises(SetupError, match=url):
        first.sync(banks)
    assert (await search(first, "骂人", 1))[0].question_id == "a-s-1"
    assert "words alone" in caplog.text
    first.close()
    second.close()
