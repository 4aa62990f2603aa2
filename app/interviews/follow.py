"""Streams of an interview's events: what was committed, then what is being said, then what comes."""

import json
from collections.abc import AsyncIterator, Callable
from time import monotonic

from app.db.engine import Database
from app.db.tables import now
from app.errors import AppError
from app.interviews.live import Event, Follower, LiveUtterances, Place
from app.interviews.repository import Interviews
from app.interviews.schemas import Activity, StateView, TranscriptLine
from app.interviews.views import line_view, state_view

HEARTBEAT_SECONDS = 15.0
# On a shared database another process may be the one that speaks.
POLL_SECONDS = 1.0


class Followers:
    """Opens streams. No database session stays open while one waits."""

    def __init__(self, database: Database, live: LiveUtterances) -> None:
        self._database = database
        self._live = live

    async def read(self, interview_id: str, after: int = 0) -> tuple[list[TranscriptLine], StateView]:
        """The committed lines with a `seq` above `after`, and the state."""
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.get(interview_id)
            assert interview is not None
            # The line before tells who spoke last when nothing came after it.
            lines = await interviews.lines(interview_id, after=max(after - 1, 0))
        last = lines[-1] if lines else None
        waits = interview.status != "ended" and (last is None or last.speaker == "candidate")
        live = self._live.state(interview_id)
        activity: Activity = "idle"
        if waits:
            activity = live.activity if live else "reading"
        views = [line_view(line) for line in lines if line.seq > after]
        return views, state_view(interview, activity, now())

    async def turn(self, interview_id: str, seq: int) -> AsyncIterator[Event | None]:
        """Reply `seq` and its answer; ends with the answer or its failure. `None` is a heartbeat."""
        with self._live.follow(interview_id, Place(seq - 1), last=seq + 1) as follower:
            async for event in self._follow(
                interview_id, follower, lambda: follower.place.seq > seq or follower.failed
            ):
                yield event

    async def interview(self, interview_id: str, place: Place) -> AsyncIterator[Event | None]:
        """Everything after `place`; ends when the interview has ended. `None` is a heartbeat."""
        with self._live.follow(interview_id, place) as follower:
            async for event in self._follow(interview_id, follower, lambda: _has_ended(follower)):
                yield event

    async def has_news(self, interview_id: str, place: Place) -> bool:
        """Whether anything was or may yet be said after `place`."""
        lines, state = await self.read(interview_id, place.seq)
        return bool(lines) or state.status != "ended" or state.activity != "idle"

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
                if is_over():
                    return
                seconds = POLL_SECONDS if self._database.is_shared else HEARTBEAT_SECONDS
                if follower.has_gap or (not await follower.wait(seconds) and self._database.is_shared):
                    await self._catch_up(interview_id, follower)
                if monotonic() - beat >= HEARTBEAT_SECONDS:
                    beat = monotonic()
                    yield None
        except AppError as error:
            yield Event("error", json.dumps(error.to_problem(), ensure_ascii=False))

    async def _catch_up(self, interview_id: str, follower: Follower) -> None:
        revision = follower.revision
        lines, state = await self.read(interview_id, follower.place.seq)
        follower.add(lines, state, revision)


def _has_ended(follower: Follower) -> bool:
    state = follower.state
    return state is not None and state.status == "ended" and state.activity == "idle" and not follower.has_gap
