import asyncio
import time
from pathlib import Path

import pytest
from sqlalchemy import update

from app.authoring import catalogue as catalogue_module
from app.authoring.catalogue import served_library
from app.authoring.schemas import DetailsEdit, DraftView, JobView
from app.db.tables import BankVersion
from app.errors import LLMError
from app.search.index import QuestionIndex
from tests.authoring.conftest import OpenDesk
from tests.authoring.desk import Desk
from tests.authoring.making import LATE, draft, question, small_draft
from tests.banks.bank_files import bank_data, write_bank
from tests.waiting import PATIENCE_SECONDS, until

BANK = "zai-xian-ke-fu"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue_module, "LOOK_EVERY_SECONDS", 0.05)
    monkeypatch.setattr(catalogue_module, "LONGEST_PAUSE_SECONDS", 0.2)


async def publish(desk: Desk, **fields: object) -> int:
    kept = await desk.keep(small_draft(**fields))
    return (await desk.drafts.publish(kept.id, None, kept.revision)).number


async def test_another_process_takes_a_publication_over(open_desk: OpenDesk) -> None:
    one, other = await open_desk(), await open_desk()
    held = other.library
    number = await publish(one)
    await other.serves(number)
    assert held.get(BANK).version == "1.0.0"
    assert len(other.index.corpus().entries) == 3


async def test_a_process_that_starts_later_serves_what_is_published(open_desk: OpenDesk) -> None:
    await publish(await open_desk())
    await publish(await open_desk(), role="客服主管")
    late = await open_desk()
    assert late.library.get(BANK).role == "客服主管"
    assert late.catalogue.number == 2


async def test_a_file_stands_when_its_version_is_higher(open_desk: OpenDesk, banks_dir: Path) -> None:
    await publish(await open_desk())
    write_bank(banks_dir, bank_data(BANK, {"s": [LATE]}, version="1.0.0"))
    write_bank(banks_dir, bank_data("another", {"s": ["一"]}))
    published = await open_desk()
    assert published.library.get(BANK).title == "在线客服"
    assert list(published.library.banks) == ["another", BANK]
    write_bank(banks_dir, bank_data(BANK, {"s": [LATE]}, version="1.0.1"))
    from_file = await open_desk()
    assert from_file.library.get(BANK).title == f"Bank {BANK}"
    kept = await from_file.keep(draft({"s": [question("q", LATE)]}))
    await from_file.drafts.edit_details(kept.id, DetailsEdit(bank_id=BANK), kept.revision)
    later = await from_file.drafts.publish(kept.id, None, kept.revision + 1)
    assert later.version == "1.1.0"


async def test_a_file_with_a_published_banks_question_is_a_problem_and_no_crash(
    open_desk: OpenDesk, banks_dir: Path
) -> None:
    desk = await open_desk()
    await desk.serves(await publish(desk))
    (taken, *_) = (question.id for question in desk.library.get(BANK).sections[0].questions)
    clash = bank_data("another", {"s": ["一"]})
    clash["sections"][0]["questions"][0]["id"] = taken
    write_bank(banks_dir, clash)
    later = await open_desk()
    assert list(later.library.banks) == [BANK]
    (problem,) = later.library.problems
    assert taken in problem.message


async def test_a_version_that_cannot_be_read_is_a_problem_and_the_others_serve(open_desk: OpenDesk) -> None:
    desk = await open_desk()
    number = await publish(desk)
    async with desk.database.session() as session:
        await session.execute(update(BankVersion).values(bank='{"id": "old"}'))
    await publish(desk, title="Another")
    later = await open_desk()
    assert list(later.library.banks) == ["another"]
    assert later.library.problems[-1].file == f"{BANK} 1.0.0"
    assert later.catalogue.number == number + 1


async def test_an_index_that_fails_keeps_the_old_banks_and_is_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise LLMError("the embedding endpoint is away")

    with monkeypatch.context() as patch:
        patch.setattr(QuestionIndex, "sync", fail)
        kept = await desk.keep(small_draft())
        published = await desk.drafts.publish(kept.id, None, kept.revision)

        async def failed() -> DraftView | None:
            view = await desk.drafts.get(kept.id)
            return view if view.job is not None and view.job.failed is not None else None

        seen = await until(failed)
        assert seen is not None
        assert seen.job is not None
        assert (seen.status, seen.job.kind, seen.job.failed) == (
            "published",
            "index",
            "the embedding endpoint is away",
        )
        assert list(desk.library.banks) == []
    await desk.serves(published.number)
    assert (await desk.drafts.get(kept.id)).job is None
    assert list(desk.library.banks) == [BANK]


async def test_closing_does_not_wait_for_a_long_sync(
    open_desk: OpenDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = await open_desk()

    def endless(index: QuestionIndex, library: object, progress) -> None:  # type: ignore[no-untyped-def]
        while True:
            time.sleep(0.01)
            progress(1, 100)

    monkeypatch.setattr(QuestionIndex, "sync", endless)
    kept = await desk.keep(small_draft())
    await desk.drafts.publish(kept.id, None, kept.revision)

    async def under_way() -> JobView | None:
        job = (await desk.drafts.get(kept.id)).job
        return job if job is not None and job.done else None

    job = await until(under_way)
    assert job is not None
    assert (job.done, job.total) == (1, 100)
    assert job.seconds_left is not None
    async with asyncio.timeout(PATIENCE_SECONDS):
        await desk.close()
    monkeypatch.undo()
    assert (await open_desk()).library.get(BANK).version == "1.0.0"


async def test_what_serves_can_be_read_without_an_index(open_desk: OpenDesk, banks_dir: Path) -> None:
    write_bank(banks_dir, bank_data("another", {"s": ["一"]}))
    desk = await open_desk()
    await desk.serves(await publish(desk))
    read = await served_library(banks_dir, desk.database)
    assert dict(read.banks) == dict(desk.library.banks)
