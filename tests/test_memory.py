import ctypes
import os

import pytest

from app.memory import give_back_unused, usable_cores, usable_memory


def test_no_more_memory_and_cores_are_counted_than_the_machine_has() -> None:
    assert 0 < usable_memory() <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < usable_cores() <= (os.cpu_count() or 1)


def test_a_c_library_that_cannot_give_memory_back_does_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str | None] = []

    def without_malloc_trim(name: str | None) -> object:
        asked.append(name)
        return object()

    monkeypatch.setattr(ctypes, "CDLL", without_malloc_trim)
    give_back_unused()
    assert asked == [None]
