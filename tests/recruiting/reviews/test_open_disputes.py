import pytest

from app.errors import NotFoundError
from app.recruiting.reviews import service
from app.recruiting.reviews.schemas import NewOutcome
from tests.recruiting.reviews.conftest import Desk
from tests.recruiting.reviews.held import dispute


async def test_open_disputes_are_listed_oldest_first_until_they_are_resolved(desk: Desk) -> None:
    one, other = await desk.hold(), await desk.hold(questions=1)
    first = await dispute(desk.database, other, 1, "p1", "I said I was sorry.")
    second = await dispute(desk.database, one, 2, "p3", "I offered a refund.")
    found = await desk.reviews.open_disputes(desk.ada)
    assert [(each.id, each.interview_id, each.number, each.point_id) for each in found.disputes] == [
        (first, other, 1, "p1"),
        (second, one, 2, "p3"),
    ]
    assert found.disputes[0].text == "I said I was sorry."
    point = await desk.point(other, "1/p1")
    outcome = NewOutcome(status="rejected", outcome="Read again.", seen=point.seen, mark=point.mark)
    await desk.reviews.resolve(other, first, outcome, desk.ada)
    assert [each.id for each in (await desk.reviews.open_disputes(desk.ada)).disputes] == [second]


async def test_open_disputes_come_page_by_page(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "DISPUTES_A_PAGE", 2)
    held = await desk.hold()
    opened = [await dispute(desk.database, held, 1, f"p{n}", "Please look again.") for n in (1, 2, 3)]
    page = await desk.reviews.open_disputes(desk.ada)
    assert [each.id for each in page.disputes] == opened[:2]
    rest = await desk.reviews.open_disputes(desk.ada, page.next)
    assert ([each.id for each in rest.disputes], rest.next) == (opened[2:], None)
    with pytest.raises(NotFoundError):
        await desk.reviews.open_disputes(desk.ada, "0" * 32)


async def test_a_dispute_of_an_interview_to_be_judged_blind_is_not_told(desk: Desk) -> None:
    held = await desk.hold(blind=True)
    await dispute(desk.database, held, 1, "p1", "You know my name.")
    assert (await desk.reviews.open_disputes(desk.ada)).disputes == []
