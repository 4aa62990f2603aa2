"""Verdicts from any chat model, evidence first: one structured call a point, quotes before the verdict."""

from collections.abc import Mapping, Sequence

from pydantic import BaseModel, Field

from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import (
    asked_identity,
    judge_each,
    neutralised,
    neutralised_reply,
    read_strictly,
    worked_examples,
)
from app.scoring.judges.judge import CREDITS, Judgement, VerdictWord
from app.scoring.rubric import Answer, Item, RubricPoint

PROMPT = "judge"
LONGEST_VERDICT = 600  # tokens


class PointVerdict(BaseModel):
    """What the model answers; the evidence comes first so that the verdict follows from it."""

    quotes: list[str] = Field(description="The reply's own words that show the point, verbatim; may be empty")
    verdict: VerdictWord


class EvidenceFirstJudge:
    """Asks for one point at a time, a few calls at once; prompts share everything but their last line."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    def identity(self, language: str) -> Mapping[str, str]:
        return asked_identity("evidence-first", self._llm, self._prompts, language, PROMPT)

    async def prepare(self, item: Item) -> None:
        """Nothing: every call needs the reply."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        prompt = self._prompts.get(PROMPT, item.language)
        examples = worked_examples(prompt, repeat)
        reply = neutralised_reply(answer)

        async def ask(point: RubricPoint) -> Judgement:
            asked = prompt.render(
                examples=examples,
                question=neutralised(item.question),
                points=[neutralised(other.text) for other in item.points],
                reply=reply,
                point=neutralised(point.text),
            )
            answered = await self._llm.complete(asked, schema=PointVerdict, max_tokens=LONGEST_VERDICT)
            verdict = read_strictly(answered, PointVerdict)
            return Judgement(credit=CREDITS[verdict.verdict], quotes=tuple(verdict.quotes))

        return await judge_each(points, ask)
