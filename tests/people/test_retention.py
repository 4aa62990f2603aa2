import asyncio
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.tables import (
    AuditEvent,
    DeviceLink,
    Interview,
    Invite,
    JudgementRow,
    LLMCall,
    Person,
    Template,
    new_id,
    now,
)
from app.interviews.planning.planner import Terms
from app.interviews.schemas import NewInterview
from app.people.erasure import Eraser
from app.people.retention import Retention, due_at
from tests.interviews.house import House
from tests.people.lives import WORD, call_about, key_of, lead_a_life, traces
from tests.waiting import until

DAY = timedelta(days=1)


def retention(house: House, **settings: Any) -> Retention:
    changed = house.settings.model_copy(update=settings)
    return Retention(house.database, Eraser(house.database, house.service), changed)


async def assessment(house: House, days: int | None) -> Interview:
    """A running interview of a template that keeps interviews for so many days."""
    terms = Terms(mode="assessment", retention_days=days)
    created = await house.service.create(NewInterview(bank="tiny", questions=1), terms)
    await house.settled(created.id)
    return await house.service.find(created.id)


async def ended(house: House, days: int | None) -> Interview:
    interview = await assessment(house, days)
    await house.service.end(interview.id)
    return await house.service.find(interview.id)


async def left(house: House) -> set[str]:
    async with house.database.reading() as session:
        return set(await session.scalars(select(Interview.id)))


async def test_an_interview_goes_so_many_days_after_its_end_as_its_template_says(house: House) -> None:
    interview = await ended(house, 30)
    assert interview.ended_at is not None
    assert due_at(interview, house.settings) == interview.ended_at + 30 * DAY
    assert not await retention(house).sweep(interview.ended_at + 30 * DAY - timedelta(seconds=1))
    assert await retention(house).sweep(interview.ended_at + 30 * DAY) == {"interviews": 1}
    assert await left(house) == set()


async def test_one_that_was_never_ended_counts_from_when_its_token_expires(house: House) -> None:
    interview = await assessment(house, 30)
    assert due_at(interview, house.settings) == interview.expires_at + 30 * DAY
    assert not await retention(house).sweep(interview.expires_at + 29 * DAY)
    assert await retention(house).sweep(interview.expires_at + 30 * DAY) == {"interviews": 1}


async def test_the_installation_decides_where_the_template_does_not(house: House) -> None:
    short, kept, running = await ended(house, 5), await ended(house, None), await assessment(house, None)
    later = now() + 11 * DAY
    assert await retention(house, retention_days=10).sweep(later) == {"interviews": 2}
    assert await left(house) == {running.id}
    assert {short.id, kept.id}.isdisjoint(await left(house))


async def test_a_template_may_keep_longer_than_the_installation(house: House) -> None:
    interview = await ended(house, 400)
    assert not await retention(house, retention_days=10).sweep(now() + 300 * DAY)
    assert await left(house) == {interview.id}


async def test_without_a_period_nothing_goes_by_itself(house: House) -> None:
    interview = await ended(house, None)
    assert due_at(interview, house.settings) is None
    await retention(house).sweep(now() + 3000 * DAY)
    assert await left(house) == {interview.id}


async def test_what_goes_by_itself_goes_as_whole_as_by_hand(house: House) -> None:
    await lead_a_life(house)
    await retention(house, retention_days=1).sweep(now() + 2 * DAY)
    assert await traces(house.database, WORD) == set()


async def test_the_service_itself_stands_in_the_log_with_counts(house: House) -> None:
    gone = [(await ended(house, 1)).id for _ in range(2)]
    await retention(house).sweep(now() + 2 * DAY)
    async with house.database.reading() as session:
        events = list(await session.scalars(select(AuditEvent)))
    assert {event.actor for event in events} == {"system"}
    assert {event.subject for event in events if event.action == "interview.erase"} == set(gone)
    assert [event.detail for event in events if event.action == "retention.sweep"] == [{"interviews": 2}]


async def test_two_sweeps_at_once_delete_each_interview_once(house: House) -> None:
    for _ in range(3):
        await ended(house, 1)
    at = now() + 2 * DAY
    counts = await asyncio.gather(*(retention(house).sweep(at) for _ in range(2)))
    assert sum(count["interviews"] for count in counts) == 3


async def test_it_sweeps_when_the_service_starts(house: House) -> None:
    interview = await ended(house, 1)
    async with house.database.session() as session:
        (await session.get_one(Interview, interview.id)).delete_after = now() - DAY
    sweeping = retention(house)
    sweeping.start()

    async def gone() -> bool:
        return not await left(house)

    await until(gone)
    await sweeping.close()


async def test_invites_that_nobody_used_go_some_days_after_they_expire(house: House) -> None:
    at = now()
    async with house.database.session() as session:
        session.add(Template(id="t", name="A template", content={}, drawing={}))
        await session.flush()
        for name, expires_at, revoked_at in (
            ("expired", at - 31 * DAY, None),
            ("revoked", at + DAY, at - 31 * DAY),
            ("fresh", at - 29 * DAY, None),
        ):
            session.add(
                Invite(
                    template_id="t",
                    token_hash=new_id(),
                    name=name,
                    expires_at=expires_at,
                    revoked_at=revoked_at,
                )
            )
    assert await retention(house, invite_days=30).sweep(at) == {"invites": 2}
    async with house.database.reading() as session:
        assert [invite.name for invite in await session.scalars(select(Invite))] == ["fresh"]


async def test_judgements_and_calls_that_belong_to_no_interview_age(house: House) -> None:
    interview_id = await lead_a_life(house)
    async with house.database.session() as session:
        session.add_all([JudgementRow(key="of the API", judgements=[]), call_about("score/my id")])
    await retention(house).sweep(now() + 29 * DAY)
    deleted = await retention(house).sweep(now() + 31 * DAY)
    assert (deleted["judgements"], deleted["calls"]) == (1, 1)
    async with house.database.reading() as session:
        assert list(await session.scalars(select(JudgementRow.key))) == [key_of(interview_id)]
        assert "score/my id" not in set(await session.scalars(select(LLMCall.about)))


async def test_browsers_that_hold_nothing_and_links_that_expired_go(house: House) -> None:
    created = await house.interview()
    async with house.database.session() as session:
        holder, empty = Person(token_hash=new_id()), Person(token_hash=new_id())
        session.add_all(
            [
                holder,
                empty,
                DeviceLink(token_hash=new_id(), interview_id=created.id, expires_at=now() + DAY),
            ]
        )
        await session.flush()
        (await session.get_one(Interview, created.id)).person_id = holder.id
    assert not await retention(house).sweep()
    days = house.settings.token_days + 1
    assert await retention(house).sweep(now() + days * DAY) == {"persons": 1, "links": 1}
    async with house.database.reading() as session:
        assert list(await session.scalars(select(Person.id))) == [holder.id]


@pytest.mark.parametrize("days", [0, 3651])
def test_periods_are_between_a_day_and_ten_years(house: House, days: int) -> None:
    with pytest.raises(ValueError, match="retention_days"):
        type(house.settings)(_env_file=None, retention_days=days)
