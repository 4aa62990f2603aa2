"""Any OpenAI-compatible endpoint: streams and whole answers, retried in one place, every call metered."""

import asyncio
import logging
import math
import threading
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Sequence
from typing import Any, TypeVar

import httpx2
import openai
from openai.types.chat import ChatCompletion, ChatCompletionTokenLogprob
from pydantic import BaseModel

from app.errors import LLMError
from app.llm.base import Completion, Endpoint, LLMStatus
from app.llm.dialect import Dialect, Strategy
from app.llm.failures import CALL_ERRORS, read_failure
from app.llm.metering import Meter, Record
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.llm.retry import AskDifferentlyError, FailedCallError, persist
from app.llm.streaming import NoObjectError, PieceStream
from app.llm.structured import ObjectPieces, StructuredCalls, asked_in_words, read_json, response_format

T = TypeVar("T")
_CONNECT_SECONDS = 10.0
_PING_SECONDS = 3.0
_START_SECONDS = 5.0
_PING_KEPT_SECONDS = 10.0
_CONNECTIONS = 200
_log = logging.getLogger(__name__)


class EndpointLLM:
    """A chat model behind HTTP. One client, whose connections are kept open, for the object's whole life."""

    def __init__(
        self,
        endpoint: Endpoint,
        prompts: PromptLibrary,
        record: Record,
        *,
        timeout: float = 60.0,
        retries: int = 2,
        strategy: Strategy = "auto",
        gate: Callable[[], Awaitable[None]] | None = None,
        clean: Callable[[RenderedPrompt], RenderedPrompt] | None = None,
    ) -> None:
        """Calls wait for `gate` first, and send what `clean` makes of a prompt."""
        self.endpoint = endpoint
        self.dialect = Dialect(strategy)
        self._prompts = prompts
        self._record = record
        self.timeout = timeout
        self._retries = retries
        self._gate = gate
        self._clean = clean or (lambda prompt: prompt)
        self._client = _open_client(endpoint, timeout)
        self._structured = StructuredCalls(self._client, endpoint.model)
        self._pinged = (-math.inf, False)

    @property
    def model(self) -> str:
        return self.endpoint.name

    async def start(self) -> None:
        """Loads LangChain aside, once the service is up, so that the first structured call need not wait."""
        if self.dialect.schema and not self.endpoint.embedded:
            load = threading.Thread(target=_load_langchain, name="load-langchain", daemon=True)
            asyncio.get_running_loop().call_later(_START_SECONDS, load.start)

    async def close(self) -> None:
        await self._client.close()

    def move(self, base_url: str) -> None:
        """Calls go to this address from now on."""
        self._client.base_url = base_url

    def status(self) -> LLMStatus:
        return LLMStatus("ready", f"{self.model} at {self.endpoint.place}", self.model)

    async def ready(self) -> bool:
        """Whether the endpoint answers at all and takes the key; asked at most every ten seconds."""
        asked, answer = self._pinged
        if time.monotonic() - asked > _PING_KEPT_SECONDS:
            answer = await self._ping()
            self._pinged = (time.monotonic(), answer)
        return answer

    async def _ping(self) -> bool:
        try:
            await self._client.with_options(timeout=_PING_SECONDS).get("/models", cast_to=object)
        except openai.APIStatusError as error:
            # Some endpoints offer no list of models: any answer but these shows that it is there.
            return error.status_code < 500 and error.status_code not in (401, 403)
        except CALL_ERRORS:
            return False
        return True

    async def stream(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 400,
        temperature: float = 0.0,
    ) -> AsyncGenerator[str, None]:
        """Pieces as they come. Tried again until the first piece; a cut raises `LLMError` after the rest."""
        prompt = self._clean(prompt)

        async def begin() -> tuple[PieceStream, str | None]:
            fields = self.dialect.fields(max_tokens, temperature)
            if self.dialect.stream_options:
                fields["stream_options"] = {"include_usage": True}
            messages: Sequence[dict[str, str]] = prompt.messages
            if schema is not None and self.dialect.schema:
                fields["response_format"] = response_format(schema)
            elif schema is not None:
                messages = asked_in_words(prompt, schema, self._prompts)
            meter = Meter(prompt, self.model, self._record)
            stream = PieceStream(self._client, self.endpoint, meter, ObjectPieces() if schema else None)
            first = await self._attempt(meter, fields, self._first_piece(stream, messages, fields))
            return stream, first

        stream, piece = await persist(begin, self._retries, self._gate)
        try:
            while piece is not None:
                yield piece
                piece = await stream.next_piece()
            stream.meter.finish()
        except CALL_ERRORS as error:
            failure = read_failure(error, self.endpoint, self.timeout)
            stream.meter.finish(failure.outcome)
            raise failure.error from error
        finally:
            stream.meter.finish("cancelled")
            await stream.close()

    async def _first_piece(
        self, stream: PieceStream, messages: Sequence[dict[str, str]], fields: dict[str, Any]
    ) -> str | None:
        try:
            return await stream.open(messages, fields)
        except NoObjectError:
            self._without_schema("response_format" in fields)
            raise

    def _without_schema(self, asked_by_schema: bool = True) -> None:
        """Asks again in words, where an answer shows that the endpoint ignores schemas."""
        if asked_by_schema and "response_format" not in self.dialect.proven and self.dialect.refuse_schema():
            raise AskDifferentlyError from None

    async def complete(
        self,
        prompt: RenderedPrompt,
        *,
        schema: type[BaseModel] | None = None,
        max_tokens: int = 1000,
        temperature: float = 0.0,
        top_probabilities: int = 0,
    ) -> Completion:
        """The whole answer. A schema that the endpoint does not take is asked for in words instead."""
        prompt = self._clean(prompt)

        async def ask() -> Completion:
            meter = Meter(prompt, self.model, self._record)
            fields = self.dialect.fields(max_tokens, temperature)
            if schema is not None and self.dialect.schema:
                call = self._ask_schema(prompt, schema, fields, meter)
                fields = fields | {"response_format": schema.__name__}
            else:
                if top_probabilities and self.dialect.logprobs:
                    fields |= {"logprobs": True, "top_logprobs": top_probabilities}
                call = self._ask_text(prompt, schema, fields, meter)
            completion = await self._attempt(meter, fields, call)
            meter.finish()
            return completion

        return await persist(ask, self._retries, self._gate)

    async def _ask_schema(
        self, prompt: RenderedPrompt, schema: type[BaseModel], fields: dict[str, Any], meter: Meter
    ) -> Completion:
        messages = [dict(message) for message in prompt.messages]
        text, parsed, tokens = await self._structured.ask(messages, schema, fields)
        cached = tokens.get("input_token_details", {}).get("cache_read") or 0
        meter.count_tokens(tokens.get("input_tokens", 0), cached, tokens.get("output_tokens", 0))
        if parsed is None:
            try:
                parsed = read_json(text, schema)
            except LLMError:
                self._without_schema()
                raise
        return Completion(text, parsed)

    async def _ask_text(
        self, prompt: RenderedPrompt, schema: type[BaseModel] | None, fields: dict[str, Any], meter: Meter
    ) -> Completion:
        messages: Any = asked_in_words(prompt, schema, self._prompts) if schema else prompt.messages
        answer = await self._client.chat.completions.create(
            model=self.endpoint.model, messages=messages, **fields
        )
        if not isinstance(answer, ChatCompletion) or not answer.choices:
            raise ValueError(str(answer))
        meter.count(answer.usage)
        choice = answer.choices[0]
        if choice.finish_reason == "content_filter":
            raise openai.ContentFilterFinishReasonError
        if choice.message.refusal:
            raise LLMError(f"{self.model} declined to answer: {choice.message.refusal[:200]}")
        text = choice.message.content or ""
        likely = choice.logprobs.content if choice.logprobs else None
        if not text and not likely:
            raise LLMError(f"{self.endpoint.place} answered nothing")
        first = _probabilities(likely[0]) if likely else {}
        return Completion(text, read_json(text, schema) if schema else None, first)

    async def _attempt(self, meter: Meter, sent: Collection[str], call: Awaitable[T]) -> T:
        """One try, recorded when it fails; what the endpoint took or refused is remembered."""
        try:
            answer = await call
        except AskDifferentlyError:
            meter.finish("refused")
            raise
        except CALL_ERRORS as error:
            failure = read_failure(error, self.endpoint, self.timeout)
            meter.finish(failure.outcome)
            if failure.refusal is not None and self.dialect.adapt(failure.refusal, sent):
                _log.info("%s refused a request field; asking without it", self.endpoint.place)
                raise AskDifferentlyError from error
            raise FailedCallError(failure) from error
        except BaseException:
            meter.finish("cancelled")
            raise
        self.dialect.accept(sent)
        return answer


def _probabilities(first: ChatCompletionTokenLogprob) -> dict[str, float]:
    """First tokens and their probabilities; none where an endpoint fills in what are no logarithms of any."""
    logarithms = {entry.token: entry.logprob for entry in first.top_logprobs or ()}
    if any(type(value) not in (int, float) or not value < 0.001 for value in logarithms.values()):
        return {}
    return {token: math.exp(value) for token, value in logarithms.items()}


def _open_client(endpoint: Endpoint, timeout: float) -> openai.AsyncOpenAI:
    http = httpx2.AsyncClient(
        timeout=httpx2.Timeout(timeout, connect=min(timeout, _CONNECT_SECONDS), pool=None),
        limits=httpx2.Limits(max_connections=_CONNECTIONS, max_keepalive_connections=_CONNECTIONS),
        follow_redirects=True,
        # A proxy of the environment must not stand between us and our own child process.
        trust_env=not endpoint.embedded,
    )
    return openai.AsyncOpenAI(
        api_key=endpoint.api_key, base_url=endpoint.base_url, max_retries=0, http_client=http
    )


def _load_langchain() -> None:
    import langchain_openai  # noqa: F401
