from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select

from app.db.tables import AuditEvent, Dispute, Interview
from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.disputes import DisputeService
from tests.interviews.house import House, tiny_bank
from tests.interviews.stored_reports import Told, store_report

REASON = "I did say that I apologise first."
RELEASED = datetime(2026, 3, 3, tzinfo=UTC)


async def stored(house: House, **about: Any) -> Interview:
    about = {"mode": "assessment", "released_at": RELEASED} | about
    interview_id = await store_report(
        house.database, tiny_bank(), [Told("I ask for the order number.", {"p2": 1})], **about
    )
    return await house.service.find(interview_id)


async def resolve(house: House, status: str, outcome: str) -> None:
    async with house.database.session() as session:
        for dispute in await session.scalars(select(Dispute).where(Dispute.status == "open")):
            dispute.status, dispute.outcome, dispute.resolved_at = status, outcome, RELEASED


async def test_a_dispute_stands_on_the_report_and_calls_for_attention(house: House) -> None:
    interview = await stored(house)

    await DisputeService(house.database).open(interview, 1, "p1", f"  {REASON}\n")

    report = await house.service.report(interview.id)
    assert [(d.point_id, d.status, d.text) for d in report.questions[0].disputes] == [("p1", "open", REASON)]
    assert (await house.service.find(interview.id)).disputed == 1


async def test_opening_a_dispute_is_audited_without_its_words(house: House) -> None:
    interview = await stored(house)
    await DisputeService(house.database).open(interview, 1, "p1", REASON)
    async with house.database.reading() as session:
        event = (await session.scalars(select(AuditEvent))).one()
    assert (event.actor, event.action, event.subject) == ("candidate", "dispute.open", interview.id)
    assert event.detail == {"number": 1, "point": "p1"}


@pytest.mark.parametrize("reason", ["too short", " " * 50, "x" * 1001])
async def test_a_reason_has_ten_to_a_thousand_characters(house: House, reason: str) -> None:
    with pytest.raises(BadInputError, match="reason"):
        await DisputeService(house.database).open(await stored(house), 1, "p1", reason)


@pytest.mark.parametrize(
    "about",
    [
        {"released_at": None},
        {"mode": "practice"},
        {"settings": {"sees": "scores"}},
        {"settings": {"sees": "nothing"}},
    ],
)
async def test_only_released_points_can_be_disputed(house: House, about: dict[str, Any]) -> None:
    with pytest.raises(NotFoundError):
        await DisputeService(house.database).open(await stored(house, **about), 1, "p1", REASON)


@pytest.mark.parametrize(("number", "point_id"), [(1, "p9"), (2, "p1"), (-1, "p1")])
async def test_a_point_the_interview_does_not_have_is_not_found(
    house: House, number: int, point_id: str
) -> None:
    with pytest.raises(NotFoundError):
        await DisputeService(house.database).open(await stored(house), number, point_id, REASON)


async def test_a_point_has_one_open_dispute(house: House) -> None:
    interview = await stored(house)
    await DisputeService(house.database).open(interview, 1, "p1", REASON)
    with pytest.raises(ConflictError, match="already"):
        await DisputeService(house.database).open(interview, 1, "p1", REASON)
    await DisputeService(house.database).open(interview, 1, "p3", REASON)


async def test_a_rejected_dispute_is_opened_once_more_and_then_rests(house: House) -> None:
    interview = await stored(house)
    for outcome in ("It is not there.", "Still not."):
        await DisputeService(house.database).open(interview, 1, "p1", REASON)
        await resolve(house, "rejected", outcome)
    with pytest.raises(ConflictError, match="twice"):
        await DisputeService(house.database).open(interview, 1, "p1", REASON)
    report = await house.service.report(interview.id)
    assert [d.outcome for d in report.questions[0].disputes] == ["It is not there.", "Still not."]
