"""Replies heard without a language model: a classifier tells their kind, the words were written before."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Protocol

from app.interviews.flow.moves import Intent
from app.interviews.speaking.authored import joined
from app.interviews.speaking.occasion import FollowUp, Heard, Occasion
from app.interviews.speaking.phrases import Phrases
from app.languages.files import LanguageFolder


class Classifier(Protocol):
    """Tells what kind of reply a text is."""

    def classify(self, reply: str) -> Heard:
        """The kind of `reply`; an answer wherever there is doubt."""


class Facts(Protocol):
    """Knows which facts a question asks for."""

    def closest(self, question: str, facts: Sequence[str]) -> list[str]:
        """Those of the facts that answer the question, closest first."""


class ClassifyingSpeaker:
    """Tells what a reply is; says what is known where it asks about the job, and leaves all else unsaid."""

    def __init__(self, classifier: Classifier, facts: Facts, files: LanguageFolder) -> None:
        self.classifier = classifier
        self.facts = facts
        self.files = files

    def hear(self, occasion: Occasion) -> "ClassifiedReply":
        """The occasion's reply, to be classified."""
        return ClassifiedReply(self, occasion)


class ClassifiedReply:
    """A reply that is classified when it is asked what it is; models run in threads."""

    is_slow = False

    def __init__(self, speaker: ClassifyingSpeaker, occasion: Occasion) -> None:
        self._speaker = speaker
        self._occasion = occasion
        self._heard: Heard | None = None

    async def understood(self) -> Heard:
        """The kind of the reply."""
        if self._heard is None:
            reply = self._occasion.reply or ""
            self._heard = await asyncio.to_thread(self._speaker.classifier.classify, reply)
        return self._heard

    async def say(self) -> AsyncIterator[str]:
        """The facts that the reply asks for, if they may be told; for all else lines were written."""
        heard, occasion = await self.understood(), self._occasion
        if not occasion.facts or Intent.ABOUT_JOB not in (heard.intent, heard.beside):
            return
        facts = self._speaker.facts
        phrases = self._speaker.files.get(Phrases, occasion.language)
        found = await asyncio.to_thread(facts.closest, heard.asked or occasion.reply or "", occasion.facts)
        told = ""
        for fact in found:
            whole = joined(told, phrases.asides.fact.format(fact=fact))
            yield whole.removeprefix(told)
            told = whole

    async def follow_up(self) -> FollowUp | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing runs."""
