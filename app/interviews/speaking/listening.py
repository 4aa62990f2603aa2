"""Replies heard without a language model: a classifier tells their kind, the words were written before."""

from collections.abc import AsyncIterator
from typing import Protocol

from app.interviews.speaking.occasion import FollowUp, Heard, Occasion


class Classifier(Protocol):
    """Tells what kind of reply a text is."""

    def classify(self, reply: str, asked: str) -> Heard:
        """The kind of `reply` to what was `asked`; an answer wherever there is doubt."""


class ClassifyingSpeaker:
    """Knows at once what a reply is, and leaves all words to those written beforehand."""

    def __init__(self, classifier: Classifier) -> None:
        self._classifier = classifier

    def hear(self, occasion: Occasion) -> "KnownReply":
        """The kind of the occasion's reply."""
        asked = occasion.question.text if occasion.question else ""
        return KnownReply(self._classifier.classify(occasion.reply or "", asked))


class KnownReply:
    """A reply whose kind is known, to which the speaker itself says nothing."""

    def __init__(self, heard: Heard) -> None:
        self.heard: Heard | None = heard
        self._heard = heard

    async def understood(self) -> Heard:
        return self._heard

    async def say(self) -> AsyncIterator[str]:
        """Nothing."""
        return
        yield

    async def follow_up(self) -> FollowUp | None:
        """None."""
        return None

    async def close(self) -> None:
        """Nothing runs."""


class PlainAnswers:
    """Takes every reply for an answer."""

    def classify(self, reply: str, asked: str) -> Heard:
        """An answer."""
        return Heard()
