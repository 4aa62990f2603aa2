"""Replies composed of statements, so that what each sentence is worth is known. Pure."""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from evals.variations.statements import Statements

# One point in so many stays unsaid, so that a verdict can be seen to rise as well as to fall.
ONE_UNSAID_IN = 3


@dataclass(frozen=True)
class Sentence:
    """One statement; `point` is the id of the point it covers, None for filler."""

    text: str
    point: str | None = None


@dataclass(frozen=True)
class ComposedReply:
    """A reply as its sentences in order; every method returns another reply."""

    sentences: tuple[Sentence, ...]
    joined_by: str = ""

    @property
    def text(self) -> str:
        return self.joined_by.join(sentence.text for sentence in self.sentences)

    @property
    def covered(self) -> list[str]:
        """Ids of the points said, in the order they are said."""
        return [sentence.point for sentence in self.sentences if sentence.point is not None]

    @property
    def places(self) -> dict[str, tuple[int, int]]:
        """Where in `text` each point is said, half-open, in code points."""
        places, at = {}, 0
        for sentence in self.sentences:
            if sentence.point is not None:
                places[sentence.point] = (at, at + len(sentence.text))
            at += len(sentence.text) + len(self.joined_by)
        return places

    def without(self, point: str) -> "ComposedReply":
        """Without the one sentence that covers `point`. Raises `ValueError` if none does."""
        if point not in self.covered:
            raise ValueError(f"no sentence covers {point}")
        at = next(i for i, sentence in enumerate(self.sentences) if sentence.point == point)
        return replace(self, sentences=self.sentences[:at] + self.sentences[at + 1 :])

    def with_sentence(self, sentence: Sentence, at: int) -> "ComposedReply":
        """With one more sentence before position `at`."""
        return replace(self, sentences=(*self.sentences[:at], sentence, *self.sentences[at:]))

    def shuffled(self, seed: str) -> "ComposedReply":
        """The same sentences in another order; the same if there is only one."""
        order = list(self.sentences)
        chance = random.Random(seed)
        while len(order) > 1 and tuple(order) == self.sentences:
            chance.shuffle(order)
        return replace(self, sentences=tuple(order))

    def paraphrased(self, statements: Statements) -> "ComposedReply":
        """Every statement in its second wording."""
        return replace(
            self, sentences=tuple(_paraphrase(sentence, statements) for sentence in self.sentences)
        )

    def filled(self, filler: Sequence[str]) -> "ComposedReply":
        """With the filler sentences spread between the others, none first."""
        reply = self
        for number, text in enumerate(filler, 1):
            at = max(1, number * len(self.sentences) // (len(filler) + 1)) + number - 1
            reply = reply.with_sentence(Sentence(text), min(at, len(reply.sentences)))
        return reply


def _paraphrase(sentence: Sentence, statements: Statements) -> Sentence:
    if sentence.point is None:
        return sentence
    return replace(sentence, text=statements.points[sentence.point][1])


def composed(
    statements: Statements, points: Iterable[str], *, seed: str = "", joined_by: str = ""
) -> ComposedReply:
    """The first wording of each of `points`, in an order that `seed` decides."""
    said = [Sentence(statements.points[point][0], point) for point in points]
    random.Random(seed).shuffle(said)
    return ComposedReply(tuple(said), joined_by)


def part_of(points: Sequence[str], seed: str) -> list[str]:
    """The points to cover, in rubric order: one in three is left out, at least one if there are two."""
    unsaid = max(1, round(len(points) / ONE_UNSAID_IN)) if len(points) > 1 else 0
    left_out = set(random.Random(seed).sample(list(points), unsaid))
    return [point for point in points if point not in left_out]
