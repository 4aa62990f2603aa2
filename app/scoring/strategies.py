"""Which judge a model gets: a trained head where it shows its states, else evidence-first questions."""

import logging
from collections import UserDict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import cast

from app.banks.embedding import Embedder
from app.errors import SetupError
from app.llm.base import LLM, StatesLLM
from app.llm.prompts import PromptLibrary
from app.scoring.judge import Judge, Judgement
from app.scoring.judge_embedded import PROMPT, HeadJudge
from app.scoring.judge_endpoint import EvidenceFirstJudge
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.states import Baseline, States
from app.scoring.verdict_head import VerdictHead

HEADS_DIR = Path(__file__).parent / "heads"
log = logging.getLogger(__name__)


class ChosenJudge:
    """Picks the strategy at each call, because a model's weights may not be known before it has loaded."""

    def __init__(
        self,
        llm: LLM,
        prompts: PromptLibrary,
        embedder: Embedder | None = None,
        heads_dir: Path = HEADS_DIR,
    ) -> None:
        self._llm = llm
        self._prompts = prompts
        self._embedder = embedder
        self._heads_dir = heads_dir
        self._baselines = RecentBaselines()

    def identity(self, language: str) -> Mapping[str, str]:
        return self._choose(language).identity(language)

    async def prepare(self, item: Item) -> None:
        await self._choose(item.language).prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        return await self._choose(item.language).judge(item, answer, points)

    def _choose(self, language: str) -> Judge:
        head = self._head(language)
        if head is None:
            return EvidenceFirstJudge(self._llm, self._prompts)
        return HeadJudge(cast(StatesLLM, self._llm), self._prompts, head, self._embedder, self._baselines)

    def _head(self, language: str) -> VerdictHead | None:
        sha256 = getattr(self._llm, "sha256", None)
        if sha256 is None or not hasattr(self._llm, "states"):
            return None
        head = trained_heads(self._heads_dir).get(sha256)
        if head is not None and self._prompts.get(PROMPT, language).hash not in head.prompt_hash.values():
            log.warning(
                "the verdict head %s was trained on another %s prompt; not used", head.version, PROMPT
            )
            return None
        return head


class RecentBaselines(UserDict[Baseline, States]):
    """Baselines of the questions met last, 50 kB each for the default model and eight points."""

    KEPT = 200

    def __setitem__(self, key: Baseline, states: States) -> None:
        super().__setitem__(key, states)
        while len(self) > self.KEPT:
            del self[next(iter(self))]


@lru_cache
def trained_heads(folder: Path) -> Mapping[str, VerdictHead]:
    """The heads in `folder` by their model's SHA-256. Raises `SetupError` on a broken file."""
    try:
        heads = [VerdictHead.load(path) for path in sorted(folder.glob("*.json"))]
    except ValueError as error:
        raise SetupError(
            str(error), hint="Restore the file, or train it again with `make train-judge`."
        ) from error
    return {head.model_sha256: head for head in heads}
