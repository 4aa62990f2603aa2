"""A corrected name is the only one that is shown, found and given out from then on."""

import json

import pytest
from sqlalchemy import select

from app.db.tables import AuditEvent, Invite
from app.db.word_index import WordQuery, named, said
from app.errors import BadInputError, NotFoundError
from app.people.erasure import Eraser
from app.people.finding import PeopleFinder
from app.people.service import Mine, PeopleService
from tests.interviews.house import House
from tests.people.lives import traces
from tests.people.test_finding import EMAIL, NAME, account, invite, invited_interview

RIGHT = "安娜 Testowa"


@pytest.fixture
def people(house: House) -> PeopleService:
    return PeopleService(house.database, house.service, Eraser(house.database, house.service), house.settings)


@pytest.fixture
def finder(house: House, people: PeopleService) -> PeopleFinder:
    eraser = Eraser(house.database, house.service)
    return PeopleFinder(house.database, people, eraser, house.settings)


async def found_by(house: House, word: str) -> tuple[int, int]:
    """How many interviews are found by a name, and by a word that was said."""
    async with house.database.reading() as session:
        dialect = session.get_bind().dialect.name
        by_name = list(await session.scalars(named(WordQuery.of(word), dialect)))
        by_word = list(await session.scalars(said(WordQuery.of(word), dialect)))
    return len(by_name), len(by_word)


async def test_their_own_name_is_corrected_wherever_it_stands(
    house: House, people: PeopleService, finder: PeopleFinder
) -> None:
    interview_id = await invited_interview(house, candidate_name="Annna Tistova")
    await house.say(interview_id, "I would apologise")
    await people.rename(await house.service.find(interview_id), f"  {RIGHT}\n")
    interview = await house.service.find(interview_id)
    assert interview.candidate_name == RIGHT
    assert await found_by(house, "Testowa") == (1, 0)
    assert await found_by(house, "Tistova") == (0, 0)
    assert await found_by(house, "apologise") == (0, 1)
    assert await found_by(house, "Testova") == (1, 0)
    record = await people.record(Mine(None, [interview]))
    assert record.interviews[0].name == RIGHT
    assert await traces(house.database, "Tistova") == set()
    (person,) = await finder.search(await account(house), "testowa")
    assert person.name == RIGHT


@pytest.mark.parametrize("name", ["", " \u200b", "x" * 121])
async def test_a_name_that_is_none_changes_nothing(house: House, people: PeopleService, name: str) -> None:
    interview_id = await invited_interview(house, candidate_name=NAME)
    with pytest.raises(BadInputError, match="name"):
        await people.rename(await house.service.find(interview_id), name)
    assert (await house.service.find(interview_id)).candidate_name == NAME


async def test_the_desk_corrects_all_that_is_surely_theirs(house: House, finder: PeopleFinder) -> None:
    interview_id = await invited_interview(house, candidate_name=NAME)
    await invite(house)
    namesake = await invite(house, email="other@example.org")
    await finder.correct(await account(house, "recruiter"), interview_id, RIGHT, " Anna@Example.com ")
    async with house.database.reading() as session:
        kept = {each.id: (each.name, each.email) for each in await session.scalars(select(Invite))}
    assert kept.pop(namesake) == (NAME, "other@example.org")
    assert set(kept.values()) == {(RIGHT, "Anna@Example.com")}
    assert (await house.service.find(interview_id)).candidate_name == RIGHT
    assert await found_by(house, "Testowa") == (1, 0)
    assert await found_by(house, "Testova") == (0, 0)
    assert await traces(house.database, EMAIL) == set()


async def test_the_log_says_that_it_was_corrected_and_not_what(
    house: House, people: PeopleService, finder: PeopleFinder
) -> None:
    interview_id = await invited_interview(house, candidate_name="Annna")
    await people.rename(await house.service.find(interview_id), NAME)
    await people.rename(await house.service.find(interview_id), NAME)
    await finder.correct(await account(house), interview_id, RIGHT, "anna@example.com")
    async with house.database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    corrected = [(each.action, each.actor == "candidate", each.detail) for each in events]
    assert corrected == [
        ("interview.correct", True, {"fields": ["name"]}),
        ("interview.correct", False, {"fields": ["name"]}),
        ("invite.correct", False, {"fields": ["name", "email"]}),
    ]
    assert "anna" not in json.dumps([each.detail for each in events]).lower()


async def test_what_is_no_address_or_nobody_is_refused(house: House, finder: PeopleFinder) -> None:
    interview_id = await invited_interview(house, candidate_name=NAME)
    owner = await account(house)
    with pytest.raises(BadInputError, match="email"):
        await finder.correct(owner, interview_id, RIGHT, "anna@@x")
    with pytest.raises(NotFoundError):
        await finder.correct(owner, "0" * 32, RIGHT)
    assert (await house.service.find(interview_id)).candidate_name == NAME


async def test_a_practice_stays_without_a_name(house: House, finder: PeopleFinder) -> None:
    created = await house.interview()
    await finder.correct(await account(house), created.id, RIGHT)
    assert (await house.service.find(created.id)).candidate_name is None
