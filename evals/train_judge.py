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
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import numpy as np
import orjson
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import cohen_kappa_score, f1_score, log_loss, roc_auc_score
from sklearn.model_selection import GroupKFold
from sklearn.preprocessing import StandardScaler
from tqdm import tqdm

from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.states import States, point_states
from app.scoring.verdict_head import VerdictHead

Floats = NDArray[np.float64]
Extracted = dict[tuple[str, str], States]  # by order of points and reply id
PROMPTS = Path(__file__).parent.parent / "prompts"
MODEL_SHA256 = "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046"
STRENGTHS = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 1e-2)  # inverse L2 strength on standardised states
ORDERS = ("forward", "reversed")
FOLDS, SEEDS, MARKS = 6, 3, 8
SAVE_EVERY = 20  # replies
FLAGGED = 0.2  # share of points a person is asked to look at


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


class ModelServer:
    """The embedded model's server, started with `embedding=True` and no pooling."""

    def __init__(self, url: str) -> None:
        self._http = httpx2.AsyncClient(base_url=url, timeout=600)
        self._tokens: dict[tuple[str, bool], list[int]] = {}

    async def _post(self, path: str, body: dict[str, Any]) -> Any:
        response = await self._http.post(path, json=body)
        response.raise_for_status()
        return orjson.loads(response.content)

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        key = text, parse_special
        if key not in self._tokens:
            body = {"content": text, "add_special": False, "parse_special": parse_special}
            self._tokens[key] = (await self._post("/tokenize", body))["tokens"]
        return self._tokens[key]

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        rows = (await self._post("/embeddings", {"content": token_ids}))[0]["embedding"]
        return np.array([rows[position] for position in positions], dtype=np.float32)


def read_golden(path: Path) -> list[Reply]:
    replies = []
    for line in path.read_text(encoding="utf-8").splitlines():
        r = json.loads(line)
        points = r["points"]
        texts, credits = tuple(p["text"] for p in points), tuple(float(r["labels"][p["id"]]) for p in points)
        shared = {k: r[k] for k in ("id", "question", "language", "kind", "split", "answer")}
        replies.append(Reply(**shared, points=texts, credits=credits))
    return replies


class Cache(dict[str, States]):
    """States by prompt hash, order and reply, kept in one `.npz` that an interrupted run resumes from."""

    def __init__(self, path: Path | None) -> None:
        super().__init__()
        self._path = path
        if path is not None and path.exists():
            with np.load(path) as stored:
                self.update(stored)

    def save(self) -> None:
        if self._path is not None:
            partial = self._path.with_suffix(".partial.npz")
            np.savez(partial, **self)  # type: ignore[arg-type]
            partial.replace(self._path)


async def extract(
    wanted: Sequence[tuple[str, Reply]], prompts: dict[str, Prompt], url: str, cache: Cache
) -> Extracted:
    """States of each wanted (order, reply), `[points, hidden]` in the reply's own order of points."""
    server, states = ModelServer(url), {}
    for order, reply in tqdm(wanted, unit="reply", file=sys.stderr):
        prompt, step = prompts[reply.language], -1 if order == "reversed" else 1
        key = f"{prompt.hash}|{order}|{reply.id}"
        if key not in cache:
            found = await point_states(server, prompt, reply.question, reply.answer, reply.points[::step])
            cache[key] = found[::step]
            if len(cache) % SAVE_EVERY == 0:
                cache.save()
        states[order, reply.id] = cache[key]
    cache.save()
    return states


def stack(values: Callable[[Reply], Any], replies: Sequence[Reply]) -> NDArray[Any]:
    return np.concatenate([np.asarray(values(reply)) for reply in replies])


def fit(x: Floats, credits: Floats, strength: float) -> tuple[Floats, Floats]:
    """Weights `[2, hidden]` and bias `[2]` for credit >= 0.5 and credit = 1, standardisation folded in."""
    scaler = StandardScaler().fit(x)
    models = [
        LogisticRegression(C=strength, max_iter=1000).fit(scaler.transform(x), credits >= at)
        for at in (0.5, 1)
    ]
    weights = np.vstack([model.coef_[0] / scaler.scale_ for model in models])
    return weights, np.array([m.intercept_[0] for m in models]) - weights @ scaler.mean_


