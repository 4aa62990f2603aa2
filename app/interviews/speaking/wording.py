"""What an LLM is asked to write for the interviewer, and how long it may take. Unchecked: `manner` judges."""

import asyncio
import logging
import re
from collections.abc import AsyncGenerator

from app.errors import LLMError
from app.interviews.speaking import manner
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.text.clauses import COMMAS, LIST_COMMA, SEMICOLONS, STOPS
from app.text.quoting import as_quoted_data, clean

# The end of a reply, in code points: enough to acknowledge, short enough for a small model to read at once.
_HEARD = 90
_CLAUSE_END = re.compile(rf"[{STOPS}{COMMAS}{LIST_COMMA}{SEMICOLONS}.\n]\s*")
_log = logging.getLogger(__name__)


class Wording:
    """Three short requests to an LLM. Each gives "" when the LLM fails or `patience` seconds pass."""

    def __init__(self, llm: LLM, prompts: PromptLibrary, patience: float = 4.0) -> None:
        self._llm = llm
        self._prompts = prompts
        self._patience = patience

    async def acknowledgement(self, reply: str, language: str) -> str:
        """One sentence on what the reply said; only the reply's end is shown to the LLM."""
        prompt = self._prompts.get("acknowledge", language)
        return await self._sentence(prompt.render(reply=as_quoted_data(_end_of(reply))), max_tokens=40)

    async def simpler(self, question: str, language: str) -> str:
        """The question in simpler words."""
        prompt = self._prompts.get("explain", language)
        return await self._sentence(prompt.render(question=as_quoted_data(question)), max_tokens=80)

    async def translation(self, text: str, language: str) -> str:
        """The text in another language; "" for languages that have no prompt."""
        prompt = self._prompts.get("translate", language)
        if prompt.language.split("-")[0] != language.split("-")[0]:
            return ""
        rendered = prompt.render(text=as_quoted_data(text))
        written = await self._written(rendered, max_tokens=300, until_sentence=False)
        return " ".join(written.split())

    async def _sentence(self, prompt: RenderedPrompt, max_tokens: int) -> str:
        return manner.first_sentence(await self._written(prompt, max_tokens, until_sentence=True))

    async def _written(self, prompt: RenderedPrompt, max_tokens: int, until_sentence: bool) -> str:
        text = ""
        # Translating a whole question takes a small model longer than one sentence.
        patience = self._patience * (1 if until_sentence else 4)
        try:
            async with asyncio.timeout(patience):
                stream = self._llm.stream(prompt, max_tokens=max_tokens)
                try:
                    async for piece in stream:
                        text += piece
                        if until_sentence and manner.has_whole_sentence(text):
                            break
                finally:
                    if isinstance(stream, AsyncGenerator):
                        await stream.aclose()
        except (LLMError, TimeoutError) as error:
            _log.warning("no words for %s: %s", prompt.name, error or "out of patience")
            return ""
        return clean(text)


def _end_of(reply: str) -> str:
    """The reply's last clauses, at most `_HEARD` code points."""
    if len(reply) <= _HEARD:
        return reply
    end = reply[-_HEARD:]
    clause = _CLAUSE_END.search(end, 0, _HEARD // 2)
    return end[clause.end() :] if clause else end
