"""Scripted candidates: they know every point of a question, hold some back, and tell one only when asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from app.banks.schema import Question
from app.search.embedding import Embedder
from app.text.fold import words
from evals.variations.composing import composed
from evals.variations.statements import Statements

# Measured with multilingual-e5-small on the first probes of the shipped banks and two rewordings of each: the
# right point led by more in all 552 cases; a question about nothing in particular led by less in 86 of 87.
LEAST_LEAD = 0.03


def asked_point(utterance: str, question: Question, embedder: Embedder | None = None) -> str | None:
    """The id of the point an utterance asks about, told by its words alone; None if that is not clear.

    The point whose probe it holds word for word. Without one, where there is an `embedder`, the point whose
    probe or text is closest, if it leads the next by `LEAST_LEAD` (difference of cosines).
    """
    said = words(utterance)
    held = [point.id for point in question.points if point.probe and words(point.probe) in said]
    if held or embedder is None or len(question.points) < 2:
        return held[0] if len(held) == 1 else None
    heard = embedder.embed_queries([utterance])[0]
    texts = embedder.embed_passages([point.text for point in question.points])
    probes = embedder.embed_passages([point.probe or point.text for point in question.points])
    closeness = np.maximum(texts @ heard, probes @ heard)
    second, first = np.argsort(closeness)[-2:]
    return question.points[first].id if closeness[first] - closeness[second] >= LEAST_LEAD else None


@dataclass
class ScriptedCandidate:
    """Answers one question. `held_back` are ids of points it knows and does not say at first.

    `asked` are the points it was asked about after the first reply, None where that was not clear; `revealed`
    those of them that it then told.
    """

    statements: Statements
    held_back: Sequence[str]
    joined_by: str = ""
    seed: str = ""
    asked: list[str | None] = field(default_factory=list)
    revealed: list[str] = field(default_factory=list)

    def first_reply(self) -> str:
        """Everything it knows but what it holds back, in an order that `seed` decides."""
        said = [point for point in self.statements.points if point not in self.held_back]
        return composed(self.statements, said, seed=self.seed, joined_by=self.joined_by).text

    def reply_to(self, point: str | None) -> str:
        """What it holds back about `point`, said once; anything else is answered with words about nothing."""
        self.asked.append(point)
        if point is not None and point in self.held_back and point not in self.revealed:
            self.revealed.append(point)
            return self.statements.points[point][0]
        evasions = len(self.asked) - len(self.revealed)
        return self.statements.filler[(evasions - 1) % len(self.statements.filler)]
