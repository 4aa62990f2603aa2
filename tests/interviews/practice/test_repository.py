from datetime import timedelta

from app.interviews.practice.repository import PastPractices
from tests.interviews.house import House, tiny_bank
from tests.interviews.stored_reports import STARTED, Told, store_report

ALL = Told("All of it.", {"p1": 1, "p2": 1, "p3": 1})
NOTHING = Told("Nothing.", {})


async def test_a_persons_ended_practices_come_oldest_first_with_their_competencies(house: House) -> None:
    me = "p" * 32
    later = await store_report(
        house.database, tiny_bank(), [ALL], person_id=me, started=STARTED + timedelta(days=2)
    )
    first = await store_report(house.database, tiny_bank(), [NOTHING, ALL], person_id=me)
    await store_report(house.database, tiny_bank(), [ALL], person_id=me, mode="assessment")
    await store_report(house.database, tiny_bank(), [ALL], person_id=me, status="open")
    await store_report(house.database, tiny_bank(), [ALL], person_id="q" * 32)

    async with house.database.reading() as session:
        found = await PastPractices(session).of(me)
        elsewhere = await PastPractices(session).of(me, "other-bank")

    assert [(each.interview_id, each.share) for each in found] == [(first, 0.5), (later, 1.0)]
    assert found[0].competencies == {"Care for people": 0.5}
    assert elsewhere == []
