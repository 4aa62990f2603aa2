import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from app.authoring import proposals
from app.authoring.repository import Drafts, Jobs
from app.authoring.schemas import DraftView, PointEdit, QuestionEdit
from app.db.tables import BankDraftJob, now
from app.documents.draft import Draft, DraftPoint, DraftSection
from app.errors import ConflictError, LLMUnavailableError
from tests.authoring.desk import Desk
from tests.authoring.making import ANGRY, LATE, WHY, draft, question
from tests.waiting import until


class Proposer:
    """Proposes one point for each question without any, once `let_go` is set; counts its progress."""

    def __init__(self) -> None:
        self.let_go = asyncio.Event()
        self.error: Exception | None = None
        self.sections: list[DraftSection] = []

    async def propose(
        self,
        made: Draft,
        llm: object,
        prompts: object,
        on_progress: Callable[[int, int], None],
        cancelled: Callable[[], bool],
    ) -> Draft:
        made = made.model_copy(deep=True)
        without = [question for _, question in made.questions() if not question.points]
        if not made.questions():
            made.sections = self.sections
        for done, asked in enumerate(without):
            on_progress(done, len(without))
            if done:
                while not self.let_go.is_set() and not cancelled():
                    await asyncio.sleep(0.01)
            if cancelled():
                break
            asked.points = [DraftPoint(text=f"提议：{asked.text}", proposed=True)]
        if self.error is not None:
            raise self.error
        return made


