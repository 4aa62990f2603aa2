"""Replies heard without a language model: a classifier tells their kind, the words were written before."""

import asyncio
from collections.abc import AsyncIterator
from typing import Protocol

from app.interviews.speaking.occasion import FollowUp, Heard, Occasion


class Classifier(Protocol):
    """Tells what kind of reply a text is."""

    def classify(self, reply: str) -> Heard:
        """The kind of `reply`; an answer wherever there is doubt."""


class ClassifyingSpeaker:
    """Tells what a reply is, and leaves all words to those written beforehand."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def hear(self, occasion: Occasion) -> "ClassifiedReply":
        """The occasion's reply, to be classified."""
        return ClassifiedReply(self._classifier, occasion)


class ClassifiedReply:
    """A reply that is classified when it is asked what it is; the speaker itself says nothing to it."""

    is_slow = False

    def __init__(self, classifier: Classifier, occasion: Occasion) -> None:
        self._classifier = classifier
        self._occasion = occasion

    async def understood(self) -> Heard:
        """The kind of the reply; the classifier runs in a thread."""
        return await asyncio.to_thread(self._classifier.classify, self._occasion.reply or "")

    async def say(self) -> AsyncIterator[str]:
        """Nothing."""
        return
        yield

    async def follow_up(self) -> FollowUp | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing runs."""
