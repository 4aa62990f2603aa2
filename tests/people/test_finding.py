from typing import Any

import pytest
from sqlalchemy import select

from app.db.tables import Account, AuditEvent, BlindReview, Interview, Invite, Template, new_id, now
from app.errors import BadInputError, NotFoundError
from app.people.erasure import Eraser
from app.people.finding import PeopleFinder
from app.people.service import PeopleService
from tests.interviews.house import House

NAME, EMAIL = "Anna Testova", "anna@example.org"


@pytest.fixture
def finder(house: House) -> PeopleFinder:
    eraser = Eraser(house.database, house.service)
    people = PeopleService(house.database, house.service, eraser, house.settings)
    return PeopleFinder(house.database, people, eraser, house.settings)


async def account(house: House, role: str = "owner") -> Account:
    async with house.database.session() as session:
        made = Account(name=f"someone {new_id()[:6]}", password_hash="-", role=role)
        session.add(made)
    return made


async def invite(house: House, name: str = NAME, email: str = EMAIL, **columns: Any) -> str:
    async with house.database.session() as session:
        if await session.get(Template, "t") is None:
            session.add(Template(id="t", name="First round", content={}, drawing={}))
            await session.flush()
        made = Invite(
            template_id="t", token_hash=new_id(), name=name, email=email, expires_at=now(), **columns
        )
        session.add(made)
    return made.id


async def invited_interview(house: House, **columns: Any) -> str:
    created = await house.interview(mode="assessment")
    async with house.database.session() as session:
        interview = await session.get_one(Interview, created.id)
        for name, value in columns.items():
            setattr(interview, name, value)
    await invite(house, used_at=now(), interview_id=created.id)
    return created.id


@pytest.mark.parametrize("said", ["anna", "TESTOVA", "anna@", "R-1", " Anna "])
async def test_people_are_found_by_a_part_of_what_is_known(
    house: House, finder: PeopleFinder, said: str
) -> None:
    await invite(house, reference="R-17")
    await invite(house, "Boris", "boris@example.org")
    (found,) = await finder.search(await account(house), said)
    assert (found.name, found.emails, found.references) == (NAME, [EMAIL], ["R-17"])


@pytest.mark.parametrize("said", ["", "  ", "%", "_", "nobody", "\x00"])
async def test_nobody_is_found_by_what_is_no_part(house: House, finder: PeopleFinder, said: str) -> None:
    await invite(house)
    assert await finder.search(await account(house), said) == []


async def test_a_practice_is_found_by_its_id(house: House, finder: PeopleFinder) -> None:
    created = await house.interview()
    (found,) = await finder.search(await account(house), created.id[:8])
    assert found.id == created.id


async def test_one_address_is_one_person_however_it_is_written(house: House, finder: PeopleFinder) -> None:
    interview_id = await invited_interview(house)
    unused = await invite(house, "Anna T.", EMAIL.upper())
    (found,) = await finder.search(await account(house), "anna")
    assert {entry.id for entry in found.entries} == {interview_id, unused}


async def test_who_only_shares_a_name_or_reference_may_be_someone_else(
    house: House, finder: PeopleFinder
) -> None:
    interview_id = await invited_interview(house, candidate_name=NAME)
    namesake = await invite(house, NAME, "")
    other_mail = await invite(house, "Anna T.", EMAIL.upper())
    person = await finder.person(await account(house), interview_id)
    assert {entry.id: entry.basis for entry in person.entries} == {
        interview_id: "itself",
        other_mail: "email",
        namesake: "maybe",
    }
    assert person.entries[-1].id == namesake


async def test_all_of_one_browser_is_one_persons(house: House, finder: PeopleFinder) -> None:
    first, second = [(await house.interview()).id for _ in range(2)]
    async with house.database.session() as session:
        for interview_id in (first, second):
            (await session.get_one(Interview, interview_id)).person_id = "p" * 32
    person = await finder.person(await account(house), first)
    assert {entry.id: entry.basis for entry in person.entries} == {first: "itself", second: "browser"}


async def test_only_what_was_chosen_is_deleted(house: House, finder: PeopleFinder) -> None:
    owner, interview_id = await account(house), await invited_interview(house)
    unused, namesake = await invite(house), await invite(house, NAME, "")
    erased = await finder.erase(owner, interview_id, [interview_id, unused])
    assert (len(erased.interviews), len(erased.invites)) == (1, 2)
    async with house.database.reading() as session:
        assert list(await session.scalars(select(Interview.id))) == []
        assert [each.id for each in await session.scalars(select(Invite)) if each.name] == [namesake]
        events = list(await session.scalars(select(AuditEvent)))
    assert {(each.action, each.account_id) for each in events} == {
        ("interview.erase", owner.id),
        ("invite.erase", owner.id),
    }
    assert NAME not in str([each.detail for each in events])


async def test_nothing_of_others_can_be_chosen(house: House, finder: PeopleFinder) -> None:
    owner, mine = await account(house), await invite(house)
    foreign = await invite(house, "Boris", "boris@example.org")
    for chosen in ([mine, foreign], [mine, "x"]):
        with pytest.raises(NotFoundError):
            await finder.erase(owner, mine, chosen)
    for chosen in ([], [foreign]):
        with pytest.raises(BadInputError):
            await finder.record(owner, mine, chosen)
    with pytest.raises(NotFoundError):
        await finder.person(owner, "0" * 32)
    async with house.database.reading() as session:
        assert set(await session.scalars(select(Invite.id))) == {mine, foreign}


async def test_a_recruiter_gives_the_person_all_of_it_at_once(house: House, finder: PeopleFinder) -> None:
    interview_id = await invited_interview(house)
    await house.say(interview_id, "I would apologise")
    await house.service.end(interview_id)
    record = await finder.record(await account(house, "recruiter"), interview_id, [interview_id])
    assert record.interviews[0].evaluation is not None
    assert [each.email for each in record.invites] == [EMAIL]


async def test_who_is_to_judge_blind_does_not_find_whose_interview_it_is(
    house: House, finder: PeopleFinder
) -> None:
    recruiter, owner = await account(house, "recruiter"), await account(house)
    interview_id = await invited_interview(house, candidate_name=NAME)
    async with house.database.session() as session:
        session.add(BlindReview(interview_id=interview_id, account_id=recruiter.id))
    assert await finder.search(recruiter, NAME) == []
    with pytest.raises(NotFoundError):
        await finder.person(recruiter, interview_id)
    assert [found.id for found in await finder.search(owner, NAME)] == [interview_id]
