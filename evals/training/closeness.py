"""How close in meaning a reply comes to each rubric point: the signal that judges without a model use."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from app.scoring.evidence.quotes import Embed, best_quote
from app.text.fold import fold
from evals.labelled import Reply

Floats = NDArray[np.float64]


def closeness(replies: Sequence[Reply], embed: Embed) -> Floats:
    """The cosine, -1..1, between each point and the sentence of its reply that is nearest to it, `[points]`.

    Both are taken from the mean of the question's points, because what all points share, the topic, says
    nothing about one of them. 0 for a reply without words. `embed` maps texts to unit vectors, `[n, d]`.
    """
    remembered = _Remembered(embed)
    return np.array([_cosine(reply, at, remembered) for reply in replies for at in range(len(reply.points))])


class _Remembered:
    """An embedding that embeds no text twice."""

    def __init__(self, embed: Embed) -> None:
        self._embed = embed
        self._known: dict[str, NDArray[np.float32]] = {}

    def __call__(self, texts: list[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._embed(new), strict=True))
        return np.stack([self._known[text] for text in texts])


def _cosine(reply: Reply, at: int, embed: Embed) -> float:
    others = [point for place, point in enumerate(reply.points) if place != at]
    span = best_quote(reply.points[at], reply.answer, embed, others)
    if span is None:
        return 0.0
    texts = [reply.answer[slice(*span)], reply.points[at], *others]
    vectors = embed([fold(text).text for text in texts]).astype(np.float64)
    topic = vectors[1:].mean(axis=0) if others else 0.0
    said, asked = vectors[0] - topic, vectors[1] - topic
    norms = float(np.linalg.norm(said) * np.linalg.norm(asked))
    return float(said @ asked) / norms if norms else 0.0
