"""Turns that survive a kill: each one is a workflow."""

import logging
from collections.abc import Collection
from typing import Any

from pydantic import TypeAdapter

from app.background import TaskSet
from app.db.engine import Database
from app.db.tables import now
from app.errors import AppError, NotFoundError, StorageError
from app.interviews.repository import Interviews, missing
from app.interviews.speaking.interviewer import Response
from app.interviews.state import state_view
from app.interviews.turns.answering import ReplyAnswerer
from app.interviews.turns.judging import ReplyJudge
from app.interviews.turns.live import LiveUtterances
from app.interviews.turns.turn import Turn
from app.workflows.workflows import Kind, Workflows, step

log = logging.getLogger("interviewer.interviews")
# Steps are recorded as plain JSON values.
_RESPONSE = TypeAdapter(Response)


class DurableTurns:
    """Starts turns and sees them through, across kills of this process."""

    def __init__(
        self,
        workflows: Workflows,
        database: Database,
        judge: ReplyJudge,
        answerer: ReplyAnswerer,
        live: LiveUtterances,
    ) -> None:
        self._workflows = workflows
        self._database = database
        self._judge = judge
        self._answerer = answerer
        self._live = live
        self._preparing = TaskSet()
        self._kind = workflows.register(
            Kind(
                "answer_reply",
                self._answer,
                self._unanswered,
                ended=self._show_failure,
                noun="the turn",
                hint="The reply is stored. Check free disk space, then send it again.",
            )
        )

    async def close(self) -> None:
        """Stop what is prepared for turns to come."""
        await self._preparing.close()

    @property
    def at_work(self) -> bool:
        """Whether this process is at a turn or prepares the next one."""
        return self._kind.at_work or bool(self._preparing)

    def is_at(self, interview_id: str, turn_seq: int) -> bool:
        """Whether this process is at that turn."""
        return self._kind.is_at_work(interview_id, turn_seq)

    async def start(self, interview_id: str, turn_seq: int) -> None:
        """Start a turn that was never started: judge line `turn_seq`, then say and commit what follows it."""
        self._live.forget_problem(interview_id)
        await self._kind.start(interview_id, turn_seq)

    async def ensure(self, interview_id: str, turn_seq: int) -> None:
        """Start a turn unless it is under way; one that failed starts anew."""
        if await self._kind.ensure(interview_id, turn_seq):
            self._live.forget_problem(interview_id)

    async def forget(self, interview_ids: Collection[str]) -> None:
        """Stop this process's turns of deleted interviews, and delete the records of all their turns.

        A turn that another process is at finds no interview to write in.
        """
        try:
            await self._workflows.forget(self._kind, interview_ids)
        finally:
            for interview_id in interview_ids:
                self._live.forget(interview_id, missing(interview_id).to_problem())

    async def _unanswered(self) -> list[tuple[str, int]]:
        async with self._database.reading() as session:
            return await Interviews(session).unanswered()

    async def _answer(self, interview_id: str, turn_seq: int) -> None:
        """Two steps, each of which may be repeated."""
        turn: Turn | None = None

        async def taken_up() -> Turn:
            nonlocal turn
            turn = turn or await self._answerer.take_up(interview_id, turn_seq)
            return turn

        async def listen() -> dict[str, Any]:
            response = await self._answerer.listen(await taken_up())
            return dict(_RESPONSE.dump_python(response, mode="json"))

        found = _RESPONSE.validate_python(await step("listen", listen))

        async def speak() -> int:
            return await self._answerer.speak(await taken_up(), found)

        await step("speak", speak)
        if turn is not None:
            # While the candidate thinks; not a step, since nothing is lost with it.
            self._preparing.spawn(self._judge.prepare_next(turn))

    async def _show_failure(self, error: BaseException | None, interview_id: str, turn_seq: int) -> None:
        if error is None:
            return
        if isinstance(error, NotFoundError):
            log.info("interview %s was deleted during the turn after line %d", interview_id, turn_seq)
            self._live.forget(interview_id, error.to_problem())
            return
        log.error("interview %s: the turn after line %d failed: %r", interview_id, turn_seq, error)
        if not isinstance(error, AppError):
            error = AppError(
                "the interviewer lost the thread; the log has the details",
                hint="Your reply is stored. Send it again to go on.",
            )
        state = None
        try:
            async with self._database.reading() as session:
                interviews = Interviews(session)
                if await interviews.answer_to(interview_id, turn_seq) is not None:
                    return  # The candidate did not wait, and has an answer.
                interview = await interviews.get(interview_id)
            state = state_view(interview, "idle", now()) if interview else None
        except StorageError as storage_error:
            log.error("interview %s: %s", interview_id, storage_error.detail)
        self._live.fail(interview_id, error.to_problem(), state)
