"""Trains the classifier of kinds of replies: `make train-kinds`.

Fits the written utterances, and sentences of the golden replies' train split as further answers. Thresholds
are chosen on fits that saw no reply to the question they are tried on.
"""

import argparse
import base64
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix  # type: ignore[import-untyped]
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from app.interviews.flow.moves import Intent
from app.interviews.speaking.features import form, meaning
from app.interviews.speaking.kinds import (
    WEIGHTS,
    KindClassifier,
    KindWeights,
    Reading,
    carried_embedders,
    features,
    read,
    sentences_of,
)
from app.search.embedding import Embedder
from app.settings import get_settings
from evals.heard import figures, production, report
from evals.labelled import GOLDEN, SHIPPED, read_replies
from evals.results import SuiteResult
from evals.utterances import MIXED, UNSEEN, UTTERANCES, Utterance, read_utterances

STRENGTH, FOLDS, SEED = 5.0, 6, 0
LOST = 0.005  # share of answers that may be taken for something else
ASIDES = 0.005  # share of answers that may seem to hold a question
NO_ANSWERS = frozenset({"injection", "gibberish"})
SENTENCE = (4, 150)  # code points of a sentence that is used

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Material:
    """Texts as the classifier reads them: `parts` of one row of `meanings` and `forms` each."""

    utterances: list[Utterance]
    parts: list[slice]
    meanings: NDArray[np.float32]
    forms: NDArray[np.float32]

    @property
    def wholes(self) -> list[int]:
        """The rows of whole utterances."""
        return [part.start for part in self.parts]


def material(utterances: list[Utterance], embedders: Sequence[Embedder]) -> Material:
    """The features of the utterances and of the parts that they are read in."""
    texts: list[str] = []
    parts = []
    for utterance in utterances:
        found = read(utterance.text)
        parts.append(slice(len(texts), len(texts) + len(found)))
        texts += found
    return Material(utterances, parts, meaning(texts, embedders), form(texts))


def answers() -> list[Utterance]:
    """The first and last sentences of golden replies, which are answers."""
    found: dict[str, Utterance] = {}
    for reply in [*read_replies(GOLDEN), *read_replies(SHIPPED)]:
        if reply.split != "train" or reply.kind in NO_ANSWERS:
            continue
        shortest, longest = SENTENCE
        fitting = [s for s in sentences_of(reply.answer) if shortest <= len(s) <= longest]
        for text in [*fitting[:1], *fitting[-1:]]:
            found.setdefault(
                text, Utterance(reply.id, "golden", "", reply.language, Intent.ANSWER, None, text)
            )
    return list(found.values())


def fit(rows: Floats, kinds: Sequence[str], names: Sequence[str]) -> tuple[Floats, Floats]:
    """Weights `[kinds, features]` and bias `[kinds]`, the kinds in the order of `names`."""
    model = LogisticRegression(C=STRENGTH, max_iter=400, tol=1e-4).fit(csr_matrix(rows), list(kinds))
    order = [list(model.classes_).index(name) for name in names]
    return model.coef_[order], model.intercept_[order]


def label(utterance: Utterance) -> str:
    return Intent.ANSWER.value if utterance.is_answer else utterance.kind


def train(seen: Material, names: tuple[str, ...]) -> KindWeights:
    """The weights, fitted to all of `seen`, with thresholds from fits to parts of it."""
    labels = np.array([label(utterance) for utterance in seen.utterances])
    wholes = np.array(seen.wholes)
    centre = np.round(seen.meanings[wholes].astype(np.float64).mean(axis=0), 5)
    rows = features(seen.meanings, seen.forms, centre)
    blank = KindWeights(
        kinds=tuple(map(Intent, names)),
        embedders=tuple(embedder.name for embedder in carried_embedders()),
        centre=centre,
        weights=np.empty((0, 0)),
        bias=np.empty(0),
        threshold=0.0,
        beside=0.0,
    )
    readings: list[Reading] = [Reading([]) for _ in seen.utterances]
    groups = [utterance.question or utterance.id for utterance in seen.utterances]
    for some, others in GroupKFold(FOLDS, shuffle=True, random_state=SEED).split(wholes, groups=groups):
        weights, bias = fit(rows[wholes[some]], labels[some].tolist(), names)
        fold = replace(blank, weights=weights, bias=bias)
        for at in others:
            readings[at] = Reading(fold.guesses(rows[seen.parts[at]]))
    asked = [(u, r) for u, r in zip(seen.utterances, readings, strict=True) if u.question]
    odds = sorted(reading.odds for utterance, reading in asked if utterance.is_answer)
    asides = sorted(
        reading.aside_odds(utterance.text) for utterance, reading in asked if utterance.kind == Intent.ANSWER
    )
    weights, bias = fit(rows[wholes], labels.tolist(), names)
    return replace(
        blank,
        # As they are stored.
        weights=weights.astype("<f2").astype(np.float64),
        bias=bias.astype("<f2").astype(np.float64),
        threshold=round(max(0.0, odds[-1 - int(LOST * len(odds))]) + 0.01, 2),
        beside=round(max(0.0, asides[-1 - int(ASIDES * len(asides))]) + 0.01, 2),
    )


