"""How well rankings answer labelled queries: pure functions over lists of ids."""

import math
from collections.abc import Collection, Hashable, Sequence

import numpy as np


def recall_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """The share of the relevant ids found among the first k, of as many as k can hold: 0..1.

    With one relevant id this is the usual recall; with several, recall@1 asks that the first is one of them.
    Raises `ValueError` when nothing is relevant.
    """
    if not relevant:
        raise ValueError("a query needs at least one relevant id")
    return len(set(ranked[:k]) & set(relevant)) / min(k, len(set(relevant)))


def ndcg_at(k: int, ranked: Sequence[str], relevant: Collection[str]) -> float:
    """Normalised discounted cumulative gain with gains 0 and 1 (Järvelin and Kekäläinen 2002): 0..1."""
    wanted = set(relevant)
    gain = sum(1 / math.log2(place + 2) for place, name in enumerate(ranked[:k]) if name in wanted)
    ideal = sum(1 / math.log2(place + 2) for place in range(min(k, len(wanted))))
    return gain / ideal


def interval(
    values: Sequence[float], clusters: Sequence[Hashable], *, rounds: int = 2000, seed: int = 0
) -> tuple[float, float]:
    """The 95 % percentile bootstrap interval of the mean, drawing whole clusters (Efron and Tibshirani 1993).

    Values of one cluster, such as the queries for one question, are not independent of each other.
    """
    names = sorted(set(clusters), key=str)
    sums = np.array(
        [sum(v for v, c in zip(values, clusters, strict=True) if c == name) for name in names], dtype=float
    )
    sizes = np.array([sum(c == name for c in clusters) for name in names], dtype=float)
    drawn = np.random.default_rng(seed).integers(0, len(names), size=(rounds, len(names)))
    means = sums[drawn].sum(axis=1) / sizes[drawn].sum(axis=1)
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)
