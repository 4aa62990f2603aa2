import asyncio
import json

import pytest
from sqlalchemy import select

from app.db.audit import CANDIDATE
from app.db.tables import AuditEvent, Interview, Invite, JudgementRow, JudgementUse, Utterance
from app.db.usage import UsageLedger
from app.errors import NotFoundError
from app.interviews.schemas import NewInterview, NewReply
from app.interviews.turns.live import StreamPosition
from app.llm.base import Usage
from app.llm.metering import calls_about
from app.people.erasure import Eraser, erase
from app.scoring.judges.judge import Judgement
from app.scoring.judges.judgement_cache import DatabaseJudgements
from tests.interviews.house import House
from tests.people.lives import WORD, key_of, lead_a_life, traces, traces_in_files
from tests.waiting import until

OTHER = "kingfisher"


@pytest.fixture
def eraser(house: House) -> Eraser:
    return Eraser(house.database, house.service)


async def test_an_erased_interview_leaves_no_word_and_no_id_in_any_table(
    house: House, eraser: Eraser
) -> None:
    interview_id = await lead_a_life(house)
    before = await traces(house.database, WORD)
    assert {"utterances", "interviews", "invites", "judgements", "point_overrides", "disputes"} <= before

    await eraser.erase(CANDIDATE, [interview_id])

    assert await traces(house.database, WORD) == set()
    assert await traces(house.database, interview_id) == {"audit_events"}


async def test_others_keep_all_that_is_theirs(house: House, eraser: Eraser) -> None:
    gone, kept = await lead_a_life(house), await lead_a_life(house, OTHER)
    async with house.database.session() as session:
        session.add(JudgementRow(key="shared", judgements=[]))
        await session.flush()
        session.add_all(JudgementUse(key="shared", interview_id=each) for each in (gone, kept))
        (await session.get_one(Interview, kept)).again_of = gone
    before = await traces(house.database, OTHER)

    await eraser.erase(CANDIDATE, [gone])

    assert await traces(house.database, OTHER) == before
    async with house.database.reading() as session:
        assert set(await session.scalars(select(JudgementRow.key))) == {"shared", key_of(kept)}
        assert (await session.get_one(Interview, kept)).again_of is None


async def test_the_files_hold_nothing_of_it_either(sqlite_house: House) -> None:
    house, folder = sqlite_house, sqlite_house.settings.data_dir
    others = [await lead_a_life(house, f"{OTHER}{n}") for n in range(3)]
    interview_id = await lead_a_life(house)
    assert traces_in_files(folder, WORD)

    await Eraser(house.database, house.service).erase(CANDIDATE, [interview_id])

    assert traces_in_files(folder, WORD) == set()
    assert traces_in_files(folder, interview_id) == {"interviewer.db"}  # the audit log
    assert await house.lines(others[0])


async def test_the_log_says_what_was_erased_and_by_whom_without_personal_data(
    house: House, eraser: Eraser
) -> None:
    interview_id = await lead_a_life(house)
    await eraser.erase(CANDIDATE, [interview_id])
    async with house.database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).order_by(AuditEvent.id)))
    assert [(event.action, event.actor) for event in events] == [
        ("interview.erase", "candidate"),
        ("invite.erase", "candidate"),
    ]
    assert events[0].subject == interview_id
    assert WORD not in json.dumps([event.detail for event in events])


async def test_a_used_invite_stays_empty_so_that_its_link_opens_nothing(house: House, eraser: Eraser) -> None:
    interview_id = await lead_a_life(house)
    await eraser.erase(CANDIDATE, [interview_id])
    async with house.database.reading() as session:
        (invite,) = await session.scalars(select(Invite))
    assert (invite.name, invite.email, invite.reference, invite.interview_id) == ("", "", "", None)
    assert invite.used_at is not None


