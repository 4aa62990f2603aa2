"""What is being said right now, in this process: followers see an utterance while it is written.

A channel holds an interview's news as state, not as a queue: each follower keeps its own position, so a slow
one gets larger pieces and a lost connection can go on where it stopped.
"""

import asyncio
import json
import re
import secrets
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Self

from app.errors import BadInputError
from app.interviews.schemas import StateView, TranscriptLine

_PLACE = re.compile(r"(\d{1,9})(?::(\d{1,9})(?::(\w{1,16}))?)?", re.ASCII)


@dataclass
class StreamPosition:
    """How far a follower has read: line `seq` whole, and `offset` code points of the one after it.

    `wording` names the wording those points came from: another one starts again from 0. `None` trusts
    `offset`.
    """

    seq: int = 0
    offset: int = 0
    wording: str | None = None

    @classmethod
    def parse(cls, event_id: str) -> Self:
        """The position after the event `event_id`: `3` or `3:17`. Raises `BadInputError`."""
        if not event_id:
            return cls()
        match = _PLACE.fullmatch(event_id)
        if match is None:
            raise BadInputError(
                f"Last-Event-ID {event_id[:40]!r} is not an event of this stream",
                hint="Send the id of the last event you saw, or none.",
            )
        seq, offset, wording = match.groups()
        return cls(int(seq)) if offset is None else cls(max(int(seq) - 1, 0), int(offset), wording)


@dataclass(frozen=True)
class Event:
    """One server-sent event; `body` is JSON text."""

    name: str
    body: str
    id: str | None = None


class LiveUtterance:
    """An utterance being written. `append` is ignored once another one or a committed line took its place."""

    def __init__(self, channel: "Channel", seq: int) -> None:
        self.seq = seq
        self.text = ""
        self.wording = secrets.token_hex(3)
        self._channel = channel

    @property
    def is_current(self) -> bool:
        """Whether nothing took its place."""
        return self._channel.utterance is self

    def append(self, piece: str) -> None:
        """Add a piece of text and wake the followers."""
        if piece and self.is_current:
            self.text += piece
            self._channel.wake()


@dataclass
class Channel:
    """One interview's news. `problem` stands until the next turn starts; `revision` counts what was shown.

    When the interview is `deleted`, the channel lasts as long as its followers.
    """

    lines: dict[int, TranscriptLine] = field(default_factory=dict)
    state: StateView | None = None
    problem: dict[str, Any] | None = None
    utterance: LiveUtterance | None = None
    followers: set["Follower"] = field(default_factory=set)
    revision: int = 0
    deleted: bool = False

    def wake(self) -> None:
        self.revision += 1
        for follower in self.followers:
            follower.woken.set()

    @property
    def is_idle(self) -> bool:
        speaking = self.state is not None and self.state.activity != "idle"
        return not (self.followers or self.utterance or self.problem or speaking)


