import asyncio
from datetime import timedelta

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.db.tables import Interview, Invite, Template, new_id, now
from app.recruiting.invites.repository import STATUSES, Invites
from app.settings import Settings


def interview(interview_id: str) -> Interview:
    return Interview(
        id=interview_id,
        token_hash="t",
        bank_id="tiny",
        bank_title="Tiny",
        bank_version="1.0.0",
        language="en",
        mode="assessment",
        settings={},
        state={},
        expires_at=now() + timedelta(days=1),
    )


async def test_on_postgres_too_of_many_claims_at_once_one_succeeds(
    settings: Settings, postgres_url: str
) -> None:
    url = settings.model_copy(update={"database_url": postgres_url}).async_database_url
    database = Database(create_engine(url))
    await upgrade(database.engine)
    interviews = [new_id() for _ in range(5)]
    async with database.session() as session:
        session.add(Template(id="t", name="T", content={}, drawing={}))
        session.add_all(interview(each) for each in interviews)
        await session.flush()
        session.add(Invite(id="i", template_id="t", token_hash="h", expires_at=now() + timedelta(days=1)))

    async def claim(interview_id: str) -> bool:
        async with database.session() as session:
            return await Invites(session).claim("i", "h", interview_id, interview_id, now())

    claimed = await asyncio.gather(*(claim(each) for each in interviews))
    async with database.reading() as session:
        page = await Invites(session).page("t", "used", "", None, 10, now())
        counts = await Invites(session).counts(["t", "none"], now())
    await database.close()
    assert sum(claimed) == 1
    assert [invite.interview_id for invite in page] == [interviews[claimed.index(True)]]
    assert counts == {"t": dict.fromkeys(STATUSES, 0) | {"used": 1}, "none": dict.fromkeys(STATUSES, 0)}
