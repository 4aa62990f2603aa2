"""Streams of an interview's events: what was committed, then what is being said, then what comes."""

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from time import monotonic

from app.db.engine import Database
from app.db.tables import now
from app.errors import AppError
from app.interviews.access.admission import check_open
from app.interviews.repository import Interviews
from app.interviews.schemas import Activity, StateView, TranscriptLine
from app.interviews.state import line_view, state_view
from app.interviews.turns.live import Event, Follower, LiveUtterances, StreamPosition

HEARTBEAT_SECONDS = 15.0
# On a shared database another process may be the one that speaks.
POLL_SECONDS = 1.0


@dataclass(frozen=True)
class Reading:
    """What the database said: lines, the state, and the transcript's last `seq`."""

    lines: list[TranscriptLine]
    state: StateView
    last_seq: int


class Followers:
    """Opens streams. No database session stays open while one waits."""

    def __init__(self, database: Database, live: LiveUtterances) -> None:
        self._database = database
        self._live = live

    async def read(self, interview_id: str, after: int = 0) -> Reading:
        """The committed lines with a `seq` above `after`, and the state."""
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.existing(interview_id)
            lines = await interviews.lines(interview_id, after)
            last = lines[-1] if lines else await interviews.last_line(interview_id)
        waits = interview.status != "ended" and (last is None or last.speaker == "candidate")
        live = self._live.state(interview_id)
        activity: Activity = "idle"
        if waits:
            activity = live.activity if live else "reading"
        views = [line_view(line) for line in lines]
        return Reading(views, state_view(interview, activity, now()), last.seq if last else 0)

    async def turn(self, interview_id: str, seq: int) -> AsyncIterator[Event | None]:
        """Reply `seq` and its answer; ends with the answer or its failure. `None` is a heartbeat."""
        with self._live.follow(interview_id, StreamPosition(seq - 1), last=seq + 1) as follower:
            async for event in self._follow(
                interview_id, follower, lambda: follower.position.seq > seq or follower.failed
            ):
                yield event

    async def interview(self, interview_id: str, position: StreamPosition) -> AsyncIterator[Event | None]:
        """Everything after `position`; ends when the interview has ended. `None` is a heartbeat."""
        with self._live.follow(interview_id, position) as follower:
            async for event in self._follow(interview_id, follower, lambda: _has_ended(follower)):
                yield event

    async def has_news(self, interview_id: str, position: StreamPosition) -> bool:
        """Whether anything was or may yet be said after `position`."""
        reading = await self.read(interview_id, position.seq)
        return bool(reading.lines) or not reading.state.is_over

    async def _follow(
        self, interview_id: str, follower: Follower, is_over: Callable[[], bool]
    ) -> AsyncIterator[Event | None]:
        try:
            if self._database.is_shared or not follower.is_informed:
                await self._catch_up(interview_id, follower)
            beat = monotonic()
            while True:
                for event in follower.news():
                    beat = monotonic()
                    yield event
                if is_over() or follower.is_cut_off:
                    return
                seconds = POLL_SECONDS if self._database.is_shared else HEARTBEAT_SECONDS
                if follower.has_gap or (not await follower.wait(seconds) and self._database.is_shared):
                    await self._catch_up(interview_id, follower)
                if monotonic() - beat >= HEARTBEAT_SECONDS:
                    beat = monotonic()
                    await self._check_open(interview_id)
                    yield None
        except AppError as error:
            yield Event("error", json.dumps(error.to_problem(), ensure_ascii=False))

    async def _check_open(self, interview_id: str) -> None:
        """Raises what whoever follows must know: access was revoked, or the interview deleted."""
        async with self._database.reading() as session:
            check_open(await Interviews(session).existing(interview_id))

    async def _catch_up(self, interview_id: str, follower: Follower) -> None:
        revision = follower.revision
        reading = await self.read(interview_id, follower.position.seq)
        if follower.position.seq > reading.last_seq:
            follower.position = StreamPosition(reading.last_seq)
        follower.add(reading.lines, reading.state, revision)


def _has_ended(follower: Follower) -> bool:
    return follower.state is not None and follower.state.is_over and not follower.has_gap
