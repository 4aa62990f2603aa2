"""Re-scoring that survives a kill: one DBOS workflow a run.

What was done stands in the run's rows, each written in one transaction with the cards it stands for. So a
workflow that is taken up again goes on behind the last committed interview, and scores none twice.
"""

import asyncio
import logging
from typing import Any

from dbos import DBOS, SetWorkflowID
from sqlalchemy.exc import SQLAlchemyError

from app.db.engine import Database
from app.db.tables import now
from app.errors import AppError, StorageError
from app.interviews.rejudging import rejudge
from app.interviews.repository import Interviews
from app.recruiting.rescoring.repository import ADOPTED, NOT_SCORED, SCORED, WAITING, Rescorings
from app.recruiting.rescoring.requests import ScorerChoice
from app.recruiting.rescoring.scorers import ScorerSource
from app.scoring.card import QuestionScore
from app.scoring.identity import ScorerIdentity
from app.scoring.scorer import Scorer

log = logging.getLogger("interviewer.rescoring")

_BATCH = 50
_LIVE_STATUSES = {"PENDING", "ENQUEUED", "DELAYED"}

_running: "DurableRescoring | None" = None


@DBOS.workflow(name="rescore")
async def rescore(run_id: str) -> None:
    """Score, and if the run says so adopt, every interview of the run that still waits for it."""
    if _running is None:
        raise RuntimeError("no re-scoring is running in this process")
    await _running.work(run_id)


class DurableRescoring:
    """Starts runs and sees them through, across kills of this process."""

    def __init__(self, database: Database, scorers: ScorerSource) -> None:
        self._database = database
        self._scorers = scorers
        self._tasks: set[asyncio.Task[Any]] = set()

    def open(self) -> None:
        """Be there for runs that are taken up; before DBOS is launched."""
        global _running
        _running = self

    async def close(self) -> None:
        """Stop; unfinished runs go on when the service starts again."""
        global _running
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if _running is self:
            _running = None

    async def ensure(self, run_id: str) -> None:
        """Start the run's workflow unless one is under way."""
        workflow_id, attempt = f"rescore-{run_id}", 0
        try:
            while (found := await DBOS.get_workflow_status_async(workflow_id)) is not None:
                if found.status in _LIVE_STATUSES:
                    return
                attempt += 1
                workflow_id = f"rescore-{run_id}-{attempt}"
            with SetWorkflowID(workflow_id):
                await DBOS.start_workflow_async(rescore, run_id)
        except SQLAlchemyError as error:
            raise StorageError(f"the run could not be started: {error}", hint="Try again.") from error

    async def ensure_all(self) -> None:
        """Start every unfinished run that is not under way."""
        async with self._database.reading() as session:
            unfinished = await Rescorings(session).running()
        for run_id in unfinished:
            await self.ensure(run_id)

    async def work(self, run_id: str) -> None:
        """The workflow's body."""
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        async with self._database.reading() as session:
            run = await Rescorings(session).get(run_id)
        if run is None:
            return
        try:
            async with self._scorers.scorer(ScorerChoice.model_validate(run.scorer)) as scorer:
                while waiting := await self._waiting(run_id):
                    for interview_id in waiting:
                        if not await self._do(run_id, interview_id, scorer):
                            return
        except AppError as error:
            log.error("re-scoring %s: %s", run_id, error.detail)
            await self._finish(run_id, "failed", error.detail)
        except Exception:
            log.exception("re-scoring %s failed", run_id)
            await self._finish(run_id, "failed", "an unexpected error; the log has the details")
        else:
            await self._finish(run_id, "done")

    async def _waiting(self, run_id: str) -> list[str]:
        async with self._database.reading() as session:
            rescorings = Rescorings(session)
            run = await rescorings.get(run_id)
            if run is None or run.status != "running":
                return []
            statuses = (WAITING, SCORED) if run.adopt else (WAITING,)
            return await rescorings.next_waiting(run_id, statuses, _BATCH)

    async def _do(self, run_id: str, interview_id: str, scorer: Scorer) -> bool:
        """Score one interview, or adopt the cards it has; False when the run was stopped.

        One that can't be scored keeps the cards it had.
        """
        async with self._database.reading() as session:
            row = await Rescorings(session).row(run_id, interview_id)
            interviews = Interviews(session)
            interview = await interviews.get(interview_id)
            if row is None or interview is None:
                return True
            questions = await interviews.questions(interview_id)
            lines = await interviews.lines(interview_id)
        if row.status == WAITING:
            cards = await rejudge(scorer, interview, questions, lines)
        else:
            cards = {
                int(number): QuestionScore.model_validate(card) for number, card in (row.cards or {}).items()
            }
        identity = scorer.identity(interview.settings["bank_language"])
        return await self._keep(run_id, interview_id, cards, identity)

    async def _keep(
        self, run_id: str, interview_id: str, cards: dict[int, QuestionScore], identity: ScorerIdentity
    ) -> bool:
        async with self._database.session() as session:
            rescorings = Rescorings(session)
            run = await rescorings.lock(run_id)
            row = await rescorings.row(run_id, interview_id)
            if run is None or run.status != "running":
                return False
            if row is None:
                return True
            interviews = Interviews(session)
            if row.status == WAITING:
                current = await interviews.cards(interview_id)
                row.cards = {str(number): card.model_dump() for number, card in cards.items()}
                row.changed = sum(changed_verdicts(current.get(n), card) for n, card in cards.items())
                row.status = SCORED if all(c.status == "scored" for c in cards.values()) else NOT_SCORED
                row.at = now()
            if run.adopt and row.status == SCORED:
                for number, card in cards.items():
                    await interviews.save_card(interview_id, number, card, identity, run_id)
                row.status = ADOPTED
        return True

    async def _finish(self, run_id: str, status: str, failure: str = "") -> None:
        async with self._database.session() as session:
            await Rescorings(session).finish(run_id, status, failure)


def changed_verdicts(before: QuestionScore | None, after: QuestionScore) -> int:
    """How many points have another credit than before; all of them where there was no card."""
    credits = {point.id: point.credit for point in before.points} if before else {}
    return sum(point.id not in credits or credits[point.id] != point.credit for point in after.points)
