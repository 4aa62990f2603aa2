"""Trains the embedded model's verdict head: `make train-judge`, for another GGUF or labels of your own.

Reads each labelled reply as production does, then fits. Everything is chosen on the `train` split,
cross-validated by question; `--report-test` adds figures on the `test` split, which is for reporting only.
"""

import argparse
import asyncio
import base64
import hashlib
import json
import sys
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from app.banks.embedding import Embedder, build_embedder
from app.errors import SetupError
from app.llm.embedded import EmbeddedLLM
from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.judge_embedded import PROMPT
from app.scoring.quotes import closeness
from app.scoring.states import Baseline, States, point_states
from app.scoring.strategies import HEADS_DIR
from app.scoring.verdict_head import VerdictHead
from app.settings import Settings, get_settings
from evals.fitting import report, train
from evals.labelled import GOLDEN, Reply, read_replies

SAVE_EVERY = 20  # replies
CACHE = Path(__file__).parent / "reports" / "judge_states.npz"


class Extraction:
    """Reads states of replies; what is in the cache file `path` is not read again."""

    def __init__(self, llm: EmbeddedLLM, prompts: PromptLibrary, embedder: Embedder, path: Path) -> None:
        self._llm = llm
        self._prompts = prompts
        self._embedder = embedder
        self._path = path
        self._known: dict[str, States] = dict(np.load(path)) if path.exists() else {}

    def prompt(self, language: str) -> Prompt:
        return self._prompts.get(PROMPT, language)

    async def columns(self, replies: Sequence[Reply]) -> list[States]:
        """For each reply `[points, hidden + 1]`: the states, then closeness."""
        baselines: dict[Baseline, States] = {}
        keys = [f"{self._llm.sha256[:8]}|{self.prompt(r.language).hash}|{r.id}" for r in replies]
        for key, r in tqdm(list(zip(keys, replies, strict=True)), unit="reply", file=sys.stderr):
            if key in self._known:
                continue
            prompt = self.prompt(r.language)
            states = await point_states(self._llm, prompt, r.question, r.answer, r.points, baselines)
            near = closeness(r.question, r.points, r.answer, self._embedder.embed_passages)
            self._known[key] = np.column_stack([states, near]).astype(np.float32)
            if len(self._known) % SAVE_EVERY == 0:
                self._keep()
        self._keep()
        return [self._known[key] for key in keys]

    def _keep(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial.npz")
        np.savez(partial, **self._known)  # type: ignore[arg-type]
        partial.replace(self._path)


async def run(settings: Settings, options: argparse.Namespace) -> tuple[VerdictHead, dict[str, Any]]:
    """The trained head and its provenance."""
    if not settings.uses_embedded_model:
        raise SetupError(
            "a verdict head is trained on the embedded model's states, which endpoints don't show",
            hint="Unset INTERVIEWER_LLM_BASE_URL, INTERVIEWER_LLM_API_KEY and OPENAI_API_KEY.",
        )
    replies = read_replies(options.golden)
    seen, unseen = ([r for r in replies if r.split == split] for split in ("train", "test"))
    unseen = unseen if options.report_test else []
    prompts, embedder = PromptLibrary(settings.prompts_dir), build_embedder(settings)
    llm = EmbeddedLLM(settings, prompts, lambda usage: None)
    await llm.start()
    try:
        extraction = Extraction(llm, prompts, embedder, options.states)
        found = await extraction.columns(seen + unseen)
    finally:
        await llm.close()
    hashes = {code: extraction.prompt(code).hash for code in sorted({r.language for r in replies})}
    x = np.concatenate(found[: len(seen)]).astype(np.float64)
    head, cross_validated = train(x, seen, llm.sha256, hashes, embedder.name)
    provenance: dict[str, Any] = {
        "trained": datetime.now(UTC).date().isoformat(),
        "model": llm.model,
        "data": options.golden.name,
        "data_sha256": hashlib.sha256(options.golden.read_bytes()).hexdigest(),
        "labels": options.labels,
        "train_replies": len(seen),
        "cross_validated": cross_validated,
    }
    if unseen:
        x = np.concatenate(found[len(seen) :])
        provenance["test"] = report(head.verdicts(x[:, :-1], x[:, -1]), unseen)
    return head, provenance


def main() -> None:
    """Train, write the head and print its provenance."""
    parser = argparse.ArgumentParser(description="Trains the verdict head of the embedded model.")
    parser.add_argument("--golden", type=Path, default=GOLDEN, help="labelled replies, JSONL")
    parser.add_argument("--labels", default="written and labelled by a language model; none is a human label")
    parser.add_argument("--output", type=Path, help="default: the head shipped for this model")
    parser.add_argument(
        "--states", type=Path, default=CACHE, help="cache of the states read; resumes from it"
    )
    parser.add_argument("--report-test", action="store_true", help="also measure on the test split")
    options = parser.parse_args()
    head, provenance = asyncio.run(run(get_settings(), options))
    stored = {field.name: getattr(head, field.name) for field in fields(head)} | {
        "hidden": head.weights.shape[1],
        "bias": head.bias.tolist(),
        "weights": base64.b64encode(head.weights.astype("<f4").tobytes()).decode(),
        "provenance": provenance,
    }
    output = options.output or HEADS_DIR / f"{provenance['model'].partition('.gguf')[0]}.json"
    output.write_text(json.dumps(stored, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(provenance, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main()