def out_of_fold(
    replies: Sequence[Reply],
    states: dict[tuple[str, str], States],
    orders: Sequence[str],
    strength: float,
    seed: int,
) -> Floats:
    """Logits `[points, 2]` of each reply, by a fit that saw no reply to its question."""
    questions = np.array([reply.question for reply in replies])
    logits: dict[str, Floats] = {}
    folds = GroupKFold(FOLDS, shuffle=True, random_state=seed)
    for seen, unseen in folds.split(questions, groups=questions):
        train = [(order, replies[i]) for order in orders for i in seen]
        x = np.concatenate([states[order, reply.id] for order, reply in train]).astype(np.float64)
        weights, bias = fit(x, np.concatenate([reply.credits for _, reply in train]), strength)
        for i in unseen:
            logits[replies[i].id] = states["forward", replies[i].id] @ weights.T + bias
    return np.concatenate([logits[reply.id] for reply in replies])


def calibrate(logits: Floats, credits: Floats) -> tuple[Floats, Floats]:
    """Platt scaling of each column: slopes `[2]` and intercepts `[2]`."""
    models = [LogisticRegression(C=1e6).fit(logits[:, [i]], credits >= at) for i, at in enumerate((0.5, 1))]
    return np.array([m.coef_[0, 0] for m in models]), np.array([m.intercept_[0] for m in models])


def choose_cuts(head: VerdictHead, logits: Floats, credits: Floats) -> tuple[float, float]:
    """The cuts with the best macro-F1 over the three credits."""
    grid = np.round(np.arange(0.2, 0.81, 0.02), 2)
    touched, covered = head.probabilities(logits).T
    labels = (2 * credits).astype(int)

    def macro_f1(cuts: tuple[float, float]) -> float:
        given = np.where(touched < cuts[0], 0, np.where(covered >= cuts[1], 2, 1))
        return float(f1_score(labels, given, average="macro"))

    return max(((float(a), float(b)) for a in grid for b in grid), key=macro_f1)


def figures(head: VerdictHead, x: Floats, replies: Sequence[Reply]) -> dict[str, Any]:
    """Agreement with the labels. `x` holds one row per point; totals are out of `MARKS` per reply."""
    verdicts = head.verdicts(x)
    credits = stack(lambda r: r.credits, replies)
    given = np.array([v.credit for v in verdicts])
    flagged = np.array([v.needs_review for v in verdicts])
    labels, codes = (2 * credits).astype(int), (2 * given).astype(int)
    owner = stack(lambda r: [r.id] * len(r.points), replies)
    kinds = stack(lambda r: [r.kind] * len(r.points), replies)
    off = [MARKS * (given[owner == r.id].mean() - credits[owner == r.id].mean()) for r in replies]
    wrong = given != credits
    result: dict[str, Any] = {
        "replies": len(replies),
        "points": len(credits),
        "auc": roc_auc_score(credits >= 0.5, [v.score for v in verdicts]),
        "accuracy": 1 - wrong.mean(),
        "macro_f1_three_credits": f1_score(labels, codes, average="macro"),
        "macro_f1_touched": f1_score(credits >= 0.5, given >= 0.5, average="macro"),
        "kappa_touched": cohen_kappa_score(credits >= 0.5, given >= 0.5),
        "kappa_quadratic": cohen_kappa_score(labels, codes, weights="quadratic"),
        f"mae_of_{MARKS}": np.abs(off).mean(),
        f"bias_of_{MARKS}": np.mean(off),
        "flagged": flagged.mean(),
        "errors_flagged": flagged[wrong].mean(),
        "accuracy_unflagged": 1 - wrong[~flagged].mean(),
    }
    result = {k: round(float(v), 3) for k, v in result.items()}
    by_kind: dict[str, list[float]] = defaultdict(list)
    for reply, error in zip(replies, off, strict=True):
        by_kind[reply.kind].append(float(error))
    result["kinds"] = {
        kind: {
            "accuracy": round(float(1 - wrong[kinds == kind].mean()), 3),
            "touched_agreement": round(float(((credits >= 0.5) == (given >= 0.5))[kinds == kind].mean()), 3),
            f"bias_of_{MARKS}": round(float(np.mean(errors)), 2),
            f"mae_of_{MARKS}": round(float(np.abs(errors).mean()), 2),
        }
        for kind, errors in sorted(by_kind.items())
    }
    return result