def stored(weights: KindWeights, provenance: dict[str, Any]) -> dict[str, Any]:
    """The weights as JSON values, with their checksum."""
    both = np.hstack([weights.weights, weights.bias[:, None]]).astype("<f2")
    encoded = base64.b64encode(both.tobytes()).decode()
    return {
        "kinds": list(weights.kinds),
        "embedders": list(weights.embedders),
        "threshold": weights.threshold,
        "beside": weights.beside,
        "centre": weights.centre.tolist(),
        "sha256": hashlib.sha256(encoded.encode()).hexdigest(),
        "provenance": provenance,
        "weights": encoded,
    }


def crossed(utterances: Sequence[Utterance], embedders: Sequence[Embedder]) -> dict[str, Any]:
    """For each writer whose questions are known, the figures of a fit that saw nothing of theirs."""
    table = {}
    for writer in sorted({u.writer for u in utterances if u.question}):
        rest = [u for u in utterances if u.writer != writer]
        weights = train(material(rest + answers(), embedders), kinds_of(rest))
        theirs = [u for u in utterances if u.writer == writer]
        table[writer] = figures(theirs, KindClassifier(weights, embedders).classify)
    return table


def kinds_of(utterances: Sequence[Utterance]) -> tuple[str, ...]:
    """The kinds that are told apart, the answer first."""
    others = sorted({utterance.kind for utterance in utterances} - {Intent.ANSWER.value, MIXED})
    return (Intent.ANSWER.value, *others)


def _print(measured: SuiteResult) -> None:
    """The tables, and every utterance that was taken for something that it is not."""
    print(json.dumps(measured.figures, indent=1))
    for table in measured.tables:
        rows = [table.columns, *table.rows]
        print(f"\n{table.title}\n" + "\n".join("  ".join(map(str, row)) for row in rows))
    for row in measured.rows:
        if row["score"] != 1:
            print(row["target"], "->", row["output"], "|", row["input"])


def main() -> None:
    """Train, write the weights and print what they reach on utterances of unseen writers."""
    parser = argparse.ArgumentParser(description="Trains the classifier of kinds of replies.")
    parser.add_argument("--utterances", type=Path, default=UTTERANCES, help="what to learn, JSONL")
    parser.add_argument("--output", type=Path, default=WEIGHTS, help="default: the weights shipped")
    parser.add_argument(
        "--across-writers", action="store_true", help="also train on one writer for the other"
    )
    parser.add_argument("--measure", type=Path, help="measure the shipped weights on this JSONL")
    options = parser.parse_args()
    if options.measure:
        _print(report(read_utterances(options.measure), production(get_settings())))
        return
    utterances, embedders = read_utterances(options.utterances), carried_embedders()
    further = answers()
    weights = train(material(utterances + further, embedders), kinds_of(utterances))
    paths = (options.utterances, GOLDEN, SHIPPED)
    provenance = {
        "data": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths},
        "labels": "written and labelled by language models; none is a human label",
        "utterances": len(utterances),
        "further_answers": len(further),
    }
    options.output.write_text(
        json.dumps(stored(weights, provenance), ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
    )
    print(json.dumps(provenance | {"threshold": weights.threshold, "beside": weights.beside}, indent=1))
    _print(report(read_utterances(UNSEEN), production(get_settings())))
    if options.across_writers:
        print(json.dumps(crossed(utterances, embedders), indent=1))


if __name__ == "__main__":
    main()
