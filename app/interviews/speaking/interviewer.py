"""The interviewer's words for a move of the flow.

What matters is never left to an LLM: questions and probes are the bank's, the rest is set phrases. An LLM
adds one short acknowledgement of the reply, a simpler wording of a question, or a translation; it never sees
the rubric, and what it writes is said only after it was checked.
"""

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass

from app.banks.schema import Question
from app.interviews.flow.moves import Mode, Move, NextMove
from app.interviews.speaking import manner
from app.interviews.speaking.leaks import leaks
from app.interviews.speaking.phrases import Acknowledgement, Explanation, Phrases
from app.interviews.speaking.retelling import retells, told_again
from app.interviews.speaking.wording import Wording
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.text.fold import fold
from app.text.units import units

# A shorter reply, in units, says too little to be put into other words.
_SHORTEST_ACKNOWLEDGED = 8
_LEAST_SHARE_FROM_QUESTION = 0.75
_SHARE_OF_QUESTION = (0.5, 0.9)
_PIECE = 16


@dataclass(frozen=True)
class WordingContext:
    """What the interviewer may speak about. `question` is the one now asked, `number` of `of`.

    `previous_question` is the one `last_reply` answered when the move is `ASK`. `transcript_tail` holds the
    latest turns, oldest first, as (speaker, text). `language` is the bank's; `candidate_language` the one
    the candidate asked for, if any. `unclear` says that the last reply is not made of words.
    """

    language: str
    role: str
    question: Question | None
    previous_question: Question | None = None
    last_reply: str | None = None
    transcript_tail: Sequence[tuple[str, str]] = ()
    number: int = 1
    of: int = 1
    mode: Mode = "practice"
    candidate_language: str | None = None
    at_once: bool = False
    unclear: bool = False

    @property
    def spoken_language(self) -> str:
        return self.candidate_language or self.language


class Interviewer:
    """Words every move. The same move in the same context begins with the same set phrases."""

    def __init__(self, llm: LLM, prompts: PromptLibrary, wording: Wording | None = None) -> None:
        self._files = prompts.files
        self._wording = wording or Wording(llm, prompts)

    async def words(self, move: NextMove, context: WordingContext) -> AsyncIterator[str]:
        """The utterance in pieces, each already safe to send; joined they are the whole utterance.

        The first piece never waits for the LLM. Never raises for LLM failure: the set phrases go on alone.
        """
        phrases = self._files.get(Phrases, context.spoken_language)
        async for part in self._parts(move, context, phrases):
            for piece in _pieces(part):
                yield piece

    async def _parts(self, move: NextMove, context: WordingContext, phrases: Phrases) -> AsyncIterator[str]:
        match move.move:
            case Move.GREET:
                yield _greeting(context, phrases)
                yield await self._asked(move, context, phrases)
            case Move.ASK:
                async for part in self._heard(move, context, phrases):
                    yield part
                yield "\n\n" + _lead(move, context, phrases)
                yield await self._asked(move, context, phrases)
            case Move.FOLLOW_UP:
                async for part in self._heard(move, context, phrases):
                    yield part
                yield "\n\n" + _varied(phrases.leads.follow_up, move, context)
                yield await self._asked(move, context, phrases)
            case Move.REPEAT | Move.RESUME:
                yield phrases.repeat if move.move is Move.REPEAT else phrases.resume
                yield await self._asked(move, context, phrases)
            case Move.EXPLAIN:
                async for part in self._explanation(move, context, phrases):
                    yield part
            case Move.PAUSE:
                yield phrases.pause
            case Move.HINT:
                async for part in self._hint(move, context, phrases):
                    yield part
            case Move.CLOSE:
                yield _closing(move, context, phrases)

    async def _heard(self, move: NextMove, context: WordingContext, phrases: Phrases) -> AsyncIterator[str]:
        """That the reply was heard: set phrases where there was no answer, else a sentence about it."""
        reply = context.last_reply or ""
        if move.reason == "skipped":
            yield _varied(phrases.moving_on.skipped, move, context)
        elif move.reason == "did_not_know":
            yield _varied(phrases.moving_on.did_not_know, move, context)
        elif manner.has_any(reply, [*phrases.distress.cues, *phrases.distress.danger]):
            yield phrases.distress.words
            if manner.has_any(reply, phrases.distress.danger):
                yield phrases.distress.help
        elif context.unclear:
            yield _varied(phrases.unclear, move, context)
        else:
            yield _varied(phrases.acknowledgement.openers, move, context)
            sentence = await self._acknowledgement(reply, move, context, phrases.acknowledgement)
            yield sentence or _varied(phrases.acknowledgement.fallbacks, move, context)

    async def _acknowledgement(
        self, reply: str, move: NextMove, context: WordingContext, rules: Acknowledgement
    ) -> str | None:
        """The LLM's sentence on the reply if it may be said, else the candidate's own words."""
        if context.at_once or len(units(fold(reply))) < _SHORTEST_ACKNOWLEDGED:
            return None
        written = await self._wording.acknowledgement(reply, context.spoken_language)
        for sentence in manner.beginnings(written):
            if _acknowledges(sentence, reply, context, rules):
                return sentence
        told = told_again(reply, written, rules.grammar, rules.avoid)
        if told is None or any(told in text for who, text in context.transcript_tail if who != "candidate"):
            return None
        return _varied(rules.told, move, context).format(told=told)

    async def _explanation(
        self, move: NextMove, context: WordingContext, phrases: Phrases
    ) -> AsyncIterator[str]:
        question = context.question
        rules = phrases.explanation
        if question is None:
            return
        yield rules.follow_up if move.point_id else rules.kinds.of(question.kind)
        # A follow-up is one plain sentence already, and another wording of it could stray from its aim.
        simpler = not move.point_id and not context.at_once
        if simpler and context.spoken_language == context.language:
            sentence = await self._wording.simpler(question.text, context.language)
            if _explains(sentence, question, rules):
                yield "\n" + sentence
        yield "\n\n" + rules.question_again
        yield await self._asked(move, context, phrases)

    async def _hint(self, move: NextMove, context: WordingContext, phrases: Phrases) -> AsyncIterator[str]:
        probe = _probe(move.point_id, context.question)
        if context.mode == "assessment":
            yield phrases.hints.refused
        elif probe is None:
            yield phrases.hints.none_left
        else:
            yield phrases.leads.hint
            yield await self._in_spoken_language(probe, context, phrases)

    async def _asked(self, move: NextMove, context: WordingContext, phrases: Phrases) -> str:
        """The question or probe that now waits for a reply, in the bank's own words."""
        if context.question is None:
            return ""
        source = _source(move, context.question)
        return (
            phrases.any_more if source is None else await self._in_spoken_language(source, context, phrases)
        )

    async def _in_spoken_language(self, text: str, context: WordingContext, phrases: Phrases) -> str:
        if context.at_once or _primary(context.spoken_language) == _primary(context.language):
            return text
        translation = await self._wording.translation(text, context.spoken_language)
        # The bank's wording stays beside it: a translation may lose a part, the question must not.
        return f"{translation}\n{phrases.leads.original}{text}" if translation else text


