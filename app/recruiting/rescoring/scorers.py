"""Scorers for re-scoring: the service's own, or one with another model, strategy or prompts."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from app.errors import BadInputError
from app.llm.base import ChatModel
from app.llm.factory import build_llm
from app.llm.metering import Record
from app.llm.prompts import PromptLibrary
from app.recruiting.rescoring.schemas import ScorerChoice
from app.scoring.judges.judgement_cache import JudgementStore
from app.scoring.scorer import Scorer, build_scorer
from app.search.embedding import Embedder
from app.settings import Settings


class ScorerSource:
    """Makes scorers that share the service's store of judgements, so that known verdicts cost nothing."""

    def __init__(
        self,
        settings: Settings,
        own: Scorer,
        llm: ChatModel,
        embedder: Embedder | None,
        store: JudgementStore,
        record: Record,
    ) -> None:
        self._settings = settings
        self._own = own
        self._llm = llm
        self._embedder = embedder
        self._store = store
        self._record = record

    def check(self, choice: ScorerChoice) -> None:
        """Raises `BadInputError` naming what can't be had."""
        if choice.model is not None and self._settings.uses_embedded_model:
            raise BadInputError(
                "scorer.model: the embedded model is the only one here",
                hint="Set INTERVIEWER_LLM_BASE_URL to score with another model, or leave it out.",
            )
        if choice.prompts is not None and choice.prompts not in self.prompt_versions():
            known = ", ".join(self.prompt_versions()) or "none; set INTERVIEWER_PROMPT_VERSIONS_DIR"
            raise BadInputError(
                f"scorer.prompts: there is no version {choice.prompts!r}", hint=f"There are: {known}."
            )

    def prompt_versions(self) -> list[str]:
        """Names of the folders of prompts besides the service's own."""
        folder = self._settings.prompt_versions_dir
        if folder is None or not folder.is_dir():
            return []
        return sorted(path.name for path in folder.iterdir() if path.is_dir())

    @asynccontextmanager
    async def scorer(self, choice: ScorerChoice) -> AsyncIterator[Scorer]:
        """The chosen scorer, until the block ends. Raises `BadInputError` or `SetupError`."""
        self.check(choice)
        if choice == ScorerChoice():
            yield self._own
            return
        changes = {
            "llm_model": choice.model,
            "judge": choice.judge,
            "prompts_dir": self._prompts_dir(choice),
        }
        settings = self._settings.model_copy(
            update={name: value for name, value in changes.items() if value is not None}
        )
        prompts = PromptLibrary(settings.prompts_dir)
        if choice.model is None:
            yield build_scorer(settings, self._llm, prompts, self._embedder, store=self._store)
            return
        llm = build_llm(settings, self._record)
        await llm.start()
        try:
            yield build_scorer(settings, llm, prompts, self._embedder, store=self._store)
        finally:
            await llm.close()

    def _prompts_dir(self, choice: ScorerChoice) -> Path | None:
        folder = self._settings.prompt_versions_dir
        return folder / choice.prompts if folder is not None and choice.prompts is not None else None
