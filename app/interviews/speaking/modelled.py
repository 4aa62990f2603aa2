"""A model as the interviewer: one streamed call hears a reply, answers it and asks on.

The model writes `kind`, `say`, `point` and `ask` in this order, so that what is said to the reply leaves
sentence by sentence, each checked, while the rest is still being written and the reply judged.
"""

import asyncio
import contextlib
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import aclosing
from functools import cached_property
from typing import Annotated, Any, cast

import jiter
from pydantic import BaseModel, ConfigDict, Field

from app.errors import AppError
from app.interviews.flow.moves import Intent
from app.interviews.speaking.authored import has_any, joined
from app.interviews.speaking.briefing import brief
from app.interviews.speaking.checks import MOST_SENTENCES, Refusal, SpokenChecks, is_overlong, sentences
from app.interviews.speaking.occasion import FollowUp, Heard, Occasion, Speaker
from app.interviews.speaking.phrases import Phrases
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.text.fold import fold
from app.text.units import units

PROMPT = "speak"
KINDS = {intent.value: intent for intent in Intent if intent is not Intent.WAVERS}
_TOKENS = 1200  # a few sentences, after some thought
_LONGEST_TURN = 4000  # characters; a model that writes more is at something else
_TEMPERATURE = 0.3
_COUNTS_SECONDS = 0.2
# To the other kinds the flow has words of its own.
_SILENT = frozenset(
    {Intent.DONT_KNOW, Intent.SKIP, Intent.END, Intent.PAUSE, Intent.RESUME, Intent.REPEAT, Intent.HINT}
)
log = logging.getLogger("interviewer.interviews")


class SpokenTurn(BaseModel):
    """What the model is asked for; the prompt explains the fields."""

    model_config = ConfigDict(extra="forbid")

    kind: Annotated[str, Field(json_schema_extra={"enum": list(KINDS)})]
    say: str
    point: str
    ask: str


class ModelSpeaker:
    """Hears through a model. Where that fails or takes longer than `patience` seconds, `fallback` hears.

    `passed` counts sentences and questions that might be said, `refused` those that might not, by reason.
    """

    def __init__(self, llm: LLM, prompts: PromptLibrary, fallback: Speaker, patience: float) -> None:
        self.llm = llm
        self.prompts = prompts
        self.fallback = fallback
        self.patience = patience
        self.passed: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def hear(self, occasion: Occasion) -> "ModelHearing":
        """Begin the call for the occasion's reply."""
        return ModelHearing(self, occasion)

    def note(self, part: str, refusal: str | None, occasion: Occasion) -> bool:
        """Count a checked part of a turn, and log a refusal; whether the part may be used."""
        if refusal is None:
            self.passed[part] += 1
            return True
        self.refused[f"{part}: {refusal}"] += 1
        log.info("interview %s: speaker refused: part=%s reason=%s", occasion.seed, part, refusal)
        return False