def _acknowledges(sentence: str, reply: str, context: WordingContext, rules: Acknowledgement) -> bool:
    """Whether the sentence says in brief what the reply said, and no more."""
    known = [reply, *(text for _, text in context.transcript_tail)]
    questions = [q for q in (context.previous_question, context.question) if q is not None]
    return (
        manner.is_brief(sentence)
        and manner.begins_with(sentence, rules.starts)
        and not manner.asks(sentence)
        and not manner.has_digit(sentence)
        and not manner.has_any(sentence, [*rules.avoid, *rules.voice])
        and not manner.echoes(sentence, reply)
        and retells(sentence, reply, rules.grammar)
        and not any(sentence in text for speaker, text in context.transcript_tail if speaker != "candidate")
        and not any(leaks(sentence, question, known) for question in questions)
    )


def _explains(sentence: str, question: Question, rules: Explanation) -> bool:
    """Whether the sentence asks the same question in other words: little added, not much lost, no copy."""
    least, most = _SHARE_OF_QUESTION
    return (
        manner.is_brief(sentence)
        and manner.asks(sentence)
        and not manner.has_any(sentence, rules.avoid)
        and manner.share_from(sentence, question.text, rules.starts) >= _LEAST_SHARE_FROM_QUESTION
        and least <= manner.share_from(question.text, sentence) <= most
        and not leaks(sentence, question)
    )


def _greeting(context: WordingContext, phrases: Phrases) -> str:
    greeting = phrases.greeting
    welcome = greeting.welcome.format(role=context.role, of=context.of)
    return f"{welcome}\n{greeting.ways}\n{greeting.modes.of(context.mode)}\n\n{greeting.first_question}"


def _lead(move: NextMove, context: WordingContext, phrases: Phrases) -> str:
    if context.number == context.of:
        return phrases.leads.last_question
    return _varied(phrases.leads.question, move, context)


def _closing(move: NextMove, context: WordingContext, phrases: Phrases) -> str:
    closing = phrases.closing
    words = {"asked_to_end": closing.asked_to_end, "time_up": closing.time_up}
    return f"{words.get(move.reason, closing.questions_done)}\n{closing.modes.of(context.mode)}"


def _source(move: NextMove, question: Question) -> str | None:
    """The bank's words that wait for a reply: the question, or the pending point's probe if that is safe."""
    return _probe(move.point_id, question) if move.point_id else question.text


def _probe(point_id: str | None, question: Question | None) -> str | None:
    """The point's probe, unless it gives away what it asks for."""
    probes = {point.id: point.probe for point in question.points} if question else {}
    probe = probes.get(point_id or "")
    return probe if probe and question and not leaks(probe, question) else None


def _varied(phrases: Sequence[str], move: NextMove, context: WordingContext) -> str:
    """One of the phrases, another at each turn, and none that was just said if there is a choice."""
    turn = move.state.question + move.state.follow_ups_used
    rotated = [*phrases[turn % len(phrases) :], *phrases[: turn % len(phrases)]]
    said = [text for speaker, text in context.transcript_tail if speaker != "candidate"]
    return next((p for p in rotated if not any(p in text for text in said)), rotated[0])


def _primary(language: str) -> str:
    return language.split("-")[0]


def _pieces(text: str) -> Iterator[str]:
    for start in range(0, len(text), _PIECE):
        yield text[start : start + _PIECE]
