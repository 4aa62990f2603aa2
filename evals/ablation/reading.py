"""Each part of how the verdict head reads the model, off in turn; measured on questions it has not seen."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.scoring.evidence.quotes import Embed
from app.scoring.judges.verdict_head import Verdict
from evals import metrics
from evals.labelled import Reply
from evals.results import Cell, Row, Table
from evals.training.closeness import closeness
from evals.training.cross_fitting import calibrated_verdicts, plain_verdicts, questions_of, unseen_logits
from evals.training.fitting import FOLDS, MARKS, REPEATS, credits_of, figures
from evals.training.reading import LAST, MEAN, Pass, Reading

Floats = NDArray[np.float64]
QUESTIONS = 8
SHIPPED = "shipped"
# name → what is off; those of `FITTED` use what was read as shipped
READ = {
    SHIPPED: "nothing: as shipped",
    "last_token": "mean over the point's words: the state at its last token instead",
    "no_baseline": "subtracting the pass with an empty reply",
    "last_block": "half-way up: the states after the last block instead",
    "point_alone": "all points in one pass: one point a pass instead",
}
FITTED = {
    "uncalibrated": "calibration and chosen cuts: the plain logistic output, cut at 0.5",
    "closeness": "nothing: the closeness of sentence embeddings blended in besides",
    "closeness_alone": "the model: closeness of sentence embeddings alone",
}
_FIGURES = {
    "auc": "auc_touched",
    "macro_f1": "macro_f1_touched",
    "kappa": "kappa_touched",
    "macro_f1_three_credits": "macro_f1_three_credits",
    f"mae_of_{MARKS}": f"mae_of_{MARKS}",
}
_COLUMNS = ("off: what instead", "AUC", "macro-F1", "κ", "macro-F1 of three credits", f"error of {MARKS}")
_NOTE = (
    "{replies} replies to {questions} questions of the train split, {points} points. Every verdict is by a "
    "head, a calibration and cuts made from the other questions, {repeats} times divided into {folds}: these "
    "are figures of heads trained on few questions, to compare with each other, not with the one shipped. "
    "The difference is in macro-F1 (point at least partly covered), with the 95 % interval of a bootstrap "
    "over questions: where that holds 0, the part is not shown to matter here."
)


@dataclass(frozen=True)
class Variant:
    """The verdicts on all points of the replies, once for every repeat."""

    name: str
    what: str
    verdicts: list[Verdict]


def chosen_replies(replies: Sequence[Reply], questions: int = QUESTIONS) -> list[Reply]:
    """All replies to so many questions of the train split, spread over it; no fewer than there are folds."""
    train = [reply for reply in replies if reply.split == "train"]
    asked = list(dict.fromkeys(reply.question for reply in train))
    wanted = min(max(questions, FOLDS), len(asked))
    chosen = {asked[at * len(asked) // wanted] for at in range(wanted)}
    return [reply for reply in train if reply.question in chosen]


def pass_of(reply: Reply) -> Pass:
    """The pass over all points, as shipped."""
    return Pass(reply.question, reply.language, reply.answer, reply.points)


def passes_of(replies: Sequence[Reply], *, alone: bool = False) -> Iterator[Pass]:
    """What has to be read for them: replies and, for what is subtracted, empty replies."""
    for reply in replies:
        for one in pass_of(reply).one_point_each if alone else (pass_of(reply),):
            yield one.without_reply
            yield one


def variants(
    replies: Sequence[Reply], shipped: Reading, last_block: Reading, embed: Embed | None
) -> list[Variant]:
    """All variants of passes that were read; those with closeness where there is an embedder."""
    states: Mapping[str, Callable[[], Floats]] = {
        SHIPPED: lambda: _states(replies, shipped),
        "last_token": lambda: _states(replies, shipped, pool=LAST),
        "no_baseline": lambda: _states(replies, shipped, baseline=False),
        "last_block": lambda: _states(replies, last_block),
        "point_alone": lambda: _states(replies, shipped, alone=True),
    }
    logits = {name: unseen_logits(read(), replies) for name, read in states.items()}
    found = [Variant(name, READ[name], calibrated_verdicts(logits[name], replies)) for name in READ]
    as_shipped = logits[SHIPPED]
    fitted = {"uncalibrated": plain_verdicts(as_shipped)}
    if embed is not None:
        close = closeness(replies, embed)
        alone = np.tile(np.column_stack([close, close]), (REPEATS, 1))
        fitted["closeness"] = calibrated_verdicts(as_shipped, replies, signal=close)
        fitted["closeness_alone"] = calibrated_verdicts(alone, replies)
    return found + [Variant(name, FITTED[name], verdicts) for name, verdicts in fitted.items()]


def _states(
    replies: Sequence[Reply],
    reading: Reading,
    *,
    pool: int = MEAN,
    baseline: bool = True,
    alone: bool = False,
) -> Floats:
    """What the head is fitted to, `[points, hidden]`."""
    rows = []
    for reply in replies:
        for one in pass_of(reply).one_point_each if alone else (pass_of(reply),):
            states = reading.pooled(one)[:, pool]
            rows.append(states - reading.pooled(one.without_reply)[:, pool] if baseline else states)
    return np.concatenate(rows).astype(np.float64)


def measured(found: Sequence[Variant], replies: Sequence[Reply]) -> dict[str, dict[str, float]]:
    """For each variant AUC, macro-F1 and so on: variant → figure → value."""
    repeated = list(replies) * REPEATS
    return {
        variant.name: {name: of_all[theirs] for name, theirs in _FIGURES.items()}
        for variant in found
        for of_all in [figures(variant.verdicts, repeated)]
    }


def table(
    found: Sequence[Variant], values: Mapping[str, Mapping[str, float]], replies: Sequence[Reply]
) -> Table:
    """A line a variant, with how far it is from what is shipped."""
    shipped = next(variant for variant in found if variant.name == SHIPPED)
    rows: list[list[Cell]] = []
    for variant in found:
        apart: list[Cell] = [None, None, None]
        if variant is not shipped:
            apart = [values[variant.name]["macro_f1"] - values[SHIPPED]["macro_f1"]]
            apart += _interval(variant, shipped, replies)
        rows.append([variant.what, *values[variant.name].values(), *apart])
    note = _NOTE.format(
        replies=len(replies),
        questions=len({reply.question for reply in replies}),
        points=len(questions_of(replies)),
        repeats=REPEATS,
        folds=FOLDS,
    )
    return Table("Reading, a part off in turn", (*_COLUMNS, "difference", "from", "to"), rows, note)


def _interval(variant: Variant, shipped: Variant, replies: Sequence[Reply]) -> list[Cell]:
    """The 95 % interval of the variant's macro-F1 less the shipped one's."""
    clusters: dict[str, Floats] = {}
    points = zip(
        questions_of(replies) * REPEATS,
        np.tile(credits_of(replies), REPEATS) >= 0.5,
        variant.verdicts,
        shipped.verdicts,
        strict=True,
    )
    for question, touched, theirs, ours in points:
        counts = clusters.setdefault(question, np.zeros((2, 2, 2)))
        counts[0, int(touched), int(theirs.credit >= 0.5)] += 1
        counts[1, int(touched), int(ours.credit >= 0.5)] += 1

    def difference(drawn: Sequence[Floats]) -> float:
        counts = np.sum(drawn, axis=0)
        return _macro_f1(counts[0]) - _macro_f1(counts[1])

    return list(
        metrics.cluster_bootstrap([[counts] for counts in clusters.values()], difference) or (None, None)
    )


def _macro_f1(confusion: Floats) -> float:
    """Macro-F1 of a confusion matrix: `metrics.macro_f1` is too slow to be drawn thousands of times."""
    sums = confusion.sum(axis=0) + confusion.sum(axis=1)
    return float((2 * confusion.diagonal() / np.maximum(sums, 1)).mean())


def rows(found: Sequence[Variant], replies: Sequence[Reply]) -> list[Row]:
    """A row a reply, with every variant's credits of the first repeat."""
    listed: list[Row] = []
    start = 0
    for reply in replies:
        end = start + len(reply.points)
        listed.append(
            {
                "id": f"reading-{reply.id}",
                "kind": reply.kind,
                "language": reply.language,
                "input": f"{reply.question}\n\n{reply.answer}",
                "target": " ".join(f"{credit:g}" for credit in reply.credits),
                "output": {
                    variant.name: " ".join(f"{v.credit:g}" for v in variant.verdicts[start:end])
                    for variant in found
                },
            }
        )
        start = end
    return listed
