import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.db.tables import AuditEvent, Interview, Person, now
from app.errors import ConflictError
from app.interviews.access.repository import Persons
from app.interviews.planning.planner import Terms
from app.interviews.schemas import NewInterview
from app.people.erasure import Eraser
from app.people.records import EVALUATION_WITHIN
from app.people.schemas import HeldInterview
from app.people.service import Mine, PeopleService
from tests.interviews.house import POINTS, House
from tests.people.lives import WORD, lead_a_life


@pytest.fixture
def people(house: House) -> PeopleService:
    return PeopleService(house.database, house.service, Eraser(house.database, house.service), house.settings)


async def newcomer(house: House) -> tuple[Person, str]:
    async with house.database.session() as session:
        person, token = await Persons(session).welcome(None)
    assert token is not None
    return person, token


async def held(people: PeopleService, house: House, interview_id: str) -> HeldInterview:
    record = await people.record(Mine(None, [await house.service.find(interview_id)]))
    (interview,) = record.interviews
    return interview


async def change(house: House, interview_id: str, **columns: Any) -> None:
    async with house.database.session() as session:
        interview = await session.get_one(Interview, interview_id)
        for name, value in columns.items():
            setattr(interview, name, value)


async def test_a_newcomer_is_known_by_their_cookie_from_then_on(house: House) -> None:
    person, token = await newcomer(house)
    async with house.database.session() as session:
        known, fresh = await Persons(session).welcome(token)
        assert (known.id, fresh) == (person.id, None)
        again = await Persons(session).of(token)
        assert again is not None
        assert again.id == person.id
        assert token not in again.token_hash
        assert await Persons(session).of("x" * 43) is None
        assert await Persons(session).of("x" * 10_000) is None
        assert await Persons(session).of(None) is None


async def test_mine_is_what_the_cookies_open_and_nothing_else(house: House, people: PeopleService) -> None:
    person, token = await newcomer(house)
    own, invited, foreign = [await house.interview() for _ in range(3)]
    await change(house, own.id, person_id=person.id)
    mine = await people.mine(token, {invited.id: invited.token, foreign.id: "a guess", "0" * 32: "x"})
    assert set(mine.ids) == {own.id, invited.id}
    assert (await people.mine("another cookie", {})).ids == []
    assert (await people.mine(None, {})).person is None


@pytest.mark.parametrize("closed", ["access_revoked_at", "expires_at"])
async def test_what_was_closed_is_not_listed(house: House, people: PeopleService, closed: str) -> None:
    person, token = await newcomer(house)
    created = await house.interview()
    await change(house, created.id, person_id=person.id, **{closed: now() - timedelta(seconds=1)})
    assert (await people.mine(token, {created.id: created.token})).ids == []


async def test_the_record_holds_everything_that_is_held(house: House, people: PeopleService) -> None:
    interview_id = await lead_a_life(house)
    mine = Mine(None, [await house.service.find(interview_id)])
    record = await people.record(mine)
    (interview,) = record.interviews
    assert next(line.text for line in interview.transcript if line.speaker == "candidate").endswith(WORD)
    assert interview.name == WORD
    assert [(each.email, each.reference) for each in record.invites] == [
        (f"{WORD}@example.org", f"applicant {WORD}")
    ]
    evaluation = interview.evaluation
    assert evaluation is not None
    assert {point.text for card in evaluation.cards.values() for point in card.points} == set(POINTS)
    assert [(each.reason, each.blind) for each in evaluation.decisions] == [(WORD, False)]
    assert [note.text for note in evaluation.comments] == [WORD]
    assert [(each.text, each.outcome) for each in interview.disputes] == [(WORD, WORD)]
    assert evaluation.cards[1].scorer == "scripted"
    assert len(interview.devices) == 1
    assert {call["model"] for call in interview.model_calls} == {"scripted"}
    assert evaluation.score == (await house.service.find(interview_id)).score


async def test_the_record_names_no_reviewer(house: House, people: PeopleService) -> None:
    interview_id = await lead_a_life(house)
    record = await people.record(Mine(None, [await house.service.find(interview_id)]))
    assert "someone" not in record.model_dump_json()
    assert "reviewer of" not in record.model_dump_json()


async def test_a_running_interview_shows_no_scores(house: House, people: PeopleService) -> None:
    created = await house.interview()
    await house.say(created.id, "I would apologise")
    interview = await held(people, house, created.id)
    assert (interview.evaluation, interview.evaluation_from) == (None, None)
    assert interview.questions.keys() == {1}


async def test_scores_of_an_assessment_follow_its_release_within_a_month(
    house: House, people: PeopleService
) -> None:
    interview_id = await lead_a_life(house, mode="assessment")
    before = await held(people, house, interview_id)
    ended = (await house.service.find(interview_id)).ended_at
    assert ended is not None
    assert (before.evaluation, before.evaluation_from) == (None, ended + EVALUATION_WITHIN)
    assert all(word not in before.model_dump_json() for word in ("confidence", "machine_credit"))

    await change(house, interview_id, released_at=now())
    assert (await held(people, house, interview_id)).evaluation is not None

    await change(house, interview_id, released_at=None, ended_at=now() - EVALUATION_WITHIN)
    assert (await held(people, house, interview_id)).evaluation is not None


@pytest.mark.parametrize(("sees", "shown"), [("nothing", False), ("scores", False), ("points", True)])
async def test_the_banks_points_are_given_only_as_the_report_shows_them(
    house: House, people: PeopleService, sees: Any, shown: bool
) -> None:
    created = await house.service.create(
        NewInterview(bank="tiny", seed=1), Terms(mode="assessment", sees=sees)
    )
    await house.settled(created.id)
    await house.say(created.id, "I would apologise")
    await house.service.end(created.id)
    await change(house, created.id, released_at=now())
    interview = await held(people, house, created.id)
    assert interview.evaluation is not None
    assert any(point.credit for point in interview.evaluation.cards[1].points)
    assert (POINTS[2] in interview.model_dump_json()) is shown
    assert "All three things" not in interview.model_dump_json()


async def test_taking_the_record_out_is_in_the_log(house: House, people: PeopleService) -> None:
    interview_id = await lead_a_life(house)
    await people.record(Mine(None, [await house.service.find(interview_id)]))
    async with house.database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [(each.action, each.actor) for each in events] == [
        ("interview.export", "candidate"),
        ("invite.export", "candidate"),
    ]
    assert WORD not in json.dumps([each.detail for each in events])


async def test_withdrawn_consent_ends_the_interview_and_keeps_or_deletes_it(
    house: House, people: PeopleService
) -> None:
    kept, gone = [await house.service.find((await house.interview()).id) for _ in range(2)]
    await people.withdraw(kept, delete=False)
    await people.withdraw(gone, delete=True)
    assert (await house.service.find(kept.id)).status == "ended"
    async with house.database.reading() as session:
        assert set(await session.scalars(select(Interview.id))) == {kept.id}
        actions = list(await session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)))
    assert actions == ["consent.withdraw", "consent.withdraw", "interview.erase"]
    with pytest.raises(ConflictError):
        await people.withdraw(await house.service.find(kept.id), delete=False)
