"""Interviews keep the version they were held with."""

from pathlib import Path

from app.authoring.schemas import DetailsEdit
from app.settings import Settings
from tests.authoring.conftest import OpenDesk
from tests.authoring.making import draft, question
from tests.banks.bank_files import write_bank
from tests.interviews.house import open_house, tiny_bank

REWORDED = "Question text 1 late parcel, please?"


async def test_an_interview_keeps_its_questions_when_a_version_is_published(
    open_desk: OpenDesk, settings: Settings, banks_dir: Path
) -> None:
    write_bank(banks_dir, tiny_bank().model_dump(mode="json", exclude_none=True))
    desk = await open_desk()
    async with open_house(settings, desk.index, banks=desk.library) as house:
        old = await house.interview(questions=3)
        await house.say(old.id, "I would apologise.")
        report = await house.service.report(old.id, full=True)

        kept = await desk.keep(
            draft(
                {"The only section": [question("q1", REWORDED, ["apologise", "send a new one"])]},
                language="en",
            )
        )
        kept = await desk.drafts.edit_details(kept.id, DetailsEdit(bank_id="tiny"), kept.revision)
        published = await desk.drafts.publish(kept.id, None, kept.revision)
        await desk.serves(published.number)

        assert await house.service.report(old.id, full=True) == report
        await house.say(old.id, "I would apologise.", turn="second")
        asked = (await house.service.report(old.id, full=True)).questions
        assert [shown.question_id for shown in asked] == [shown.question_id for shown in report.questions]
        assert REWORDED not in {shown.text for shown in asked}
        assert (await house.service.find(old.id)).bank_version == "1.0.0"

        new = await house.interview(questions=1)
        assert (await house.service.find(new.id)).bank_version == "1.1.0"
        lines = await house.lines(new.id)
        assert any(REWORDED in line.text for line in lines)