class Follower:
    """One reader of a channel: `news` gives what it has not seen yet, each thing once and in order."""

    def __init__(self, channel: Channel, position: StreamPosition, last: int | None) -> None:
        self.position = position
        self.woken = asyncio.Event()
        self.failed = False
        self.state: StateView | None = None
        self._channel = channel
        self._last = last
        self._problem: dict[str, Any] | None = None

    @property
    def revision(self) -> int:
        """Take it before reading the database, and give it to `add`."""
        return self._channel.revision

    def add(self, lines: Iterable[TranscriptLine], state: StateView, revision: int) -> None:
        """What the database said at `revision`; a state that was overtaken since is ignored."""
        for line in lines:
            self._channel.lines.setdefault(line.seq, line)
        if self._channel.revision == revision:
            self._channel.state = state

    @property
    def is_informed(self) -> bool:
        """Whether the channel already knows all that comes after this reader's position."""
        return self._channel.state is not None and self.position.seq + 1 in self._channel.lines

    @property
    def is_cut_off(self) -> bool:
        """Whether the interview was deleted."""
        return self._channel.deleted

    @property
    def has_gap(self) -> bool:
        """Whether another process committed a line that this one must read."""
        ahead = max(self._channel.lines, default=0)
        return ahead > self.position.seq and self.position.seq + 1 not in self._channel.lines

    def news(self) -> Iterator[Event]:
        """Committed lines, a problem, a changed state, then what is unread of the utterance being written."""
        self.woken.clear()
        while (line := self._channel.lines.get(self.position.seq + 1)) and self._wants(line.seq):
            self.position = StreamPosition(line.seq)
            yield Event("message", line.model_dump_json(), str(line.seq))
        if self._channel.problem != self._problem:
            self._problem = self._channel.problem
            if self._problem is not None:
                self.failed = True
                yield Event("error", _json(self._problem))
        if self._channel.state is not None and self._channel.state != self.state:
            self.state = self._channel.state
            yield Event("state", self.state.model_dump_json())
        utterance = self._channel.utterance
        if utterance is not None and utterance.seq == self.position.seq + 1 and self._wants(utterance.seq):
            yield from self._unread(utterance)

    def _wants(self, seq: int) -> bool:
        return self._last is None or seq <= self._last

    def _unread(self, utterance: LiveUtterance) -> Iterator[Event]:
        is_other = self.position.wording not in (None, utterance.wording)
        if is_other or self.position.offset > len(utterance.text):
            self.position.offset = 0
        self.position.wording = utterance.wording
        start, piece = self.position.offset, utterance.text[self.position.offset :]
        if piece:
            self.position.offset = end = len(utterance.text)
            body = _json({"seq": utterance.seq, "offset": start, "text": piece})
            yield Event("delta", body, f"{utterance.seq}:{end}:{utterance.wording}")

    async def wait(self, seconds: float) -> bool:
        """Until there may be news, at most `seconds`; whether there may be."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.woken.wait()
        return self.woken.is_set()


class LiveUtterances:
    """The channels of all interviews that someone speaks in or follows."""

    def __init__(self) -> None:
        self._channels: dict[str, Channel] = {}

    @contextmanager
    def follow(
        self, interview_id: str, position: StreamPosition, *, last: int | None = None
    ) -> Iterator[Follower]:
        """A follower from `position` on, up to line `last` if given."""
        channel = self._channel(interview_id)
        follower = Follower(channel, position, last)
        channel.followers.add(follower)
        try:
            yield follower
        finally:
            channel.followers.discard(follower)
            self._drop_if_idle(interview_id)

    def start_turn(self, interview_id: str, lines: Iterable[TranscriptLine], state: StateView) -> None:
        """The interviewer takes up `lines`; an earlier problem is over."""
        self.forget_problem(interview_id)
        self.publish(interview_id, lines, state)

    def begin(self, interview_id: str, seq: int) -> LiveUtterance:
        """Start writing line `seq`; an unfinished earlier wording is forgotten."""
        channel = self._channel(interview_id)
        channel.utterance = LiveUtterance(channel, seq)
        return channel.utterance

    def go_on(self, interview_id: str, seq: int, text: str) -> LiveUtterance:
        """Go on writing line `seq`, of which `text` is written; anew if something else stands there."""
        current = self._channel(interview_id).utterance
        if current is None or (current.seq, current.text) != (seq, text):
            current = self.begin(interview_id, seq)
            current.append(text)
        return current

    def publish(self, interview_id: str, lines: Iterable[TranscriptLine], state: StateView) -> None:
        """Show committed lines and the state; a line ends the utterance it came from."""
        channel = self._channel(interview_id)
        for line in lines:
            channel.lines[line.seq] = line
            if channel.utterance is not None and channel.utterance.seq <= line.seq:
                channel.utterance = None
        channel.state = state
        channel.wake()
        self._drop_if_idle(interview_id)

    def fail(self, interview_id: str, problem: dict[str, Any], state: StateView | None) -> None:
        """Show what went wrong (RFC 9457) until the next turn; it ends the utterance being written."""
        channel = self._channel(interview_id)
        channel.utterance = None
        channel.problem = problem
        channel.state = state or channel.state
        channel.wake()

    def forget_problem(self, interview_id: str) -> None:
        """What went wrong is being tried again."""
        if interview_id in self._channels:
            self._channels[interview_id].problem = None

    def forget(self, interview_id: str, problem: dict[str, Any]) -> None:
        """Drop all that is known of a deleted interview; whoever follows it is shown `problem`."""
        channel = self._channels.pop(interview_id, None)
        if channel is not None:
            channel.lines.clear()
            channel.state, channel.utterance = None, None
            channel.problem, channel.deleted = problem, True
            channel.wake()

    def state(self, interview_id: str) -> StateView | None:
        """The state last shown, while anyone speaks or follows or a problem stands."""
        channel = self._channels.get(interview_id)
        return channel.state if channel else None

    def _channel(self, interview_id: str) -> Channel:
        return self._channels.setdefault(interview_id, Channel())

    def _drop_if_idle(self, interview_id: str) -> None:
        if interview_id in self._channels and self._channels[interview_id].is_idle:
            del self._channels[interview_id]


def _json(values: dict[str, Any]) -> str:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":"))
