"""Re-scoring that survives a kill: one workflow a run.

What was done stands in the run's rows, each written in one transaction with the cards it stands for. So a
workflow that is taken up again goes on behind the last committed interview, and scores none twice. While the
database is away a run waits for it; any other error ends the run, and a person may let it go on.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy.exc import DataError
from sqlalchemy.exc import TimeoutError as NoFreeConnectionError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.engine import Database
from app.db.tables import Interview, InterviewQuestion, RescoredInterview, RescoringRun, Utterance, now
from app.errors import AppError, StorageError
from app.interviews.repository import Interviews
from app.interviews.turns.judging import rescored_cards
from app.recruiting.rescoring.repository import ADOPTED, NOT_SCORED, SCORED, WAITING, Rescorings
from app.recruiting.rescoring.schemas import ScorerChoice
from app.recruiting.rescoring.scorers import ScorerSource
from app.scoring.card import QuestionScore, ScorerIdentity
from app.scoring.scorer import Scorer
from app.workflows.workflows import Kind, Workflows

log = logging.getLogger("interviewer.rescoring")

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30.0
_BATCH = 50
_GO_ON = "Then let the run go on: what was scored stays."

_Result = TypeVar("_Result")


class _StoppedError(Exception):
    """The run is no longer to be worked on."""


class DurableRescoring:
    """Starts runs and sees them through, across kills of this process and errors of its database."""

    def __init__(self, workflows: Workflows, database: Database, scorers: ScorerSource) -> None:
        self._database = database
        self._scorers = scorers
        self._waits_for: dict[str, str] = {}
        self._kind = workflows.register(
            Kind(
                "rescore",
                self._work,
                self._unfinished,
                ended=self._look_again,
                noun="the run",
                prefix="rescore-",
            )
        )

    @property
    def at_work(self) -> bool:
        """Whether this process is at a run."""
        return self._kind.at_work

    def waits_for(self, run_id: str) -> str:
        """What keeps a run of this process from going on, and will pass; empty when nothing does."""
        return self._waits_for.get(run_id, "")

    async def ensure(self, run_id: str) -> None:
        """Start the run's workflow unless one is under way; a run that can't be started has failed."""
        try:
            await self._kind.ensure(run_id)
        except StorageError as error:
            log.exception("re-scoring %s could not be started", run_id)
            await self._finish(run_id, "failed", f"{error.detail}. {_GO_ON}")

    async def _unfinished(self) -> list[tuple[str]]:
        async with self._database.reading() as session:
            return [(run_id,) for run_id in await Rescorings(session).running()]

    async def _work(self, run_id: str) -> None:
        """Score, and if the run says so adopt, every interview of the run that still waits for it."""
        try:
            status, failure = "done", ""
            try:
                await self._work_through(run_id)
            except AppError as error:
                log.error("re-scoring %s: %s", run_id, error.detail)
                status, failure = "failed", " ".join([f"{error.detail}.", error.hint, _GO_ON])
            except _StoppedError:
                raise
            except Exception as error:
                log.exception("re-scoring %s failed", run_id)
                status, failure = "failed", _explained(error)
            await self._lasting(run_id, lambda: self._finish(run_id, status, failure))
        except _StoppedError:
            log.info("re-scoring %s was stopped", run_id)
        finally:
            self._waits_for.pop(run_id, None)

    async def _work_through(self, run_id: str) -> None:
        run = await self._lasting(run_id, lambda: self._run(run_id))
        async with self._scorers.scorer(ScorerChoice.model_validate(run.scorer)) as scorer:
            while waiting := await self._lasting(run_id, lambda: self._waiting(run_id)):
                for interview_id in waiting:
                    try:
                        await self._do(run_id, interview_id, scorer)
                    except (AppError, _StoppedError):
                        raise
                    except Exception as error:
                        error.add_note(f"at interview {interview_id}")
                        raise

    async def _lasting(self, run_id: str, step: Callable[[], Awaitable[_Result]]) -> _Result:
        """What the step returns, tried again for as long as the database is away and the run is wanted.

        Each step is one transaction, and repeating one that was committed changes nothing.
        """
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                result = await step()
            except (StorageError, NoFreeConnectionError) as error:
                if isinstance(error.__cause__, DataError):
                    raise
                reason = f"{error.detail}. {error.hint}" if isinstance(error, StorageError) else str(error)
                self._waits_for[run_id] = reason
                log.warning("re-scoring %s waits %.1f s: %s", run_id, pause, reason)
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            else:
                self._waits_for.pop(run_id, None)
                return result

    async def _run(self, run_id: str) -> RescoringRun:
        async with self._database.reading() as session:
            return await _wanted(session, run_id)

    async def _waiting(self, run_id: str) -> list[str]:
        async with self._database.reading() as session:
            run = await _wanted(session, run_id)
            statuses = (WAITING, SCORED) if run.adopt else (WAITING,)
            return await Rescorings(session).next_waiting(run_id, statuses, _BATCH)

    async def _do(self, run_id: str, interview_id: str, scorer: Scorer) -> None:
        """Score one interview, or adopt the cards it has. One that can't be scored keeps the cards it had."""
        found = await self._lasting(run_id, lambda: self._held(run_id, interview_id))
        if found is None:
            return
        row, interview, questions, lines = found
        made: _Made | None = None
        if row.status == WAITING:
            cards = await rescored_cards(scorer, interview, questions, lines)
            # Only now: what judges may not be known before its model is loaded.
            made = _Made(cards, scorer.identity(interview.settings["bank_language"]))
        await self._lasting(run_id, lambda: self._keep(run_id, interview_id, made))

    async def _held(self, run_id: str, interview_id: str) -> "_Held | None":
        async with self._database.reading() as session:
            await _wanted(session, run_id)
            row = await Rescorings(session).row(run_id, interview_id)
            interviews = Interviews(session)
            interview = await interviews.get(interview_id)
            if row is None or interview is None:
                return None
            questions = await interviews.questions(interview_id)
            return row, interview, questions, await interviews.lines(interview_id)

    async def _keep(self, run_id: str, interview_id: str, made: "_Made | None") -> None:
        async with self._database.session() as session:
            rescorings = Rescorings(session)
            run = await rescorings.lock(run_id)
            row = await rescorings.row(run_id, interview_id)
            if run is None or run.status != "running":
                raise _StoppedError
            if row is None:
                return
            interviews = Interviews(session)
            if row.status == WAITING and made is not None:
                current = await interviews.cards(interview_id)
                row.cards = {str(number): card.model_dump() for number, card in made.cards.items()}
                row.scorer = made.scorer.to_dict()
                row.changed = sum(changed_verdicts(current.get(n), card) for n, card in made.cards.items())
                row.status = SCORED if all(c.status == "scored" for c in made.cards.values()) else NOT_SCORED
                row.at = now()
            if run.adopt and row.status == SCORED:
                for number, card in (row.cards or {}).items():
                    await interviews.save_card(
                        interview_id,
                        int(number),
                        QuestionScore.model_validate(card),
                        ScorerIdentity(**(row.scorer or {})),
                        run_id,
                    )
                row.status = ADOPTED

    async def _finish(self, run_id: str, status: str, failure: str = "") -> None:
        async with self._database.session() as session:
            await Rescorings(session).finish(run_id, status, failure)

    async def _look_again(self, error: BaseException | None, run_id: str) -> None:
        """A run that was stopped, and let go on before its workflow had ended, is started anew."""
        if error is not None:
            return
        try:
            await self._lasting(run_id, lambda: self._run(run_id))
        except _StoppedError:
            return
        await self.ensure(run_id)


@dataclass(frozen=True)
class _Made:
    """An interview's new cards by question number, and the scorer that made them."""

    cards: Mapping[int, QuestionScore]
    scorer: ScorerIdentity


_Held = tuple[RescoredInterview, Interview, Mapping[int, InterviewQuestion], Sequence[Utterance]]


async def _wanted(session: AsyncSession, run_id: str) -> RescoringRun:
    run = await Rescorings(session).get(run_id)
    if run is None or run.status != "running":
        raise _StoppedError
    return run


def changed_verdicts(before: QuestionScore | None, after: QuestionScore) -> int:
    """How many points have another credit than before; all of them where there was no card."""
    credits = {point.id: point.credit for point in before.points} if before else {}
    return sum(point.id not in credits or credits[point.id] != point.credit for point in after.points)


def _explained(error: Exception) -> str:
    at = " ".join(getattr(error, "__notes__", []))
    return f"{type(error).__name__} {at}: the log has the details. Mend what it names. {_GO_ON}"
