"""What a speaker is given of a turn, and what it finds: the kind of reply, what to say to it, what to ask."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from app.banks.schema import Question
from app.interviews.flow.moves import Intent, Mode


@dataclass(frozen=True)
class Line:
    """A line of the transcript; `kind` is its move or intent, `question` the number of its question."""

    speaker: str
    kind: str
    text: str
    question: int | None = None


@dataclass(frozen=True)
class Occasion:
    """One turn as the interviewer sees it. Never the candidate's name, never what another turn was scored.

    `question` is number `number` of `of`, the one that `reply` belongs to (none in the opening); `following`
    the next one planned. `pending_point` is the point that the follow-up asked about, if one was waiting.
    `lines` are all before the reply. `credits` are the question's, `covered` its points that the reply itself
    earned in full, surest first: both without the reply until it is judged. `job` is what is known of the
    position, `facts` what may be told of job and company. `standard_probes` asks everyone the bank's own
    probes. `written_in` is the bank's language, empty where it is the interview's. `inviting`: the questions
    are done, and the candidate may ask back. `unclear` says that the reply is not made of words; `seed`
    varies the words between interviews.
    """

    language: str
    role: str
    question: Question | None = None
    following: Question | None = None
    number: int = 0
    of: int = 1
    mode: Mode = "practice"
    reply: str | None = None
    intent: Intent = Intent.ANSWER
    pending_point: str | None = None
    lines: Sequence[Line] = ()
    credits: Mapping[str, float | None] = field(default_factory=dict)
    covered: Sequence[str] = ()
    job: str = ""
    facts: Sequence[str] = ()
    follow_ups_left: int = 0
    minutes_left: float = 0.0
    standard_probes: bool = False
    inviting: bool = False
    written_in: str = ""
    unclear: bool = False
    seed: str = ""

    @property
    def said(self) -> list[str]:
        """What the interviewer has said so far, oldest first."""
        return [line.text for line in self.lines if line.speaker == "interviewer"]


@dataclass(frozen=True)
class Heard:
    """What a reply is; `beside` is a question or request beside an answer in it, `asked` its words."""

    intent: Intent = Intent.ANSWER
    beside: Intent | None = None
    asked: str = ""


@dataclass(frozen=True)
class FollowUp:
    """A question of the speaker's own, and the point it aims at."""

    point_id: str
    text: str


class Hearing(Protocol):
    """One reply on its way through a speaker's head. Nothing here raises for a model's failure."""

    is_slow: bool
    """Whether it takes a language model's time to hear it, so that the judge had better begin at once."""

    async def understood(self) -> Heard:
        """What the reply is."""

    def say(self) -> AsyncIterator[str]:
        """What to say to it, each piece safe to send; nothing where the authored words should speak."""

    async def follow_up(self) -> FollowUp | None:
        """What to ask, if it may be asked; waits until it is written."""

    async def close(self) -> None:
        """Stop whatever still runs."""


class Speaker(Protocol):
    """Whoever hears replies: a model, or the classifier of kinds."""

    def hear(self, occasion: Occasion) -> Hearing:
        """Begin to hear the occasion's reply."""
