import asyncio
import threading
from pathlib import Path

import pytest

from app.authoring.schemas import DetailsEdit, QuestionEdit
from app.authoring.service import DraftService
from app.db.tables import Account
from app.documents.draft import Draft, Repair
from app.errors import BadInputError, ConflictError, LLMError, NotFoundError
from app.search.service import Hit
from tests.authoring.conftest import OpenDesk
from tests.authoring.desk import Desk
from tests.authoring.making import ANGRY, LATE, draft, flag, question, small_draft, span
from tests.banks.bank_files import bank_data, write_bank
from tests.waiting import PATIENCE_SECONDS, until


async def test_an_import_becomes_a_draft(desk: Desk) -> None:
    desk.importer = lambda name, content: small_draft()
    async with desk.database.session() as session:
        account = Account(name="recruiter", password_hash="x")
        session.add(account)
        await session.flush()
    seen = await desk.drafts.create("my questions.docx", b"content", account.id)
    assert (seen.name, seen.title, seen.status, seen.revision) == ("my questions.docx", "在线客服", "open", 1)
    assert (seen.created_by, seen.bank_id, seen.job) == ("recruiter", "zai-xian-ke-fu", None)
    assert seen.draft == small_draft()
    assert seen == await desk.drafts.get(seen.id)


async def test_the_list_holds_no_content_and_no_discarded_drafts(desk: Desk) -> None:
    kept = [await desk.keep(small_draft(title=title)) for title in ("一", "二", "三")]
    await desk.drafts.discard(kept[0].id)
    listed = await desk.drafts.list()
    assert [(each.title, each.summary.questions) for each in listed] == [("三", 3), ("二", 3)]
    assert [each.title for each in await desk.drafts.list(("discarded",))] == ["一"]
    with pytest.raises(ConflictError, match="discarded"):
        await desk.drafts.edit_details(kept[0].id, DetailsEdit(title="x"), 2)


async def test_an_import_that_fails_stores_nothing(desk: Desk) -> None:
    def fail(name: str, content: bytes) -> Draft:
        raise BadInputError("no text in it")

    desk.importer = fail
    with pytest.raises(BadInputError):
        await desk.drafts.create("scan.pdf", b"%PDF")
    assert await desk.drafts.list() == []


