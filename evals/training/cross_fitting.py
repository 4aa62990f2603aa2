"""Verdicts on replies to questions that neither the head, nor its calibration, nor its cuts have seen."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import log_loss
from sklearn.model_selection import GroupKFold

from app.scoring.judges.verdict_head import Verdict, VerdictHead
from evals.labelled import Reply
from evals.training.fitting import FOLDS, REPEATS, STRENGTHS, choose_cuts, credits_of, out_of_fold

Floats = NDArray[np.float64]
_CREDITS = (0.5, 1.0)  # a point is touched, or covered


def questions_of(replies: Sequence[Reply]) -> list[str]:
    """The question of each point."""
    return [reply.question for reply in replies for _ in reply.points]


def unseen_logits(x: Floats, replies: Sequence[Reply]) -> Floats:
    """Logits of "touched" and "covered", `[REPEATS * points, 2]`, from states `x`, `[points, hidden]`.

    Each is by a head that saw no reply to the point's question; every repeat divides the questions otherwise.
    The strength of the regularisation is the one with the least log loss, as in training.
    """
    credits, questions = credits_of(replies), questions_of(replies)

    def loss(strength: float) -> float:
        chances = 1 / (1 + np.exp(-out_of_fold(x, credits, questions, strength, seed=REPEATS)))
        return float(sum(log_loss(credits >= at, chances[:, i]) for i, at in enumerate(_CREDITS)))

    strength = min(STRENGTHS, key=loss)
    return np.concatenate(
        [out_of_fold(x, credits, questions, strength, seed=repeat) for repeat in range(REPEATS)]
    )


def plain_verdicts(logits: Floats) -> list[Verdict]:
    """Verdicts of logits as they come: no calibration, and cuts at one half."""
    return _reader(np.eye(2), np.zeros(2), (0.5, 0.5)).verdicts(logits)


def calibrated_verdicts(
    logits: Floats, replies: Sequence[Reply], signal: Floats | None = None
) -> list[Verdict]:
    """Verdicts of `unseen_logits`, calibrated and cut as in training, but on other questions than their own.

    `signal`, `[points]`, is blended in: it is calibrated together with the logits. As one more among the
    hundreds of columns that a head reads, the regularisation would leave it no say.
    """
    repeats = len(logits) // len(questions_of(replies))
    questions = np.tile(questions_of(replies), repeats)
    credits = np.tile(credits_of(replies), repeats)
    further = [] if signal is None else [np.tile(signal, repeats)]
    features = np.column_stack([logits, *further])
    verdicts: dict[int, Verdict] = {}
    folds = GroupKFold(FOLDS, shuffle=True, random_state=0)
    for seen, unseen in folds.split(features, groups=questions):
        reader = _calibrated(features[seen], credits[seen])
        verdicts.update(zip(unseen.tolist(), reader.verdicts(features[unseen]), strict=True))
    return [verdicts[at] for at in range(len(features))]


def _calibrated(features: Floats, credits: Floats) -> VerdictHead:
    """Reads a verdict from logits and further signals, `[points, 2 + signals]`: Platt scaling and cuts."""
    weights, bias = np.zeros((2, features.shape[1])), np.zeros(2)
    for row, at in enumerate(_CREDITS):
        columns = [row, *range(2, features.shape[1])]
        platt = LogisticRegression(C=1e6).fit(features[:, columns], credits >= at)
        weights[row, columns], bias[row] = platt.coef_[0], platt.intercept_[0]
    uncut = _reader(weights, bias, (0.5, 0.5))
    return _reader(weights, bias, choose_cuts(uncut.probabilities(features), credits))


def _reader(weights: Floats, bias: Floats, cuts: tuple[float, float]) -> VerdictHead:
    """A head whose "states" are logits."""
    return VerdictHead(
        version="",
        model_sha256="",
        prompt_hash={},
        weights=weights,
        bias=bias,
        cuts=cuts,
        review_below=0.0,
        depth=0.0,
    )
