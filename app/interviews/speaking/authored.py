"""Words written beforehand, chosen for the occasion: of the bank's turns, and of its language's phrases."""

import hashlib
from collections.abc import Sequence

from app.banks.leaks import leaks
from app.banks.schema import Question
from app.banks.turns import AuthoredTurns, TurnLibrary
from app.interviews.flow.moves import Intent
from app.interviews.speaking.occasion import Occasion
from app.interviews.speaking.phrases import Phrases
from app.text.clauses import QUESTION_MARKS, STOPS, Dot, ends, pieces
from app.text.fold import fold
from app.text.scripts import is_by_character
from app.text.units import contains, units

_SENTENCE_ENDS = ends(STOPS, Dot.BEFORE_SPACE)
# In characters of scripts counted so; a word counts as two.
_SHORT, _LONG = 24, 240


class AuthoredWords:
    """Chooses lines. No line is said twice in an interview while there are others."""

    def __init__(self, turns: TurnLibrary) -> None:
        self._turns = turns

    def follow_up(self, point_id: str, occasion: Occasion, phrases: Phrases) -> str:
        """A whole turn: about what the reply covered, then the question for the open point.

        A general line goes before the question where nothing covered can be named, and wherever everyone is
        to be asked in the same words.
        """
        turns = self._of(occasion)
        if turns is not None and not occasion.standard_probes:
            lines = turns.points[point_id].more if occasion.credits.get(point_id) else []
            for covered in occasion.covered:
                lines = lines or unsaid(turns.turns.get(covered, {}).get(point_id, []), occasion)
            if lines:
                return fresh(lines, occasion)
        return joined(self.acknowledgement(occasion, phrases), self.ask(point_id, occasion, phrases))

    def ask(self, point_id: str, occasion: Occasion, phrases: Phrases) -> str:
        """The question for an open point alone: the bank's probe, else one that fits any such question."""
        question = occasion.question
        if question is None:
            return ""
        probe = probe_of(point_id, question)
        if probe and occasion.standard_probes:
            return probe
        turns = self._of(occasion)
        asks = [*([probe] if probe else []), *(turns.points[point_id].ask if turns else [])]
        return fresh(asks or phrases.deeper.of(question.kind), occasion)

    def acknowledgement(self, occasion: Occasion, phrases: Phrases) -> str:
        """A general line that shows that the reply was read."""
        reply = occasion.reply or ""
        heard = phrases.heard
        if has_any(reply, heard.emotional.cues):
            return fresh(heard.emotional.lines, occasion)
        length = _length(reply)
        lines = heard.short if length < _SHORT else heard.long if length > _LONG else heard.vague
        return fresh(lines, occasion)

    def moving_on(self, occasion: Occasion, phrases: Phrases) -> str:
        """A line about what the reply covered, before another question or the end."""
        turns = self._of(occasion)
        if turns is not None:
            for covered in occasion.covered:
                if lines := unsaid(turns.points[covered].heard, occasion):
                    return fresh(lines, occasion)
        return fresh(phrases.moving_on.heard, occasion)

    def aside(self, intent: Intent, occasion: Occasion, phrases: Phrases) -> str:
        """The line for a reply, or a part of one, that is no answer."""
        return fresh(phrases.asides.of(intent), occasion)

    def _of(self, occasion: Occasion) -> AuthoredTurns | None:
        question, language = occasion.question, occasion.language
        return self._turns.of(question, occasion.written_in or language, language) if question else None


def probe_of(point_id: str | None, question: Question | None) -> str | None:
    """The point's probe, unless it gives away what it asks for."""
    probes = {point.id: point.probe for point in question.points} if question else {}
    probe = probes.get(point_id or "")
    return probe if probe and question and not leaks(probe, question) else None


def in_short(question: str) -> str:
    """The last sentence of a question that asks, or else the last one."""
    sentences = pieces(question, _SENTENCE_ENDS, with_ends=True) or [question]
    asking = [sentence for sentence in sentences if any(mark in sentence for mark in QUESTION_MARKS)]
    return (asking or sentences)[-1]


def unsaid(lines: Sequence[str], occasion: Occasion) -> list[str]:
    """Those of the lines that were not said in the interview."""
    said = "\n".join(occasion.said)
    return [line for line in lines if line not in said]


def fresh(lines: Sequence[str], occasion: Occasion) -> str:
    """One of the lines, not said yet if there is such a one; which one differs between interviews."""
    left = unsaid(lines, occasion) or list(lines)
    return min(left, key=lambda line: hashlib.sha256(f"{occasion.seed} {line}".encode()).digest())


def has_any(text: str, phrases: Sequence[str]) -> bool:
    """Whether one of the phrases occurs, whole words where words are spaced."""
    said = units(fold(text))
    return any(contains(said, units(fold(phrase))) for phrase in phrases)


def _length(text: str) -> int:
    return sum(1 if is_by_character(unit) else 2 for unit in units(fold(text)))


def joined(first: str, second: str) -> str:
    """Two sentences as one paragraph; scripts without spaces need none between them."""
    spaced = not (second and is_by_character(fold(second).text[:1]))
    return f"{first} {second}" if spaced and first and second else first + second
