import asyncio
from pathlib import Path
from typing import Any

import pytest

from app.banks.schema import Bank
from app.errors import LLMUnavailableError, SetupError
from app.interviews.reports import star
from app.interviews.reports.star import star_item
from app.interviews.schemas import Report, StarReading
from tests.interviews.house import House, tiny_bank
from tests.interviews.stored_reports import Told, store_report
from tests.waiting import until


def behavioural_bank() -> Bank:
    content = tiny_bank().model_dump(mode="json", exclude_none=True)
    content["sections"][0]["questions"][0]["kind"] = "behavioural"
    return Bank.model_validate(content)


async def stored(house: House, **about: Any) -> str:
    return await store_report(
        house.database, behavioural_bank(), [Told("I apologise.", {"p1": 1}), Told("Nothing.", {})], **about
    )


async def read(house: House, interview_id: str) -> StarReading:
    """The first question's story as soon as it is no longer being read."""

    async def done() -> StarReading | None:
        found = (await house.service.report(interview_id)).questions[0].star
        assert found is not None
        return None if found.status == "pending" else found

    found = await until(done)
    assert found is not None
    return found


async def test_a_behavioural_answer_is_read_once_when_its_candidate_looks(house: House) -> None:
    interview_id = await stored(house)
    first: Report = await house.service.report(interview_id)
    assert first.questions[0].star == StarReading(status="pending")

    found = await read(house, interview_id)
    asked = len(house.scorer.answers)
    await house.service.report(interview_id)

    assert found.status == "read"
    assert [point.id for point in found.points] == ["situation", "task", "action", "result"]
    assert len(house.scorer.answers) == asked == 1


async def test_other_kinds_of_questions_have_no_story(house: House) -> None:
    report = await house.service.report(await stored(house))
    assert report.questions[1].star is None


async def test_a_recruiters_look_reads_nothing(house: House) -> None:
    await house.service.report(await stored(house), full=True)
    await asyncio.sleep(0.05)
    assert house.scorer.answers == []


@pytest.mark.parametrize("fault", [LLMUnavailableError("down"), RuntimeError("broken")])
async def test_what_cannot_be_read_is_left_out_visibly_and_tried_again_later(
    house: House, fault: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview_id = await stored(house)
    house.scorer.fault = fault
    assert (await read(house, interview_id)).status == "failed"

    house.scorer.fault = None
    assert (await read(house, interview_id)).status == "failed"
    monkeypatch.setattr(star, "RETRY_SECONDS", 0.0)
    assert (await read(house, interview_id)).status == "read"


async def test_a_reading_with_a_part_unjudged_is_not_kept(house: House) -> None:
    interview_id = await stored(house)
    house.scorer.status = "not_scored"
    assert (await read(house, interview_id)).status == "failed"


def test_the_four_points_come_in_the_banks_language() -> None:
    question = tiny_bank().sections[0].questions[0]
    prompts = Path("prompts")
    assert "background" in star_item(question, "en", prompts).points[0].text
    assert "背景" in star_item(question, "zh-CN", prompts).points[0].text
    assert star_item(question, "fr", prompts).points == star_item(question, "en", prompts).points


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    (tmp_path / "en" / "star.yaml").write_text("situation: only this")
    with pytest.raises(SetupError, match=r"star\.yaml"):
        star_item(tiny_bank().sections[0].questions[0], "en", tmp_path)