@pytest.fixture
def proposer(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Proposer:
    proposer = Proposer()
    desk.proposer = proposer.propose
    monkeypatch.setattr(proposals, "SEEN_EVERY_SECONDS", 0.02)
    return proposer


def bare(**fields: Any) -> Draft:
    return draft(
        {"s": [question("q1", LATE, []), question("q2", ANGRY, []), question("q3", WHY, [])]}, **fields
    )


async def seen_when(desk: Desk, draft_id: str, holds: Callable[[DraftView], bool]) -> DraftView:
    async def look() -> DraftView | None:
        seen = await desk.drafts.get(draft_id)
        return seen if holds(seen) else None

    seen = await until(look)
    assert seen is not None
    return seen


def points(seen: DraftView) -> dict[str, list[str]]:
    return {question.key: [point.text for point in question.points] for _, question in seen.draft.questions()}


async def test_proposals_come_with_progress_and_unblock_questions(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    started = await desk.drafts.propose_points(kept.id)
    assert started.job is not None
    assert started.job.kind == "propose"
    under_way = await seen_when(desk, kept.id, lambda seen: seen.job is not None and seen.job.total == 3)
    assert under_way.job is not None
    assert (under_way.job.done, under_way.job.failed) == (1, None)
    assert under_way.job.seconds_left is not None
    proposer.let_go.set()
    done = await seen_when(desk, kept.id, lambda seen: seen.job is None)
    assert points(done)["q3"] == [f"提议：{WHY}"]
    assert (done.revision, done.summary.publishable) == (2, 3)
    assert all(point.proposed for _, question in done.draft.questions() for point in question.points)


async def test_what_people_write_meanwhile_stays(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    await desk.drafts.propose_points(kept.id)
    mine = QuestionEdit(points=[PointEdit(text="我写的")])
    edited = await desk.drafts.edit_question(kept.id, "q1", mine, kept.revision)
    await desk.drafts.edit_question(kept.id, "q2", QuestionEdit(text="改了的问题？"), edited.revision)
    proposer.let_go.set()
    done = await seen_when(desk, kept.id, lambda seen: seen.job is None)
    assert points(done) == {"q1": ["我写的"], "q2": [], "q3": [f"提议：{WHY}"]}


async def test_a_view_without_a_job_shows_what_the_job_proposed(
    desk: Desk, proposer: Proposer, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = await desk.keep(bare())
    await desk.drafts.propose_points(kept.id)
    read = Drafts.get
    views = 0

    async def job_is_over() -> bool:
        async with desk.database.reading() as session:
            return await Jobs(session).get(kept.id) is None

    async def held_until_the_job_is_over(drafts: Drafts, draft_id: str) -> Any:
        nonlocal views
        found = await read(drafts, draft_id)
        views += 1
        if views == 1:
            proposer.let_go.set()
            await until(job_is_over)
        return found

    monkeypatch.setattr(Drafts, "get", held_until_the_job_is_over)
    seen = await desk.drafts.get(kept.id)
    assert seen.job is not None or points(seen)["q3"] == [f"提议：{WHY}"]
    assert points(await seen_when(desk, kept.id, lambda seen: seen.job is None))["q3"] == [f"提议：{WHY}"]


async def test_cancelling_keeps_what_was_proposed_so_far(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    await desk.drafts.propose_points(kept.id)
    await desk.drafts.cancel(kept.id)
    done = await seen_when(desk, kept.id, lambda seen: seen.job is None)
    assert points(done) == {"q1": [f"提议：{LATE}"], "q2": [], "q3": []}


async def test_a_second_job_on_a_draft_is_refused(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    await desk.drafts.propose_points(kept.id)
    with pytest.raises(ConflictError, match="already"):
        await desk.drafts.propose_points(kept.id)


async def test_a_model_that_fails_leaves_the_draft_and_says_why(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    proposer.error = LLMUnavailableError("still loading", hint="Wait.")
    proposer.let_go.set()
    await desk.drafts.propose_points(kept.id)
    failed = await seen_when(desk, kept.id, lambda seen: seen.job is not None and seen.job.failed is not None)
    assert failed.job is not None
    assert "still loading. Wait." in (failed.job.failed or "")
    assert failed.draft == kept.draft
    assert (await desk.drafts.cancel(kept.id)).job is None
    proposer.error = None
    await desk.drafts.propose_points(kept.id)
    assert points(await seen_when(desk, kept.id, lambda seen: seen.job is None))["q2"]


async def test_a_job_whose_process_died_has_failed_and_can_be_started_again(
    desk: Desk, proposer: Proposer
) -> None:
    kept = await desk.keep(bare())
    async with desk.database.session() as session:
        session.add(BankDraftJob(draft_id=kept.id, kind="propose", done=1, total=3, stopping=False))
    running = await desk.drafts.get(kept.id)
    assert running.job is not None
    assert running.job.failed is None
    async with desk.database.session() as session:
        long_ago = now() - timedelta(minutes=5)
        await session.execute(update(BankDraftJob).values(seen_at=long_ago))
    dead = await desk.drafts.get(kept.id)
    assert dead.job is not None
    assert "process" in (dead.job.failed or "")
    proposer.let_go.set()
    await desk.drafts.propose_points(kept.id)
    assert points(await seen_when(desk, kept.id, lambda seen: seen.job is None))["q1"]


async def test_closing_stops_the_job_and_says_so(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(bare())
    await desk.drafts.propose_points(kept.id)
    await asyncio.sleep(0)
    await desk.drafts.close()
    seen = await desk.drafts.get(kept.id)
    assert seen.job is not None
    assert seen.job.failed is not None
    assert seen.revision == 1


async def test_sections_proposed_for_a_draft_without_questions_are_taken(
    desk: Desk, proposer: Proposer
) -> None:
    proposer.sections = [DraftSection(key="s1", title="提议", questions=[question("q1", LATE)])]
    kept = await desk.keep(draft({}))
    await desk.drafts.propose_points(kept.id)
    done = await seen_when(desk, kept.id, lambda seen: seen.job is None)
    assert (done.summary.questions, done.summary.publishable) == (1, 1)


async def test_a_published_draft_gets_no_proposals(desk: Desk, proposer: Proposer) -> None:
    kept = await desk.keep(draft({"s": [question("q", LATE)]}))
    await desk.drafts.publish(kept.id, None, kept.revision)
    with pytest.raises(ConflictError, match="published"):
        await desk.drafts.propose_points(kept.id)
