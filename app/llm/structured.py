"""Answers that must be JSON of one schema: asked through LangChain, or read out of plain text."""

import json
import re
from typing import Any, cast

import openai
from cachetools import LRUCache
from pydantic import BaseModel, ValidationError

from app.errors import LLMError
from app.llm.prompts import PromptLibrary, RenderedPrompt

_KEPT = 64
# Where an object or a thought begins, and what may yet become such a beginning.
_BEGINNING = re.compile(r'<think>|\{\s*["}]')
_MAY_BEGIN = re.compile(r"(?:\{\s*|<\w*)\Z")
_THOUGHT_END = "</think>"


class StructuredCalls:
    """LangChain's structured output on a shared openai client; LangChain is imported at first use."""

    def __init__(self, client: openai.AsyncOpenAI, model: str) -> None:
        self._client = client
        self._model = model
        self._runnables: LRUCache[tuple[type[BaseModel], str], Any] = LRUCache(_KEPT)

    async def ask(
        self, messages: list[dict[str, str]], schema: type[BaseModel], fields: dict[str, Any]
    ) -> tuple[str, BaseModel | None, dict[str, Any]]:
        """The raw text, the validated object or None, and LangChain's usage metadata."""
        key = (schema, json.dumps(fields, sort_keys=True))
        if key not in self._runnables:
            self._runnables[key] = self._runnable(schema, fields)
        try:
            answer = await self._runnables[key].ainvoke(messages)
        except ValidationError as error:
            return _answered_text(error), None, {}
        raw, parsed = answer["raw"], answer["parsed"]
        if refusal := raw.additional_kwargs.get("refusal"):
            raise LLMError(f"{self._model} declined to answer: {str(refusal)[:200]}")
        return str(raw.content), cast("BaseModel | None", parsed), dict(raw.usage_metadata or {})

    def _runnable(self, schema: type[BaseModel], fields: dict[str, Any]) -> Any:
        from langchain_openai import ChatOpenAI

        # LangChain renames max_tokens, which older endpoints do not know; the request body keeps our name.
        model = ChatOpenAI(
            model=self._model,
            client=self._client,
            async_client=self._client.chat.completions,
            root_async_client=self._client,
            max_retries=0,
            extra_body=fields,
        )
        return model.with_structured_output(schema, method="json_schema", strict=True, include_raw=True)


def _answered_text(error: ValidationError) -> str:
    """What the model wrote instead of JSON; LangChain leaves the HTTP response on the error."""
    response = getattr(error, "response", None)
    if response is None:
        raise error
    return str(response.json()["choices"][0]["message"]["content"] or "")


class ObjectPieces:
    """The first JSON object in a text that comes in pieces; thoughts, fences and prose are left out."""

    def __init__(self) -> None:
        self.begun = False
        self.complete = False
        self._held = ""
        self._thinking = False
        self._depth = 0
        self._quoted = False
        self._escaped = False

    def take(self, piece: str) -> str:
        """What the next piece of the text adds to the object."""
        if self.complete:
            return ""
        if not self.begun:
            self._held += piece
            self._look_for_beginning()
            if not self.begun:
                return ""
            piece, self._held = self._held, ""
        return self._until_closed(piece)

    def _look_for_beginning(self) -> None:
        """Drops from what is held all that stands before the object."""
        while True:
            if self._thinking:
                _, ended, rest = self._held.partition(_THOUGHT_END)
                if not ended:
                    self._held = self._held[1 - len(_THOUGHT_END) :]
                    return
                self._held, self._thinking = rest, False
            found = _BEGINNING.search(self._held)
            if found is None:
                may_begin = _MAY_BEGIN.search(self._held)
                self._held = may_begin[0] if may_begin else ""
                return
            self._thinking = found[0] == "<think>"
            if not self._thinking:
                self._held, self.begun = self._held[found.start() :], True
                return
            self._held = self._held[found.end() :]

    def _until_closed(self, piece: str) -> str:
        for place, character in enumerate(piece):
            if self._quoted:
                closes = character == '"' and not self._escaped
                self._escaped = character == "\\" and not self._escaped
                self._quoted = not closes
            elif character == '"':
                self._quoted = True
            elif character in "{[":
                self._depth += 1
            elif character in "]}":
                self._depth -= 1
                if self._depth == 0:
                    self.complete = True
                    return piece[: place + 1]
        return piece


def response_format(schema: type[BaseModel]) -> dict[str, Any]:
    """The request field that asks an endpoint for JSON of this schema, which must be strict as it is."""
    shown = {"name": schema.__name__, "schema": schema.model_json_schema(), "strict": True}
    return {"type": "json_schema", "json_schema": shown}


def asked_in_words(
    prompt: RenderedPrompt, schema: type[BaseModel], library: PromptLibrary
) -> list[dict[str, str]]:
    """The prompt's messages, the last one ending in a request for nothing but JSON of this schema."""
    language = prompt.name.partition("/")[0]
    shown = json.dumps(schema.model_json_schema(), ensure_ascii=False)
    request = library.get("json_only", language).section("request", schema=shown)
    *before, last = [dict(message) for message in prompt.messages]
    return [*before, last | {"content": f"{last['content']}\n\n{request}"}]


def read_json(text: str, schema: type[BaseModel]) -> BaseModel:
    """The first JSON object in `text` that meets `schema`, fenced or bare; `LLMError` if there is none."""
    decoder = json.JSONDecoder()
    reason = "it holds no JSON object"
    start = text.find("{")
    while start >= 0:
        try:
            value, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):  # the latter: nested without end, as small models loop
            start = text.find("{", start + 1)
            continue
        try:
            return schema.model_validate(value)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            reason = f"{'.'.join(map(str, first['loc'])) or 'the object'}: {first['msg']}"
        start = text.find("{", end)
    raise LLMError(
        f"the answer is not the JSON that was asked for ({reason})",
        hint="Choose a model that follows instructions, or set INTERVIEWER_LLM_STRATEGY.",
    )
