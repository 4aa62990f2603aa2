"""Which judge a model gets: the one the settings name, else a trained head, else one call for all points."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Literal, cast

from cachetools import LRUCache

from app.errors import SetupError
from app.llm.base import LLM, StatesLLM
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import RepeatableJudge
from app.scoring.judges.checklist import ChecklistJudge
from app.scoring.judges.doubt import RepeatingJudge
from app.scoring.judges.embedded import PROMPT, HeadJudge
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.judges.points import EvidenceFirstJudge
from app.scoring.judges.states import Baseline, States
from app.scoring.judges.verdict_head import VerdictHead
from app.scoring.judges.words import WordJudge
from app.scoring.rubric import Answer, Item, RubricPoint
from app.search.embedding import Embedder
from app.settings import Settings

# 50 kB each for the default model and eight points.
BASELINES_KEPT = 200
HEADS_DIR = Path(__file__).parent / "heads"
Strategy = Literal["auto", "points", "words", "checklist"]
_ASKED: Mapping[Strategy, Callable[[LLM, PromptLibrary], RepeatableJudge]] = {
    "points": EvidenceFirstJudge,
    "words": WordJudge,
    "checklist": ChecklistJudge,
}
log = logging.getLogger(__name__)


class ChosenJudge:
    """Picks the strategy at each call, because a model's weights may not be known before it has loaded."""

    def __init__(
        self,
        llm: LLM,
        prompts: PromptLibrary,
        embedder: Embedder | None = None,
        heads_dir: Path = HEADS_DIR,
        *,
        strategy: Strategy = "auto",
        repeats: int = 0,
        before_judging: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """`repeats` is how often a chat model is asked again where its verdict is borderline.

        `before_judging` is awaited before the model is needed for judging.
        """
        self._llm = llm
        self._prompts = prompts
        self._embedder = embedder
        self._heads_dir = heads_dir
        self._baselines: LRUCache[Baseline, States] = LRUCache(BASELINES_KEPT)
        self._strategy = strategy
        self._repeats = repeats
        self._before_judging = before_judging

    def identity(self, language: str) -> Mapping[str, str]:
        return self._choose(language).identity(language)

    async def prepare(self, item: Item) -> None:
        await self._choose(item.language).prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        if self._before_judging:
            await self._before_judging()
        return await self._choose(item.language).judge(item, answer, points)

    def _choose(self, language: str) -> Judge:
        if self._strategy != "auto":
            return self._asked(self._strategy)
        head = self._head(language)
        if head is None:
            # A small model of one's own loses count of a list.
            return self._asked("points" if hasattr(self._llm, "states") else "checklist")
        return HeadJudge(cast(StatesLLM, self._llm), self._prompts, head, self._embedder, self._baselines)

    def _asked(self, strategy: Strategy) -> Judge:
        return RepeatingJudge(_ASKED[strategy](self._llm, self._prompts), self._repeats)

    def _head(self, language: str) -> VerdictHead | None:
        sha256 = getattr(self._llm, "sha256", None)
        if sha256 is None or not hasattr(self._llm, "states"):
            return None
        head = trained_heads(self._heads_dir).get(sha256)
        if head is not None and head.depth != getattr(self._llm, "depth", None):
            log.warning("the verdict head %s reads other blocks than the model shows; not used", head.version)
            return None
        if head is not None and self._prompts.get(PROMPT, language).hash not in head.prompt_hash.values():
            log.warning(
                "the verdict head %s was trained on another %s prompt; not used", head.version, PROMPT
            )
            return None
        return head


def build_judge(
    settings: Settings,
    llm: LLM,
    prompts: PromptLibrary,
    embedder: Embedder | None = None,
    before_judging: Callable[[], Awaitable[None]] | None = None,
) -> Judge:
    """The judge that the settings name for `llm`, without any memory."""
    return ChosenJudge(
        llm,
        prompts,
        embedder,
        strategy=settings.judge,
        repeats=settings.judge_repeats,
        before_judging=before_judging,
    )


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
