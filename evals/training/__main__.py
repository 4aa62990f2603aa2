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
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
from tqdm import tqdm

from app.errors import SetupError
from app.llm.embedded import EmbeddedLLM
from app.llm.prompts import Prompt, PromptLibrary
from app.scoring.judges.embedded import PROMPT
from app.scoring.judges.states import Baseline, States, point_states
from app.scoring.judges.strategies import HEADS_DIR
from app.scoring.judges.verdict_head import VerdictHead
from app.settings import Settings, get_settings
from evals.labelled import ATTACKS, GOLDEN, SHIPPED, Attack, Reply, paired, read_attacks, read_replies
from evals.runs import REPORTS
from evals.training.fitting import report, train
from evals.training.states_file import StatesFile

CACHE = REPORTS / "judge_states.npz"


class Extraction:
    """The states that replies leave on their points; what the file `kept` holds is not read again."""

    def __init__(self, llm: EmbeddedLLM, prompts: PromptLibrary, kept: StatesFile) -> None:
        self._llm = llm
        self._prompts = prompts
        self._kept = kept

    def prompt(self, language: str) -> Prompt:
        return self._prompts.get(PROMPT, language)

    async def states(self, replies: Sequence[Reply]) -> list[States]:
        """For each reply its `point_states`, `[points, hidden]`."""
        baselines: dict[Baseline, States] = {}
        unread = [reply for reply in replies if self._key(reply) not in self._kept]
        try:
            for r in tqdm(unread, unit="reply", file=sys.stderr):
                prompt = self.prompt(r.language)
                states = await point_states(self._llm, prompt, r.question, r.answer, r.points, baselines)
                self._kept.add(self._key(r), states)
        finally:
            self._kept.save()
        return [self._kept[self._key(reply)] for reply in replies]

    def _key(self, reply: Reply) -> str:
        """All that the states depend on, so that a changed text is read again."""
        read = "\n".join((reply.question, *reply.points, reply.answer))
        digest = hashlib.sha256(read.encode()).hexdigest()[:12]
        return f"{self._llm.sha256[:8]}|{self._llm.depth}|{self.prompt(reply.language).hash}|{digest}"


async def run(settings: Settings, options: argparse.Namespace) -> tuple[VerdictHead, dict[str, Any]]:
    """The trained head and its provenance."""
    if not settings.uses_embedded_model:
        raise SetupError(
            "a verdict head is trained on the embedded model's states, which endpoints don't show",
            hint="Unset INTERVIEWER_LLM_BASE_URL, INTERVIEWER_LLM_API_KEY and OPENAI_API_KEY.",
        )
    paths = options.labelled or [GOLDEN, SHIPPED]
    replies = [reply for path in paths for reply in read_replies(path)]
    seen, unseen = ([r for r in replies if r.split == split] for split in ("train", "test"))
    unseen = unseen if options.report_test else []
    if not options.labelled:
        seen += attacked(read_attacks(), replies)
        paths = [*paths, ATTACKS]
    prompts = PromptLibrary(settings.prompts_dir)
    llm = EmbeddedLLM(settings, prompts, lambda usage: None)
    await llm.start()
    try:
        extraction = Extraction(llm, prompts, StatesFile(options.states))
        found = await extraction.states(seen + unseen)
    finally:
        await llm.close()
    hashes = {code: extraction.prompt(code).hash for code in sorted({r.language for r in replies})}
    x = np.concatenate(found[: len(seen)]).astype(np.float64)
    head, measured = train(x, seen, llm.sha256, hashes, llm.depth)
    provenance: dict[str, Any] = {
        "trained": datetime.now(UTC).date().isoformat(),
        "model": llm.model,
        "data": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in paths},
        "labels": options.labels,
        "train_replies": len(seen),
        "train_questions": len({reply.question for reply in seen}),
    } | measured
    if unseen:
        provenance["test"] = report(head.verdicts(np.concatenate(found[len(seen) :])), unseen)
    return head, provenance


def attacked(attacks: Sequence[Attack], replies: Sequence[Reply]) -> list[Reply]:
    """Replies of the train split with its attacks on them, so that the head learns to leave those alone.

    An attack wins nothing: the labels are those of the reply it stands with, or 0 where it stands alone.
    """
    mine = [attack for attack in attacks if attack.split == "train"]
    return [
        replace(
            base,
            id=f"{attack.id}@{base.id}",
            kind="attack",
            answer=attack.on(base),
            credits=base.credits if attack.expects == "not-above-clean" else (0.0,) * len(base.points),
        )
        for attack, base in paired(mine, replies, "train")
    ]


def main() -> None:
    """Train, write the head and print its provenance."""
    parser = argparse.ArgumentParser(description="Trains the verdict head of the embedded model.")
    parser.add_argument(
        "--labelled", type=Path, action="append", help="labelled replies, JSONL; may be given several times"
    )
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