def train(
    replies: Sequence[Reply],
    states: dict[tuple[str, str], States],
    orders: Sequence[str],
    prompts: dict[str, Prompt],
) -> tuple[VerdictHead, dict[str, Any]]:
    """The head fitted to all of `replies` and its cross-validated figures."""
    credits = stack(lambda r: r.credits, replies)

    def loss(strength: float) -> float:
        logits = out_of_fold(replies, states, orders, strength, seed=0)
        chances = 1 / (1 + np.exp(-logits))
        return float(sum(log_loss(credits >= at, chances[:, i]) for i, at in enumerate((0.5, 1))))

    strength = min(STRENGTHS, key=loss)
    repeats = [out_of_fold(replies, states, orders, strength, seed) for seed in range(SEEDS)]
    logits, repeated = np.concatenate(repeats), np.tile(credits, SEEDS)
    slope, intercept = calibrate(logits, repeated)
    hashes = {language: prompt.hash for language, prompt in prompts.items()}
    version = datetime.now(UTC).strftime("%Y.%m.%d")
    reader = VerdictHead(version, MODEL_SHA256, hashes, np.diag(slope), intercept, (0.5, 0.5), 0.0)
    reader = replace(reader, cuts=choose_cuts(reader, logits, repeated))
    confidences = [verdict.confidence for verdict in reader.verdicts(logits)]
    reader = replace(reader, review_below=round(float(np.quantile(confidences, FLAGGED)), 3))
    weights, bias = fit(
        np.concatenate([states[order, r.id] for order in orders for r in replies]).astype(np.float64),
        np.tile(credits, len(orders)),
        strength,
    )
    head = replace(reader, weights=weights * slope[:, None], bias=bias * slope + intercept)
    measured = [figures(reader, repeat, replies) for repeat in repeats]
    mean = {k: round(float(np.mean([m[k] for m in measured])), 3) for k in measured[0] if k != "kinds"}
    return head, {
        "folds": FOLDS,
        "seeds": SEEDS,
        "inverse_l2": strength,
        **mean,
        "kinds": measured[0]["kinds"],
    }


def to_json(head: VerdictHead, provenance: dict[str, Any]) -> str:
    """The head file `VerdictHead.load` reads."""
    stored = {
        "version": head.version,
        "model_sha256": head.model_sha256,
        "prompt_hash": dict(head.prompt_hash),
        "hidden": head.weights.shape[1],
        "bias": head.bias.tolist(),
        "cuts": head.cuts,
        "review_below": head.review_below,
        "weights": base64.b64encode(head.weights.astype("<f4").tobytes()).decode(),
        "provenance": provenance,
    }
    return json.dumps(stored, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Trains the verdict head of the embedded model.")
    parser.add_argument("--golden", type=Path, required=True)
    parser.add_argument(
        "--model-url", required=True, help="server with states, such as http://127.0.0.1:9111"
    )
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--states", type=Path, help="cache of extracted states (.npz); resumes from it")
    parser.add_argument(
        "--orders", type=int, choices=(1, 2), default=2, help="2: also points in reverse order"
    )
    parser.add_argument("--report-test", action="store_true", help="also measure on the test split, once")
    options = parser.parse_args()

    library, orders = PromptLibrary(PROMPTS), ORDERS[: options.orders]
    replies = [r for r in read_golden(options.golden) if r.split == "train" or options.report_test]
    prompts = {
        language: library.get("judge_states", language) for language in sorted({r.language for r in replies})
    }
    wanted = [(o, r) for o in orders for r in replies if o == "forward" or r.split == "train"]
    states = asyncio.run(extract(wanted, prompts, options.model_url, Cache(options.states)))
    head, cross_validated = train([r for r in replies if r.split == "train"], states, orders, prompts)
    provenance: dict[str, Any] = {
        "trained": datetime.now(UTC).date().isoformat(),
        "data": options.golden.name,
        "data_sha256": hashlib.sha256(options.golden.read_bytes()).hexdigest(),
        "labels": "written and labelled by a language model; no human labels",
        "point_orders": list(orders),
        "cross_validated": cross_validated,
    }
    if options.report_test:
        test = [r for r in replies if r.split == "test"]
        x = np.concatenate([states["forward", r.id] for r in test]).astype(np.float64)
        provenance["test"] = figures(head, x, test)
    options.output.write_text(to_json(head, provenance), encoding="utf-8")
    print(json.dumps(provenance, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
