"""Fits the verdict head and says how well it does on questions it did not see."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler

from app.scoring.judges.verdict_head import Verdict, VerdictHead
from evals.labelled import Reply

Floats = NDArray[np.float64]
STRENGTHS = (3e-4, 1e-3, 3e-3, 1e-2, 3e-2)  # inverse L2 strength on standardised states
CUTS = np.round(np.arange(0.2, 0.81, 0.02), 2)
FOLDS, REPEATS, MARKS = 6, 3, 8
FLAGGED = 0.15  # share of points a person is asked to look at


def credits_of(replies: Iterable[Reply]) -> Floats:
    return np.concatenate([reply.credits for reply in replies])


def fit(x: Floats, credits: Floats, strength: float) -> tuple[Floats, Floats]:
    """Weights `[2, hidden]` and bias `[2]` for credit >= 0.5 and credit = 1, standardisation folded in."""
    scaler = StandardScaler().fit(x)
    scaled = scaler.transform(x)
    models = [LogisticRegression(C=strength, max_iter=1000).fit(scaled, credits >= at) for at in (0.5, 1)]
    weights = np.vstack([model.coef_[0] / scaler.scale_ for model in models])
    return weights, np.array([model.intercept_[0] for model in models]) - weights @ scaler.mean_


def out_of_fold(x: Floats, credits: Floats, questions: Sequence[str], strength: float, seed: int) -> Floats:
    """Logits `[points, 2]`, each by a fit that saw no reply to its question."""
    logits = np.empty((len(x), 2))
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, unseen in folds.split(x, groups=questions):
        weights, bias = fit(x[seen], credits[seen], strength)
        logits[unseen] = x[unseen] @ weights.T + bias
    return logits


def choose_cuts(chances: Floats, credits: Floats) -> tuple[float, float]:
    """The cuts of "touched" and "covered" with the best macro-F1 over the three credits."""

    def macro_f1(cuts: tuple[float, float]) -> float:
        given = np.where(chances[:, 0] < cuts[0], 0, np.where(chances[:, 1] >= cuts[1], 2, 1))
        return float(f1_score((2 * credits).astype(int), given, average="macro"))

    return max(((float(a), float(b)) for a in CUTS for b in CUTS), key=macro_f1)


def figures(
    verdicts: Sequence[Verdict], replies: Sequence[Reply], *, brief: bool = False
) -> dict[str, float]:
    """Agreement of verdicts with labels, point by point and, out of `MARKS`, reply by reply."""
    given, credits = np.array([verdict.credit for verdict in verdicts]), credits_of(replies)
    flagged = np.array([verdict.needs_review for verdict in verdicts])
    ends = np.cumsum([len(reply.points) for reply in replies])[:-1]
    off = np.array([MARKS * part.mean() for part in np.split(given - credits, ends)])
    wrong, labels, touched = given != credits, (2 * credits).astype(int), credits >= 0.5
    found: dict[str, Any] = {
        "points": len(credits),
        "accuracy": 1 - wrong.mean(),
        "accuracy_touched": (touched == (given >= 0.5)).mean(),
        f"mae_of_{MARKS}": np.abs(off).mean(),
        f"bias_of_{MARKS}": off.mean(),
    }
    if not brief:
        found |= {
            "auc_touched": roc_auc_score(touched, [verdict.score for verdict in verdicts]),
            "macro_f1_three_credits": f1_score(labels, (2 * given).astype(int), average="macro"),
            "macro_f1_touched": f1_score(touched, given >= 0.5, average="macro"),
            "kappa_touched": cohen_kappa_score(touched, given >= 0.5),
            "flagged": flagged.mean(),
            "errors_flagged": flagged[wrong].mean(),
            "accuracy_unflagged": 1 - wrong[~flagged].mean(),
        }
    return {name: round(float(value), 3) for name, value in found.items()}


def report(verdicts: Sequence[Verdict], replies: Sequence[Reply]) -> dict[str, Any]:
    """The figures of all replies and, in brief, of each kind of reply and each language."""
    result: dict[str, Any] = dict(figures(verdicts, replies))
    for attribute in ("kind", "language"):
        of_point = [getattr(reply, attribute) for reply in replies for _ in reply.points]
        for value in sorted(set(of_point)):
            some = [reply for reply in replies if getattr(reply, attribute) == value]
            theirs = [verdict for verdict, owner in zip(verdicts, of_point, strict=True) if owner == value]
            result[f"{attribute}:{value}"] = figures(theirs, some, brief=True)
    return result


def train(
    x: Floats, replies: Sequence[Reply], model_sha256: str, hashes: dict[str, str], depth: float
) -> tuple[VerdictHead, dict[str, Any]]:
    """The head fitted to all of `replies`, one row of `x` per point, and its cross-validated report."""
    credits = credits_of(replies)
    questions = [reply.question for reply in replies for _ in reply.points]

    def loss(strength: float) -> float:
        chances = 1 / (1 + np.exp(-out_of_fold(x, credits, questions, strength, seed=REPEATS)))
        return float(sum(log_loss(credits >= at, chances[:, i]) for i, at in enumerate((0.5, 1))))

    strength = min(STRENGTHS, key=loss)
    repeats = [out_of_fold(x, credits, questions, strength, seed) for seed in range(REPEATS)]
    logits, repeated = np.concatenate(repeats), np.tile(credits, REPEATS)
    platt = [LogisticRegression(C=1e6).fit(logits[:, [i]], repeated >= at) for i, at in enumerate((0.5, 1))]
    slope, shift = np.array([p.coef_[0, 0] for p in platt]), np.array([p.intercept_[0] for p in platt])
    reader = VerdictHead(
        version=f"{datetime.now(UTC):%Y.%m.%d}",
        model_sha256=model_sha256,
        prompt_hash=hashes,
        weights=np.diag(slope),  # reads logits
        bias=shift,
        cuts=(0.5, 0.5),
        review_below=0,
        depth=depth,
    )
    reader = replace(reader, cuts=choose_cuts(reader.probabilities(logits), repeated))
    confidences = [verdict.confidence for verdict in reader.verdicts(logits)]
    reader = replace(reader, review_below=float(np.quantile(confidences, FLAGGED).round(3)))
    weights, bias = fit(x, credits, strength)
    head = replace(reader, weights=weights * slope[:, None], bias=bias * slope + shift)
    choices = {"folds": FOLDS, "repeats": REPEATS, "inverse_l2": strength}
    provenance = {
        "cross_validated": choices | report(reader.verdicts(logits), list(replies) * REPEATS),
        "leave_one_occupation_out": left_out(x, replies, strength, reader),
    }
    return head, provenance


def left_out(x: Floats, replies: Sequence[Reply], strength: float, reader: VerdictHead) -> dict[str, Any]:
    """For each occupation the figures of its replies, judged by a fit that saw none of that occupation."""
    credits = credits_of(replies)
    owners = np.array([reply.occupation for reply in replies for _ in reply.points])
    table = {}
    for occupation in sorted(set(owners)):
        unseen = owners == occupation
        weights, bias = fit(x[~unseen], credits[~unseen], strength)
        verdicts = reader.verdicts(x[unseen] @ weights.T + bias)
        table[occupation] = figures(verdicts, [reply for reply in replies if reply.occupation == occupation])
    return table