async def test_erasing_what_is_not_there_changes_nothing(house: House, eraser: Eraser) -> None:
    assert not await eraser.erase(CANDIDATE, ["0" * 32], ["1" * 32])
    assert await traces(house.database, "0" * 32) == set()


@pytest.mark.parametrize("busy", ["scorer", "interviewer"])
async def test_a_turn_under_way_writes_nothing_afterwards(house: House, eraser: Eraser, busy: str) -> None:
    interview_id, gate = await begin_turn(house, busy)
    await eraser.erase(CANDIDATE, [interview_id])
    gate.set()
    await house.at_rest()
    assert await traces(house.database, interview_id) == {"audit_events"}
    assert house.service.live.state(interview_id) is None


@pytest.mark.parametrize("busy", ["scorer", "interviewer"])
async def test_a_turn_of_another_process_writes_nothing_afterwards(house: House, busy: str) -> None:
    interview_id, gate = await begin_turn(house, busy)
    async with house.database.session() as session:
        await erase(session, CANDIDATE, [interview_id])  # this process isn't told
    gate.set()
    await until(lambda: house.service.live.state(interview_id) is None)
    assert await traces(house.database, interview_id) == {"audit_events"}
    with pytest.raises(NotFoundError):
        await house.service.find(interview_id)


async def begin_turn(house: House, busy: str) -> tuple[str, asyncio.Event]:
    """An interview in the middle of a turn, and the gate it waits at."""
    created = await house.interview()
    gate = asyncio.Event()
    part = house.scorer if busy == "scorer" else house.interviewer
    part.gate = gate
    await house.service.reply(created.id, NewReply(text=f"I am {WORD}", client_turn_id="one"))
    await until(lambda: house.scorer.answers if busy == "scorer" else len(house.interviewer.moves) > 1)
    return created.id, gate


async def test_whoever_follows_is_told_that_the_interview_is_gone(house: House, eraser: Eraser) -> None:
    created = await house.interview()
    events = house.service.events(created.id, StreamPosition())
    seen = [await anext(events)]
    await eraser.erase(CANDIDATE, [created.id])
    seen += [event async for event in events]
    last = seen[-1]
    assert last is not None
    assert last.name == "error"
    assert json.loads(last.body)["status"] == 404


async def test_a_reply_to_an_erased_interview_is_refused(house: House, eraser: Eraser) -> None:
    created = await house.interview()
    await eraser.erase(CANDIDATE, [created.id])
    with pytest.raises(NotFoundError):
        await house.say(created.id, "anyone there?")
    async with house.database.reading() as session:
        assert list(await session.scalars(select(Utterance))) == []


async def test_judgements_and_calls_of_an_erased_interview_come_too_late(
    house: House, eraser: Eraser
) -> None:
    store, ledger = DatabaseJudgements(house.database), UsageLedger(house.database)
    created = await house.service.create(NewInterview(bank="tiny"))
    await house.settled(created.id)
    with calls_about(f"{created.id}/2"):
        await store.put("early", [Judgement(1.0, quotes=(WORD,))])
        await eraser.erase(CANDIDATE, [created.id])
        await store.put("late", [Judgement(1.0, quotes=(WORD,))])
        ledger.record(Usage("judge", "m", "-", about=f"{created.id}/2"))
    await ledger.close()
    assert await store.get("early") is None
    assert await store.get("late") is None
    assert await traces(house.database, created.id) == {"audit_events"}


async def test_a_judgement_is_deleted_with_the_last_interview_that_used_it(
    house: House, eraser: Eraser
) -> None:
    store = DatabaseJudgements(house.database)
    first, second = [(await house.interview()).id for _ in range(2)]
    for interview_id in (first, second, second):
        with calls_about(f"{interview_id}/2"):
            if await store.get("key") is None:
                await store.put("key", [Judgement(1.0, quotes=(WORD,))])
    await eraser.erase(CANDIDATE, [first])
    assert await store.get("key") is not None
    await eraser.erase(CANDIDATE, [second])
    assert await store.get("key") is None
