import os

from app.memory import give_back_unused, usable_cores, usable_memory


def test_no_more_memory_and_cores_are_counted_than_the_machine_has() -> None:
    assert 0 < usable_memory() <= os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    assert 0 < usable_cores() <= (os.cpu_count() or 1)


def test_giving_back_memory_works_on_any_c_library() -> None:
    give_back_unused()
