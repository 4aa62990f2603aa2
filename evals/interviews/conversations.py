"""What came of one question in an interview with a scripted candidate: follow-ups and credits. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.banks.schema import Question
from app.interviews.flow.moves import Move
from evals.interviews.candidates import ScriptedCandidate
from evals.interviews.interviewing import Exchange
from evals.interviews.manners import Manners, acknowledgement_of, asks_once, faults, leaked


@dataclass(frozen=True)
class FollowUp:
    """One follow-up. `point` is what its words ask about, `recorded` what the service says it aimed at.

    `missing` are the points the candidate still held back then. `faults` and `leaks` are what the rules of
    `manners` found.
    """

    text: str
    point: str | None
    recorded: str | None
    missing: tuple[str, ...]
    asks_once: bool
    faults: tuple[str, ...]
    leaks: tuple[str, ...]

    @property
    def is_aimed(self) -> bool:
        """About a point that was really missing."""
        return self.point in self.missing

    @property
    def is_wasted(self) -> bool:
        """About a point already told, in the first reply or when it was asked about before."""
        return self.point is not None and not self.is_aimed

    @property
    def acknowledgement(self) -> str:
        return acknowledgement_of(self.text)


@dataclass(frozen=True)
class Conversation:
    """One question, all that was said to it, and what the candidate held back and told."""

    id: str
    question: Question
    exchanges: tuple[Exchange, ...]
    held_back: tuple[str, ...]
    revealed: tuple[str, ...]
    follow_ups: tuple[FollowUp, ...]

    @property
    def is_scored(self) -> bool:
        """Whether every point had a verdict after the first reply and after the last."""
        ends = (self.exchanges[0], self.exchanges[-1])
        return all(credit is not None for exchange in ends for credit in exchange.credits.values())

    def won_back(self, point: str) -> float:
        """Credit that a point gained by being told, 0..1; 0 if it was not told."""
        if point not in self.revealed:
            return 0.0
        first, last = self.exchanges[0].credits[point], self.exchanges[-1].credits[point]
        return max(0.0, (last or 0.0) - (first or 0.0))

    @property
    def transcript(self) -> str:
        return "\n".join(
            f"interviewer: {exchange.utterance}\ncandidate: {exchange.reply}" for exchange in self.exchanges
        )


def conversation(
    id: str,
    question: Question,
    exchanges: Sequence[Exchange],
    candidate: ScriptedCandidate,
    manners: Manners,
    before: str = "",
) -> Conversation:
    """`exchanges` are those about the question, first to last; `before` is what was said before them."""
    asked = iter(candidate.asked)
    missing = list(candidate.held_back)
    said: list[str] = []
    found = []
    for at, exchange in enumerate(exchanges):
        point = next(asked, None) if at else None
        if exchange.kind == Move.FOLLOW_UP:
            found.append(
                FollowUp(
                    text=exchange.utterance,
                    point=point,
                    recorded=exchange.aimed_at,
                    missing=tuple(missing),
                    asks_once=asks_once(exchange.utterance),
                    faults=tuple(faults(exchange.utterance, before, manners)),
                    leaks=tuple(leaked(exchange.utterance, question, point or exchange.aimed_at, said)),
                )
            )
        missing = [other for other in missing if other != point]
        said.append(exchange.reply)
        before = exchange.utterance
    return Conversation(
        id=id,
        question=question,
        exchanges=tuple(exchanges),
        held_back=tuple(candidate.held_back),
        revealed=tuple(candidate.revealed),
        follow_ups=tuple(found),
    )
