import asyncio

import pytest
from sqlalchemy import select

from app.db.tables import AuditEvent, ReplacedCard, ScorerRow
from app.errors import BadInputError, ConflictError, NotFoundError
from app.recruiting.rescoring.schemas import NewRun, Scope, ScorerChoice
from app.scoring.card import ScorerIdentity
from app.search.index import QuestionIndex
from app.settings import Settings
from tests.recruiting.rescoring.desk import Desk, open_desk
from tests.recruiting.rescoring.ended import add_ended, current_cards

ANSWERS = ["I apologise.", "I apologise and offer a refund.", "Nothing of the sort."]


async def test_a_run_scores_every_ended_interview_and_counts_what_changed(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    await desk.house.interview()

    run = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))

    assert (run.status, run.total, run.done, run.changed) == ("done", 3, 3, 3)
    assert {row.fingerprint for row in await current_cards(desk.house.database)} == {"older"}
    changed = await desk.rescoring.changed(run.id, desk.account)
    assert [(row.changed, row.before) for row in changed] == [(2, 0.0), (1, 0.0), (0, 0.0)]
    assert changed[0].after == pytest.approx(2 / 3, abs=0.01)


async def test_an_adopted_run_replaces_the_cards_and_keeps_the_old_ones(desk: Desk) -> None:
    ids = await add_ended(desk.house.database, ANSWERS)
    run = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))

    await desk.ended(await desk.rescoring.adopt(run.id, desk.account))

    cards = await current_cards(desk.house.database)
    assert {row.fingerprint for row in cards} == {"plain-1"}
    async with desk.house.database.reading() as session:
        replaced = list(await session.scalars(select(ReplacedCard)))
    assert sorted(row.interview_id for row in replaced) == sorted(ids)
    assert {(row.run_id, row.card["fingerprint"]) for row in replaced} == {(run.id, "older")}
    assert (await desk.house.service.find(ids[1])).score == 4.0


async def test_adopted_cards_name_the_scorer_that_made_them_not_the_one_of_that_moment(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await add_ended(desk.house.database, ANSWERS)
    judge = desk.house.scorer.identity("en")
    run = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))
    later = ScorerIdentity(judge={"model": "set since then"})
    monkeypatch.setattr(desk.house.scorer, "identity", lambda _: later)

    await desk.ended(await desk.rescoring.adopt(run.id, desk.account))

    assert {row.scorer_id for row in await current_cards(desk.house.database)} == {judge.id}
    assert {(await desk.house.service.find(id)).scorer_id for id in ids} == {judge.id}
    async with desk.house.database.reading() as session:
        assert (await session.get_one(ScorerRow, judge.id)).identity == judge.to_dict()
        assert await session.get(ScorerRow, later.id) is None


async def test_what_can_not_be_scored_keeps_its_card(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.status = "not_scored"

    run = await desk.ended(await desk.rescoring.begin(NewRun(adopt=True), desk.account))

    assert (run.status, run.not_scored, run.done) == ("done", 3, 3)
    assert {row.fingerprint for row in await current_cards(desk.house.database)} == {"older"}


async def test_a_cancelled_run_stops_behind_the_interview_it_is_at(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.gate = asyncio.Event()
    run = await desk.rescoring.begin(NewRun(adopt=True), desk.account)
    await desk.judging()

    await desk.rescoring.cancel(run.id, desk.account)
    desk.house.scorer.gate.set()
    await desk.at_rest()

    assert (await desk.rescoring.get(run.id)).status == "cancelled"
    assert len(desk.house.scorer.answers) == 1
    assert {row.fingerprint for row in await current_cards(desk.house.database)} == {"older"}


async def test_a_run_left_by_a_stopped_service_goes_on(
    settings: Settings, tiny_questions: QuestionIndex
) -> None:
    async with open_desk(settings, tiny_questions) as desk:
        await add_ended(desk.house.database, ANSWERS)
        desk.house.scorer.gate = asyncio.Event()
        run = await desk.rescoring.begin(NewRun(adopt=True), desk.account)
        await desk.judging()

    async with open_desk(settings, tiny_questions) as desk:
        assert (await desk.ended(run)).done == 3
        assert len(desk.house.scorer.answers) == 3


async def test_a_scope_names_interviews_or_narrows_them(desk: Desk) -> None:
    ids = await add_ended(desk.house.database, ANSWERS)

    run = await desk.rescoring.begin(NewRun(scope=Scope(interview_ids=ids[:2])), desk.account)

    assert run.total == 2
    with pytest.raises(BadInputError, match="no ended interview"):
        await desk.rescoring.begin(NewRun(scope=Scope(bank="another")), desk.account)


async def test_a_scorer_that_can_not_be_had_is_refused(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    with pytest.raises(BadInputError, match="embedded model"):
        await desk.rescoring.begin(NewRun(scorer=ScorerChoice(model="larger")), desk.account)
    with pytest.raises(BadInputError, match="no version 'strict'"):
        await desk.rescoring.begin(NewRun(scorer=ScorerChoice(prompts="strict")), desk.account)


async def test_a_run_under_way_can_not_be_adopted(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    desk.house.scorer.gate = asyncio.Event()
    run = await desk.rescoring.begin(NewRun(), desk.account)

    with pytest.raises(ConflictError):
        await desk.rescoring.adopt(run.id, desk.account)
    with pytest.raises(NotFoundError):
        await desk.rescoring.get("0" * 32)
    desk.house.scorer.gate.set()
    await desk.ended(run)


async def test_every_step_of_a_run_is_in_the_audit_log(desk: Desk) -> None:
    await add_ended(desk.house.database, ANSWERS)
    run = await desk.ended(await desk.rescoring.begin(NewRun(), desk.account))
    await desk.ended(await desk.rescoring.adopt(run.id, desk.account))

    async with desk.house.database.reading() as session:
        events = list(await session.scalars(select(AuditEvent).where(AuditEvent.subject == run.id)))
    assert [(event.action, event.actor) for event in events] == [
        ("rescoring.begin", "reviewer"),
        ("rescoring.adopt", "reviewer"),
    ]