async def test_every_edit_raises_the_revision_and_the_summary(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    edited = await desk.drafts.edit_question(kept.id, "q1", QuestionEdit(points=[]), kept.revision)
    assert (edited.revision, edited.summary.blocked) == (2, 1)
    assert edited == await desk.drafts.get(kept.id)
    edited = await desk.drafts.add_question(kept.id, "s2", QuestionEdit(text="新题？"), 2)
    edited = await desk.drafts.remove_question(kept.id, "q1", 3)
    edited = await desk.drafts.add_section(kept.id, "新的", 4)
    edited = await desk.drafts.rename_section(kept.id, "s1", "旧的", 5)
    assert (edited.revision, edited.summary.questions) == (6, 3)
    assert [section.title for section in edited.draft.sections] == ["旧的", "求职动机", "新的"]


async def test_of_two_edits_of_the_same_revision_one_is_refused_and_nothing_is_lost(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    outcomes = await asyncio.gather(
        *(
            desk.drafts.edit_question(kept.id, key, QuestionEdit(text="改过的问题？"), kept.revision)
            for key in ("q1", "q2", "q3")
        ),
        return_exceptions=True,
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, ConflictError)]
    assert len(refused) == 2
    assert "someone else changed" in refused[0].detail
    seen = await desk.drafts.get(kept.id)
    texts = [question.text for _, question in seen.draft.questions()]
    assert (seen.revision, texts.count("改过的问题？")) == (2, 1)


async def test_details_are_edited_with_the_bank_to_become(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    edit = DetailsEdit(title="客服题库", role="", language="en", bank_id="my-bank")
    edited = await desk.drafts.edit_details(kept.id, edit, kept.revision)
    assert (edited.title, edited.draft.role, edited.draft.language) == ("客服题库", "", "en")
    assert edited.bank_id == "my-bank"
    published = await desk.drafts.publish(kept.id, None, edited.revision)
    await desk.serves(published.number)
    assert desk.library.get("my-bank").role == "客服题库"


async def test_flags_and_repairs_are_settled(desk: Desk) -> None:
    made = draft(
        {
            "s": [
                question(
                    "q", LATE, span=span(1, 0, 1, len(LATE)), flags=[flag("doubtful-repair", "迟", 1, 5, 6)]
                )
            ]
        },
        lines=[LATE],
        repairs=[Repair(kind="shifted", before="?", after="迟", confidence=0.4, line=1, start=5, end=6)],
        flags=[flag("count-disagrees")],
    )
    made.lines = [LATE]
    kept = await desk.keep(made)
    assert kept.summary.doubtful == 1
    start = LATE.index("迟")
    made.repairs[0].start, made.repairs[0].end = start, start + 1
    made.sections[0].questions[0].flags[0].span = span(1, start, 1, start + 1)
    kept = await desk.keep(made)
    edited = await desk.drafts.settle_repair(kept.id, 0, "许久", 1)
    assert edited.draft.sections[0].questions[0].text == LATE.replace("迟", "许久", 1)
    edited = await desk.drafts.settle_flag(kept.id, None, 0, 2)
    assert (edited.summary.doubtful, edited.summary.flags, edited.summary.publishable) == (0, 0, 1)


async def test_an_unknown_draft_is_not_found(drafts: DraftService) -> None:
    for asked in (drafts.get("0" * 32), drafts.discard("nothing"), drafts.publish("x", None, 1)):
        with pytest.raises(NotFoundError):
            await asked


async def test_what_a_draft_does_not_have_is_not_found_be_the_revision_old_or_not(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    await desk.drafts.add_section(kept.id, "One more", 1)
    for revision in (1, 2):
        for asked in (
            desk.drafts.edit_question(kept.id, "none", QuestionEdit(text="x"), revision),
            desk.drafts.remove_question(kept.id, "none", revision),
            desk.drafts.rename_section(kept.id, "none", "x", revision),
            desk.drafts.settle_flag(kept.id, "none", 0, revision),
            desk.drafts.settle_flag(kept.id, None, 99, revision),
            desk.drafts.settle_repair(kept.id, 99, None, revision),
        ):
            with pytest.raises(NotFoundError):
                await asked


async def test_an_edit_that_is_refused_changes_nothing(desk: Desk) -> None:
    kept = await desk.keep(small_draft())
    with pytest.raises(NotFoundError):
        await desk.drafts.edit_question(kept.id, "q9", QuestionEdit(text="x"), kept.revision)
    assert await desk.drafts.get(kept.id) == kept


@pytest.mark.parametrize("error", [LLMError("no embedding"), RuntimeError("broken")])
async def test_an_index_that_fails_shows_the_draft_without_duplicates(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("app.search.service.near_duplicates", fail)
    kept = await desk.keep(small_draft())
    assert (kept.duplicates, kept.duplicates_pending) == ({}, 3)


async def test_duplicates_are_shown_by_question_and_looked_up_once(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def find(index: object, texts: list[str], *, exclude_bank: str) -> list[list[Hit]]:
        asked.extend(texts)
        twin = Hit(question_id="x-1", bank="x", section="s", text=ANGRY, score=0.99)
        return [[twin] if text == ANGRY else [] for text in texts]

    monkeypatch.setattr("app.search.service.near_duplicates", find)
    kept = await desk.keep(small_draft())
    assert {key: [twin.question_id for twin in twins] for key, twins in kept.duplicates.items()} == {
        "q2": ["x-1"]
    }
    edited = await desk.drafts.edit_question(kept.id, "q1", QuestionEdit(text="新的问题？"), kept.revision)
    assert (list(edited.duplicates), edited.duplicates_pending) == (["q2"], 1)
    again = await desk.drafts.get(kept.id)
    assert again.duplicates_pending == 0
    assert len(asked) == 4
    assert asked[-1] == "新的问题？"


async def test_questions_of_other_banks_and_not_of_its_own_are_duplicates(
    open_desk: OpenDesk, banks_dir: Path
) -> None:
    write_bank(banks_dir, bank_data("other", {"s": [ANGRY]}))
    write_bank(banks_dir, bank_data("own", {"s": [LATE]}, title="在线客服"))
    kept = await (await open_desk()).keep(small_draft())
    assert kept.bank_id == "own"
    (twins,) = kept.duplicates.values()
    assert [(twin.question_id, twin.bank, twin.text) for twin in twins] == [("other-s-1", "other", ANGRY)]
    assert twins[0].score > 0.99
    assert list(kept.duplicates) == ["q2"]


async def test_a_page_does_not_wait_for_all_duplicates(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    answered = threading.Event()

    def find(index: object, texts: list[str], *, exclude_bank: str) -> list[list[Hit]]:
        answered.wait(PATIENCE_SECONDS)
        return [[] for _ in texts]

    monkeypatch.setattr("app.search.service.near_duplicates", find)
    monkeypatch.setattr("app.authoring.duplicates.WAIT_SECONDS", 0.05)
    kept = await desk.keep(draft({"s": [question(str(n), f"第{n}个问题？") for n in range(40)]}))
    assert kept.duplicates_pending == 40
    answered.set()

    async def all_known() -> bool:
        return not (await desk.drafts.get(kept.id)).duplicates_pending

    await until(all_known)
