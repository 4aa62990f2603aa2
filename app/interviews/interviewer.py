"""The interviewer's words for a move of the flow."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal

from app.banks.schema import Question
from app.interviews.flow import NextMove
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary


@dataclass(frozen=True)
class WordingContext:
    """What the interviewer may speak about. `question` is the one now asked, `number` of `of`.

    `transcript_tail` holds the latest turns, oldest first, as (speaker, text). `language` is the bank's;
    `candidate_language` the one the candidate asked for, if any.
    """

    language: str
    role: str
    question: Question | None
    previous_question: Question | None = None
    last_reply: str | None = None
    transcript_tail: tuple[tuple[str, str], ...] = ()
    number: int = 1
    of: int = 1
    mode: Literal["practice", "assessment"] = "practice"
    candidate_language: str | None = None


class Interviewer:
    """Words every move: static phrases and the bank's own words, with short LLM wordings where they are safe."""

    def __init__(self, llm: LLM, prompts: PromptLibrary) -> None:
        self._llm = llm
        self._prompts = prompts

    async def words(self, move: NextMove, context: WordingContext) -> AsyncIterator[str]:
        """The utterance in pieces, each already safe to send. Never raises for LLM failure."""
        yield ""
