import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from chromadb.errors import InternalError

from app.errors import SetupError, StorageError
from app.search.vector_store import IndexInUseError, VectorStore
from app.settings import Settings

HOLD = """
import sys
from pathlib import Path
from app.search.vector_store import VectorStore
from app.settings import Settings
store = VectorStore(Settings(_env_file=None, data_dir=Path(sys.argv[1])))
store.collection("points-1")
print("open", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def holder(settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """Another process with the index open."""
    command = [sys.executable, "-c", HOLD, str(settings.data_dir)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        yield process
        process.kill()


def test_a_second_process_is_told_who_holds_the_index(
    settings: Settings, holder: "subprocess.Popen[str]"
) -> None:
    with pytest.raises(IndexInUseError, match="Another interviewer process") as caught:
        VectorStore(settings).client()
    assert isinstance(caught.value, SetupError)
    assert str(settings.data_dir) in caught.value.detail
    assert "INTERVIEWER_CHROMA_URL" in caught.value.hint


def test_a_killed_process_frees_the_index(settings: Settings, holder: "subprocess.Popen[str]") -> None:
    holder.kill()
    holder.wait()
    store = VectorStore(settings)
    assert [collection.name for collection in store.client().list_collections()] == ["points-1"]
    store.close()


def test_closing_frees_the_index_and_it_can_be_opened_again(settings: Settings) -> None:
    first, second = VectorStore(settings), VectorStore(settings)
    first.collection("points-1")
    with pytest.raises(IndexInUseError):
        second.client()
    first.close()
    assert second.collection("points-1").count() == 0
    second.close()
    second.close()


def test_a_folder_set_aside_twice_in_a_second_keeps_both(settings: Settings) -> None:
    store = VectorStore(settings)
    for _ in range(2):
        store.client()
        store.set_aside("a test")
    assert len(list(settings.data_dir.glob("chroma-unreadable-*"))) == 2
    assert len(store.notices) == 2
    store.close()


def test_chroma_does_not_read_the_env_file_of_the_service(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("chroma_api_impl=nonsense\n")
    monkeypatch.chdir(tmp_path)
    store = VectorStore(settings)
    assert store.collection("points-1").count() == 0
    store.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "127.0.0.1:1", "http://no-such-host.invalid:1"])
def test_a_server_that_does_not_answer_is_named(settings: Settings, url: str) -> None:
    with pytest.raises(SetupError, match=url) as caught:
        VectorStore(settings.model_copy(update={"chroma_url": url})).client()
    assert "INTERVIEWER_CHROMA_URL" in caught.value.hint


@pytest.mark.parametrize("url", ["ftp://host:1", "http://", "http://host:port"])
def test_an_address_that_makes_no_sense_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(SetupError, match="is not an address"):
        VectorStore(settings.model_copy(update={"chroma_url": url})).client()


def test_a_full_disk_is_called_that(settings: Settings) -> None:
    store = VectorStore(settings)
    with pytest.raises(StorageError, match="the disk is full"), store.errors():
        raise InternalError("error returned from database: (code: 13) database or disk is full")