class ModelHearing:
    """One reply on its way through the model's head.

    Everything is waited for `patience` seconds from the last thing that was heard or said.
    """

    is_slow = True

    def __init__(self, speaker: ModelSpeaker, occasion: Occasion) -> None:
        self.heard: Heard | None = None
        self._speaker = speaker
        self._occasion = occasion
        self._turn: dict[str, Any] = {}
        self._so_far: dict[str, Any] = {}
        self._ended = False
        self._failed = False
        self._more = asyncio.Event()
        self._clock = asyncio.get_running_loop().time
        self._patient_until = self._clock() + speaker.patience
        self._phrases = speaker.prompts.files.get(Phrases, occasion.language)
        self._reading = asyncio.create_task(self._read())

    async def understood(self) -> Heard:
        """What the reply is, as soon as the model has said it; else what the fallback hears."""
        if self.heard is None:
            await self._until(lambda: "kind" in self._turn)
            kind = KINDS.get(str(self._turn.get("kind")).strip().casefold())
            if kind is None:
                self._give_up("kind")
                self.heard = await self._speaker.fallback.hear(self._occasion).understood()
            else:
                self.heard = Heard(kind)
        return self.heard

    async def say(self) -> AsyncIterator[str]:
        """Each sentence as soon as it is whole and checked; the first that is refused ends it."""
        heard = await self.understood()
        if self._failed or not self._may_speak(heard.intent):
            return
        # Made ready while the model writes, so that a whole sentence need not wait.
        spoken, checks = "", self._checks
        for number in range(MOST_SENTENCES):
            sentence = await self._sentence(number)
            if sentence is None:
                if not spoken and "say" not in self._turn:
                    self._give_up("say")
                return
            if not self._note("say", checks.sentence(sentence)):
                return
            whole = joined(spoken, sentence)
            yield whole.removeprefix(spoken)
            spoken = whole
            self._patient_until = self._clock() + self._speaker.patience

    async def follow_up(self) -> FollowUp | None:
        """The model's question, once all of it is there and if it may be asked."""
        occasion = self._occasion
        if self._failed or occasion.standard_probes or occasion.inviting or not occasion.follow_ups_left:
            return None
        if not await self._until(lambda: {"point", "ask"} <= self._turn.keys()):
            self._give_up("ask")
            return None
        point, ask = (str(self._turn[name]).strip() for name in ("point", "ask"))
        if not ask or not self._note("ask", self._checks.question(point, ask)):
            return None
        return FollowUp(point, ask)

    async def close(self) -> None:
        """Stop the call; one that has ended but for its token counts may bring them."""
        if "ask" in self._turn:
            await asyncio.wait({self._reading}, timeout=_COUNTS_SECONDS)
        self._reading.cancel()
        await asyncio.wait({self._reading})

    @cached_property
    def _checks(self) -> SpokenChecks:
        return SpokenChecks(self._occasion, self._phrases)

    async def _read(self) -> None:
        """Keep what the model has written so far, until it ends or fails."""
        speaker = self._speaker
        try:
            prompt = brief(self._occasion, speaker.prompts.get(PROMPT, self._occasion.language))
            text = ""
            pieces = speaker.llm.stream(
                prompt, schema=SpokenTurn, max_tokens=_TOKENS, temperature=_TEMPERATURE
            )
            async with aclosing(cast(Any, pieces)):
                async for piece in pieces:
                    text += piece
                    if len(text) > _LONGEST_TURN:
                        break
                    self._take(text.encode("utf-8", "ignore"))
        except (AppError, ValueError) as error:
            log.warning("interview %s: the speaker's model failed: %s", self._occasion.seed, error)
        finally:
            self._ended = True
            self._more.set()

    def _take(self, written: bytes) -> None:
        """Raises `ValueError` for what is no JSON object."""
        self._so_far = dict(jiter.from_json(written, partial_mode="trailing-strings"))
        self._turn = dict(jiter.from_json(written, partial_mode=True))
        self._more.set()

    async def _sentence(self, number: int) -> str | None:
        """A sentence of what is said, as soon as it is whole or too long to be one; None if there is none."""

        def is_there() -> bool:
            whole = self._sentences()
            return "say" in self._turn or len(whole) > number or self._runs_on(whole)

        if not await self._until(is_there):
            return None
        whole = self._sentences()
        if len(whole) > number:
            return whole[number]
        return None if "say" in self._turn else self._said()

    def _sentences(self) -> list[str]:
        return sentences(self._said(), whole="say" in self._turn)

    def _said(self) -> str:
        return str(self._so_far.get("say") or "")

    def _runs_on(self, whole: Sequence[str]) -> bool:
        """Whether the sentence that is being written is too long already."""
        done = sum(len(units(fold(sentence))) for sentence in whole)
        return is_overlong(units(fold(self._said()))[done:])

    def _may_speak(self, intent: Intent) -> bool:
        """Not where the flow has words, nor to what was taken for an answer though more was asked for.

        Somebody in distress is spoken to in words that were weighed.
        """
        distress = self._phrases.distress
        return (
            intent not in _SILENT
            and not (intent is Intent.ANSWER and self._occasion.intent is not Intent.ANSWER)
            and not has_any(self._occasion.reply or "", [*distress.cues, *distress.danger])
        )

    async def _until(self, known: Callable[[], bool]) -> bool:
        """Whether something became known before patience or the model's words ended."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(self._patient_until):
                while not known() and not self._ended:
                    self._more.clear()
                    await self._more.wait()
        return known()

    def _note(self, part: str, refusal: Refusal | None) -> bool:
        return self._speaker.note(part, refusal, self._occasion)

    def _give_up(self, part: str) -> None:
        self._failed = True
        self._speaker.note(part, "missing" if self._ended else "late", self._occasion)
