"""What came of an interview with a written candidate: its turns, and what is wrong with them. Pure."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from app.banks.schema import Question
from app.interviews.flow.moves import Intent, Move
from app.text.clauses import STOPS, Dot, ends, pieces
from app.text.fold import fold, words
from app.text.units import units
from evals.interviews.manners import asks_once, leaked

_SENTENCE_ENDS = ends(STOPS + "\n", Dot.BEFORE_SPACE)
# Shorter sentences, in units, are said again by anybody.
_SHORTEST = 6


@dataclass(frozen=True)
class Turn:
    """A reply and the interviewer's answer to it.

    `left_out` and `half` are ids of points as the candidate's writer labelled the replies so far; `label` is
    what the reply was written as, `taken_as` what the service stored. `cost` says that the question or a
    follow-up was used up.
    """

    question: Question
    asked: str
    reply: str
    label: Intent
    taken_as: str
    left_out: tuple[str, ...]
    half: tuple[str, ...]
    move: str
    said: str
    aimed_at: str | None
    cost: bool

    @property
    def is_follow_up(self) -> bool:
        return self.move == Move.FOLLOW_UP

    @property
    def asks_what_was_said(self) -> bool:
        """Whether a follow-up aims at a point that was covered."""
        return self.is_follow_up and self.aimed_at not in self.left_out

    @property
    def row(self) -> dict[str, object]:
        """What a reader needs to judge it, as plain values."""
        texts = {point.id: point.text for point in self.question.points}
        return {
            "question": self.question.text,
            "asked": self.asked,
            "reply": self.reply,
            "kind": self.label.value,
            "taken_as": self.taken_as,
            "left_out": [texts[point] for point in self.left_out],
            "move": self.move,
            "said": self.said,
            "aimed_at": texts.get(self.aimed_at or "", ""),
        }


@dataclass(frozen=True)
class Conversation:
    """One interview with a candidate."""

    candidate: str
    personality: str
    turns: tuple[Turn, ...]

    @property
    def repeated(self) -> list[str]:
        """Sentences that the interviewer said twice, other than the questions asked again."""
        asked = " ".join(words(turn.question.text) for turn in self.turns)
        counted: Counter[str] = Counter()
        shown: dict[str, str] = {}
        for turn in self.turns:
            for sentence in {words(each): each for each in _own_sentences(turn)}.items():
                counted[sentence[0]] += 1
                shown.setdefault(*sentence)
        return [shown[key] for key, times in counted.items() if times > 1 and key not in asked]

    @property
    def leaks(self) -> list[str]:
        """What follow-ups gave away, beyond what the candidate had said."""
        said: list[str] = []
        found: list[str] = []
        for turn in self.turns:
            said.append(turn.reply)
            if turn.is_follow_up:
                covered = {point.id for point in turn.question.points} - set(turn.left_out)
                found += leaked(turn.said, turn.question, covered, said)
        return found


def one_question(turns: Iterable[Turn]) -> list[bool]:
    """Of each follow-up, whether it asks exactly one question."""
    return [asks_once(turn.said) for turn in turns if turn.is_follow_up]


def _own_sentences(turn: Turn) -> Sequence[str]:
    """The interviewer's sentences but the question put again after an aside."""
    said = turn.said
    if turn.move in (Move.ASIDE, Move.REPEAT, Move.EXPLAIN, Move.RESUME):
        said = said.rsplit("\n\n", 1)[0]
    return [each for each in pieces(said, _SENTENCE_ENDS) if len(units(fold(each))) >= _SHORTEST]
