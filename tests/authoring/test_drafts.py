import pytest

from app.authoring.drafts import MOST_QUESTIONS, suggested_bank_id
from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.errors import BadInputError
from tests.authoring.desk import Desk
from tests.authoring.making import LATE, draft, question, small_draft
from tests.banks.bank_files import bank_data


def library(*banks: dict[str, object]) -> BankLibrary:
    return BankLibrary({str(data["id"]): Bank.model_validate(data) for data in banks})


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("在线客服", "known"),
        ("線上客服", "xian-shang-ke-fu"),
        ("Known", "known-2"),
        ("…", "bank-00000000"),
        ("", "bank-00000000"),
    ],
)
def test_a_bank_is_suggested_by_its_title(title: str, expected: str) -> None:
    known = library(bank_data("known", {"s": [LATE]}, title="在线客服"))
    assert suggested_bank_id(small_draft(title=title), known) == expected


async def test_a_file_imported_again_is_for_the_bank_it_became(desk: Desk) -> None:
    first = await desk.keep(small_draft(title="一稿"), "客服.docx")
    published = await desk.drafts.publish(first.id, None, first.revision)
    await desk.serves(published.number)
    again = await desk.keep(small_draft(title="二稿"), "客服.docx")
    assert again.bank_id == first.bank_id == "yi-gao"


async def test_another_file_of_the_same_name_is_not(desk: Desk) -> None:
    first = await desk.keep(small_draft(title="一稿"), "questions.docx")
    published = await desk.drafts.publish(first.id, None, first.revision)
    await desk.serves(published.number)
    other = draft({"s": [question("q", "会计分录怎么写？")]}, title="会计")
    assert (await desk.keep(other, "questions.docx")).bank_id == "kuai-ji"


async def test_what_the_importer_left_unflagged_is_flagged(desk: Desk) -> None:
    kept = await desk.keep(draft({"s": [question("q", LATE, [])]}))
    assert [flag.reason for _, asked in kept.draft.questions() for flag in asked.flags] == ["no-points"]


async def test_more_questions_than_a_draft_takes_are_refused_and_nothing_is_stored(desk: Desk) -> None:
    huge = draft({"s": [question(str(number), LATE) for number in range(MOST_QUESTIONS + 1)]})
    with pytest.raises(BadInputError, match="5,001 questions") as refused:
        await desk.keep(huge)
    assert "Split" in refused.value.hint
    assert await desk.drafts.list() == []
