"""After consent was withdrawn, what is kept is read or deleted, and nothing else is done with it."""

import asyncio

import pytest
from sqlalchemy import select

from app.db.tables import Account, Interview, QuestionScoreRow
from app.interviews.access.admission import ConsentWithdrawnError
from app.interviews.planning.planner import Terms
from app.interviews.schemas import NewInterview
from app.people.erasure import Eraser
from app.people.service import Mine, PeopleService
from app.recruiting.desk.exports import Export, ExportService
from app.recruiting.rescoring.repository import Rescorings
from app.recruiting.rescoring.schemas import Scope
from app.recruiting.reviews.arrangement import mark_of
from app.recruiting.reviews.schemas import NewVerdict
from app.recruiting.reviews.service import ReviewService
from app.scoring.card import QuestionScore
from tests.interviews.house import House


@pytest.fixture
def people(house: House) -> PeopleService:
    return PeopleService(house.database, house.service, Eraser(house.database, house.service), house.settings)


@pytest.fixture
async def reviewer(house: House) -> Account:
    async with house.database.session() as session:
        account = Account(name="Recruiter", password_hash="-", role="recruiter")
        session.add(account)
    return account


async def begin(house: House) -> str:
    """An assessment whose first question was asked."""
    created = await house.service.create(NewInterview(bank="tiny", seed=1), Terms(mode="assessment"))
    await house.settled(created.id)
    return created.id


async def withdraw(people: PeopleService, house: House, interview_id: str) -> None:
    await people.withdraw(await house.service.find(interview_id), delete=False)


async def cards(house: House, interview_id: str) -> dict[int, QuestionScore]:
    async with house.database.reading() as session:
        query = select(QuestionScoreRow).where(QuestionScoreRow.interview_id == interview_id)
        return {row.number: QuestionScore.model_validate(row.card) for row in await session.scalars(query)}


async def test_a_verdict_on_its_way_is_not_stored(house: House, people: PeopleService) -> None:
    interview_id = await begin(house)
    house.scorer.gate = asyncio.Event()
    saying = asyncio.create_task(house.say(interview_id, "I would apologise"))
    while not house.scorer.answers:
        await asyncio.sleep(0.01)
    await withdraw(people, house, interview_id)
    house.scorer.gate.set()
    await saying
    assert (await house.service.find(interview_id)).status == "ended"
    assert await cards(house, interview_id) == {}


async def test_the_closing_words_are_nobody_elses(house: House, people: PeopleService) -> None:
    interview_id = await begin(house)
    await withdraw(people, house, interview_id)
    assert house.interviewer.occasions[-1].reply is None
    assert (await house.lines(interview_id))[-1].kind == "close"


async def test_nothing_is_judged_again(house: House, people: PeopleService) -> None:
    interview_id = await begin(house)
    house.scorer.status = "not_scored"
    await house.say(interview_id, "I would apologise")
    await withdraw(people, house, interview_id)
    asked = len(house.scorer.answers)
    with pytest.raises(ConsentWithdrawnError):
        await house.service.judge_again(interview_id)
    assert len(house.scorer.answers) == asked


async def test_no_person_decides_on_a_point_any_more(
    house: House, people: PeopleService, reviewer: Account
) -> None:
    interview_id = await begin(house)
    await house.say(interview_id, "I would apologise")
    await withdraw(people, house, interview_id)
    (card,) = (await cards(house, interview_id)).values()
    verdict = NewVerdict(credit=0.5, reason="I see it otherwise", seen=0, mark=mark_of(card, "p1"))
    reviews = ReviewService(house.database)
    with pytest.raises(ConsentWithdrawnError):
        await reviews.override(interview_id, 1, "p1", verdict, reviewer)
    assert (await reviews.read(interview_id, reviewer)).consent_withdrawn_at is not None


async def test_it_is_in_no_rescoring_and_no_export(
    house: House, people: PeopleService, reviewer: Account
) -> None:
    consented, withdrawn = await begin(house), await begin(house)
    for number, interview_id in enumerate((consented, withdrawn)):
        await house.say(interview_id, "I would apologise", f"turn-{number}")
    await house.service.end(consented)
    await withdraw(people, house, withdrawn)
    async with house.database.reading() as session:
        assert await Rescorings(session).ids_in(Scope(interview_ids=[consented, withdrawn])) == [consented]
    for wanted in (Export(), Export(ids=[consented, withdrawn]), Export(format="jsonl")):
        file = await ExportService(house.database).open(wanted, reviewer)
        content = b"".join([piece async for piece in file.content]).decode()
        assert consented in content
        assert withdrawn not in content


async def test_its_person_can_still_take_it_out_and_delete_it(house: House, people: PeopleService) -> None:
    interview_id = await begin(house)
    await withdraw(people, house, interview_id)
    record = await people.record(Mine(None, [await house.service.find(interview_id)]))
    assert record.interviews[0].consent_withdrawn_at is not None
    await people.erase([interview_id])
    async with house.database.reading() as session:
        assert list(await session.scalars(select(Interview.id))) == []
