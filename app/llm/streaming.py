"""One streamed answer of an OpenAI-compatible endpoint, read piece by piece."""

import asyncio
import contextlib
from collections.abc import Sequence
from typing import Any

import httpx2
import openai
from openai.types.chat import ChatCompletionChunk

from app.errors import LLMError
from app.llm.base import Endpoint
from app.llm.failures import CALL_ERRORS
from app.llm.metering import Meter
from app.llm.retry import FailedCallError, Failure
from app.llm.structured import ObjectPieces

# The token counts follow the last piece; they are not worth keeping the reader waiting.
_USAGE_SECONDS = 1.0


class NoObjectError(LLMError):
    """An answer without the JSON object that was asked for."""


class PieceStream:
    """`open` sends the request and gives the first piece, `next_piece` the others; None is the end.

    With `wanted` only the pieces of that object are given, though all are read.
    """

    def __init__(
        self,
        client: openai.AsyncOpenAI,
        endpoint: Endpoint,
        meter: Meter,
        wanted: ObjectPieces | None = None,
    ) -> None:
        self.meter = meter
        self._client = client
        self._endpoint = endpoint
        self._wanted = wanted
        self._chunks: openai.AsyncStream[ChatCompletionChunk] | None = None
        self._started = False
        self._finish: str | None = None

    async def open(self, messages: Sequence[dict[str, str]], fields: dict[str, Any]) -> str | None:
        """The first piece. Raises the client library's errors, and `FailedCallError` for a cut stream."""
        asked: Any = messages
        self._chunks = await self._client.chat.completions.create(
            model=self._endpoint.model, messages=asked, stream=True, **fields
        )
        try:
            kind = self._chunks.response.headers.get("content-type", "")
            if kind.startswith("text/html"):
                raise ValueError(f"a page of type {kind} instead of a stream")
            return await self.next_piece()
        except BaseException:
            await self.close()
            raise

    async def next_piece(self) -> str | None:
        """The next piece. Raises as `open` does; a stream that ends without a finish reason was cut."""
        try:
            while self._finish is None:
                chunk = await self._next_chunk()
                if chunk is None:
                    raise FailedCallError(self._cut())
                if piece := self._read(chunk):
                    self._started = True
                    self.meter.read(piece)
                    if self._wanted is not None:
                        piece = self._wanted.take(piece)
                    if piece:
                        return piece
        except (httpx2.TransportError, openai.APIConnectionError) as error:
            late = isinstance(error, httpx2.TimeoutException | openai.APITimeoutError)
            if self._started and not late:
                raise FailedCallError(self._cut()) from error
            raise
        await self._read_usage()
        if self._finish == "content_filter":
            raise openai.ContentFilterFinishReasonError
        if not self._started:
            raise LLMError(f"{self._endpoint.place} answered nothing")
        if self._wanted is not None and not self._wanted.begun:
            raise NoObjectError(f"the answer of {self._endpoint.place} holds no JSON object")
        return None

    async def close(self) -> None:
        """Give the connection back, wherever the reading stopped."""
        if self._chunks is not None:
            await self._chunks.close()
            # The client library's own generators end only with their last chunk, or at the garbage collector.
            with contextlib.suppress(*CALL_ERRORS):
                async for _ in self._chunks:
                    pass

    async def _next_chunk(self) -> ChatCompletionChunk | None:
        assert self._chunks is not None
        return await anext(self._chunks, None)

    def _read(self, chunk: ChatCompletionChunk) -> str | None:
        self.meter.count(chunk.usage)
        if not chunk.choices:
            return None
        self._finish = chunk.choices[0].finish_reason
        return chunk.choices[0].delta.content

    async def _read_usage(self) -> None:
        try:
            async with asyncio.timeout(_USAGE_SECONDS):
                while (chunk := await self._next_chunk()) is not None:
                    self.meter.count(chunk.usage)
        except TimeoutError:
            return
        except CALL_ERRORS:
            return

    def _cut(self) -> Failure:
        message = f"the answer of {self._endpoint.place} was cut short"
        return Failure("cut", LLMError(message, hint="Try again."), transient=True)
