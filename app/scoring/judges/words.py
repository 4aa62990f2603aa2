"""Verdicts in one word, whose first token's probabilities tell how sure the model was.

The evidence still comes first: one call collects quotes for all points, those that the reply really holds are
put before the model, and then each point is one short call.
"""

from collections.abc import Mapping, Sequence

from app.errors import LLMError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import (
    asked_identity,
    failed_judgement,
    is_verbatim,
    judge_each,
    neutralised,
    neutralised_reply,
    worked_examples,
)
from app.scoring.judges.checklist import EvidenceList, ask_about
from app.scoring.judges.judge import CREDITS, Judgement, confidence_in, verdict_in
from app.scoring.rubric import Answer, Item, RubricPoint

QUOTES_PROMPT = "judge_quotes"
WORD_PROMPT = "judge_word"
LONGEST_WORD = 8  # tokens
PROBABILITIES = 20  # as many as endpoints give


class WordJudge:
    """Without probabilities, or with figures that are none, its verdicts stand and have no confidence."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    def identity(self, language: str) -> Mapping[str, str]:
        return asked_identity("one-word", self._llm, self._prompts, language, QUOTES_PROMPT, WORD_PROMPT)

    async def prepare(self, item: Item) -> None:
        """Nothing: every call needs the reply."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        evidence = await self._evidence(item, answer, points, repeat)
        prompt = self._prompts.get(WORD_PROMPT, item.language)
        examples = worked_examples(prompt, repeat)
        reply = neutralised_reply(answer)

        async def ask(point: RubricPoint) -> Judgement:
            quotes = evidence[point.id]
            if isinstance(quotes, LLMError):
                return failed_judgement(quotes)
            asked = prompt.render(
                examples=examples,
                question=neutralised(item.question),
                reply=reply,
                point=neutralised(point.text),
                quotes=[" ".join(neutralised(quote).split()) for quote in quotes],
            )
            answered = await self._llm.complete(
                asked, max_tokens=LONGEST_WORD, top_probabilities=PROBABILITIES
            )
            verdict = verdict_in(answered.text)
            if verdict is None:
                raise LLMError(f"the answer is no verdict: {answered.text[:80]!r}")
            confidence = confidence_in(verdict, answered.first_token_probabilities)
            return Judgement(CREDITS[verdict], confidence, quotes)

        return await judge_each(points, ask)

    async def _evidence(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int
    ) -> dict[str, tuple[str, ...] | LLMError]:
        """For each point what the model quotes and the reply holds, or why there is no telling."""
        prompt = self._prompts.get(QUOTES_PROMPT, item.language)
        entries = await ask_about(
            points, item, answer, llm=self._llm, prompt=prompt, schema=EvidenceList, repeat=repeat
        )
        return {
            point.id: entry
            if isinstance(entry, LLMError)
            else tuple(quote for quote in entry.quotes if is_verbatim(quote, answer))
            for point, entry in zip(points, entries, strict=True)
        }
