"""The rankings that the production search fuses, each on its own."""

import numpy as np

from app.search.candidates import Scope
from app.search.index import QuestionIndex
from app.search.ranking import POOL, Weights, gather

_ALONE = {
    "dense": Weights(dense=1, lexical=0, words=0, rubric_words=0, passages=0),
    "lexical": Weights(dense=0, lexical=1, words=0, rubric_words=0, passages=0),
}

RANKINGS = (*_ALONE, "fused")


def ranked_ids(index: QuestionIndex, query: str, k: int) -> dict[str, list[str]]:
    """The k first question ids by nearness in meaning alone, and by BM25 alone."""
    corpus = index.corpus()
    evidence = gather(index, corpus, query, POOL, Scope({}))
    found = {}
    for name, weights in _ALONE.items():
        scores = evidence.scores(short=weights, long=weights)
        order = np.lexsort((np.asarray(evidence.positions), -scores))[:k]
        found[name] = [corpus.entries.question_at(evidence.positions[row]).question.id for row in order]
    return found
