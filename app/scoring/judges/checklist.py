"""The cheap strategy: one call for all points, evidence first on each."""

from collections.abc import Mapping, Sequence

from app.errors import LLMError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import asked_identity, failed
from app.scoring.judges.judge import Judgement
from app.scoring.judges.numbered import Checklist, ask_about
from app.scoring.judges.verdicts import CREDITS
from app.scoring.rubric import Answer, Item, RubricPoint

PROMPT = "judge_checklist"


class ChecklistJudge:
    """A point that the list leaves out, holds twice or spoils is not judged; the others are."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    def identity(self, language: str) -> Mapping[str, str]:
        return asked_identity("checklist", self._llm, self._prompts, language, PROMPT)

    async def prepare(self, item: Item) -> None:
        """Nothing: every call needs the reply."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        prompt = self._prompts.get(PROMPT, item.language)
        entries = await ask_about(
            points, item, answer, llm=self._llm, prompt=prompt, schema=Checklist, repeat=repeat
        )
        return [
            failed(entry)
            if isinstance(entry, LLMError)
            else Judgement(credit=CREDITS[entry.verdict], quotes=tuple(entry.quotes))
            for entry in entries
        ]
