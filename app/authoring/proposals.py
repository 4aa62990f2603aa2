"""The LLM proposes rubric points in the background; the database holds how far it is, for every process."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import IntegrityError

from app.authoring.checks import recheck, summarise
from app.authoring.repository import Change, Drafts, Jobs
from app.authoring.schemas import JobView
from app.background import PeriodicJob, TaskSet
from app.db.engine import Database
from app.db.tables import BankDraftJob, new_id, now
from app.documents.draft import Draft
from app.errors import AppError, ConflictError
from app.llm.base import LLM, ChatModel
from app.llm.prompts import PromptLibrary

log = logging.getLogger("interviewer.banks")

SEEN_EVERY_SECONDS = 1.0
SILENT_AFTER_SECONDS = 30.0
_TRIES = 10
_DIED = "the process that was at it ended; what was not finished can be proposed again"


Proposer = Callable[
    [Draft, LLM, PromptLibrary, Callable[[int, int], None], Callable[[], bool]], Awaitable[Draft]
]
"""Gives a copy of a draft with proposals in it; is told where to report steps done, and whether to stop."""


async def propose_points(
    draft: Draft,
    llm: LLM,
    prompts: PromptLibrary,
    on_progress: Callable[[int, int], None],
    cancelled: Callable[[], bool],
) -> Draft:
    """As `proposing.propose`, the proposer of the house."""
    # Proposing brings dictionaries with it, which nothing else needs.
    from app.documents.proposing.proposing import propose

    return await propose(draft, llm, prompts, on_progress, cancelled)


class ProposalJobs:
    """At most one job a draft, in whichever process it was asked of."""

    def __init__(
        self, database: Database, llm: ChatModel, prompts: PromptLibrary, proposer: Proposer
    ) -> None:
        self._database = database
        self._llm = llm
        self._prompts = prompts
        self._propose = proposer
        self._tasks = TaskSet()

    async def start(self, draft_id: str, draft: Draft) -> None:
        """Begin proposing for a draft. Raises `ConflictError` while this is going on."""
        job = BankDraftJob(id=new_id(), draft_id=draft_id, kind="propose", done=0, total=0, stopping=False)
        job.started_at = job.seen_at = now()
        try:
            async with self._database.session() as session:
                started = await Jobs(session).start(job, _silent_since())
        except IntegrityError:
            started = False
        if not started:
            raise ConflictError(
                "points are being proposed for this draft already", hint="Wait for them, or cancel."
            )
        self._tasks.spawn(self._run(job.id, draft_id, draft), job.id)

    async def cancel(self, draft_id: str) -> None:
        """End the draft's job after the question it is at; what was proposed so far stays."""
        async with self._database.session() as session:
            await Jobs(session).stop(draft_id)

    async def close(self) -> None:
        """Stop all jobs of this process."""
        ended = list(self._tasks)
        await self._tasks.close()
        with contextlib.suppress(AppError):
            async with self._database.session() as session:
                for job_id in ended:
                    await Jobs(session).end(str(job_id), _DIED)

    async def _run(self, job_id: str, draft_id: str, draft: Draft) -> None:
        going = _Going()
        beat = PeriodicJob(
            "showing how far a proposal is", SEEN_EVERY_SECONDS, lambda: self._show(job_id, going)
        )
        beat.start()
        failed: str | None = None
        try:
            proposed = await self._propose(
                draft, self._llm, self._prompts, going.progressed, going.is_stopped
            )
            await self._merge(draft_id, draft, proposed)
        except AppError as error:
            log.warning("proposing points for draft %s failed: %s", draft_id, error.detail)
            failed = " ".join(part for part in (f"{error.title}: {error.detail}.", error.hint) if part)
        except Exception:
            log.exception("proposing points for draft %s failed", draft_id)
            failed = "an unexpected error; the log has the details"
        finally:
            await beat.close()
        with contextlib.suppress(AppError):
            async with self._database.session() as session:
                await Jobs(session).end(job_id, failed)

    async def _merge(self, draft_id: str, asked: Draft, proposed: Draft) -> None:
        for _ in range(_TRIES):
            async with self._database.reading() as session:
                found = await Drafts(session).get(draft_id)
            if found is None or found[0].status != "open":
                return
            row = found[0]
            change = await asyncio.to_thread(_merged, row.draft, row.bank_id, asked, proposed)
            if change is None:
                return
            async with self._database.session() as session:
                if await Drafts(session).change(draft_id, row.revision, change):
                    return
        raise ConflictError("the draft was being changed all the time", hint="Propose again.")

    async def _show(self, job_id: str, going: "_Going") -> None:
        async with self._database.session() as session:
            goes_on = await Jobs(session).seen(job_id, going.done, going.total)
        if not goes_on:
            going.stopped = True


class _Going:
    """What a job and its beat tell each other."""

    def __init__(self) -> None:
        self.done = 0
        self.total = 0
        self.stopped = False

    def progressed(self, done: int, total: int) -> None:
        self.done, self.total = done, total

    def is_stopped(self) -> bool:
        return self.stopped


def job_view(job: BankDraftJob) -> JobView:
    """The job as people see it; one that fell silent has failed."""
    failed = job.failed
    if failed is None and job.seen_at < _silent_since():
        failed = _DIED
    seconds = (now() - job.started_at).total_seconds()
    left = seconds / job.done * (job.total - job.done) if job.done and failed is None else None
    return JobView(
        kind="propose",
        done=job.done,
        total=job.total,
        seconds_left=None if left is None else round(max(left, 0.0), 1),
        failed=failed,
    )


def _silent_since() -> datetime:
    return now() - timedelta(seconds=SILENT_AFTER_SECONDS)


def _merged(stored: str, bank_id: str, asked: Draft, proposed: Draft) -> Change | None:
    current = Draft.model_validate_json(stored)
    if not take_proposals(current, asked, proposed):
        return None
    return Change(current.model_dump_json(), summarise(current).model_dump_json(), bank_id)


def take_proposals(current: Draft, asked: Draft, proposed: Draft) -> int:
    """Put into `current` what `proposed` adds to `asked`; the number of questions that changed.

    Points go to a question that still has none and still says what it said; sections to a draft that still
    has no question. What people wrote meanwhile stays.
    """
    if not current.questions():
        current.sections, current.competencies = proposed.sections, proposed.competencies
        if current.flags == asked.flags:
            current.flags = proposed.flags
        for _, question in current.questions():
            recheck(question)
        return len(current.questions())
    before = {question.key: question for _, question in asked.questions()}
    news = {question.key: question for _, question in proposed.questions()}
    changed = 0
    for _, question in current.questions():
        old, new = before.get(question.key), news.get(question.key)
        if old is None or new is None or not new.points or question.points:
            continue
        if (question.text, question.reference_answer) == (old.text, old.reference_answer):
            was = question.model_copy(deep=True)
            question.points = new.points
            known = [flag.model_dump() for flag in old.flags]
            question.flags += [flag for flag in new.flags if flag.model_dump() not in known]
            recheck(question, was)
            changed += 1
    return changed
