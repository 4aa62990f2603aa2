"""Tokens and states of the embedded model's server."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import httpx2
import numpy as np
import orjson
from cachetools import LRUCache

from app.errors import LLMError
from app.llm.base import Endpoint
from app.llm.child import ServerUrls
from app.llm.failures import read_failure
from app.llm.metering import Meter, Record
from app.llm.prompts import RenderedPrompt
from app.llm.retry import FailedCallError, persist

States = np.ndarray[Any, np.dtype[np.float32]]

_KEPT_TEXTS = 4096
_LONGEST_KEPT = 2000
_PURPOSE = RenderedPrompt("states", "", ())


class StateRows:
    """Rows of a huge `[{"embedding": [[…], …]}]` answer at `positions`, picked out while it arrives.

    One row is one token's state, about 30 kB of JSON; a whole answer is tens of megabytes, of which a few
    rows are wanted, so the others are never parsed. Works on the text's brackets; numbers hold none.
    """

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = list(positions)
        self._wanted = set(positions)
        self._kept: dict[int, list[float]] = {}
        self._tail = b""
        self.count = 0

    def feed(self, data: bytes) -> None:
        """Takes the next bytes. Raises ValueError when a wanted row is not numbers."""
        *closed, self._tail = (self._tail + data).split(b"]")
        for text in closed:
            row = text[text.rfind(b"[") + 1 :] if b"[" in text else b""
            if not row:
                continue
            if self.count in self._wanted:
                self._kept[self.count] = orjson.loads(b"[" + row + b"]")
            self.count += 1

    def states(self) -> States:
        """Shape (len(positions), hidden size), float32. ValueError if a row is missing or not finite."""
        missing = self._wanted - self._kept.keys()
        if missing:
            raise ValueError(f"{self.count} rows came, none at {min(missing)}")
        states = np.array([self._kept[position] for position in self._positions], dtype=np.float32)
        if not np.isfinite(states).all():
            raise ValueError("a state is not finite")
        return states


class StatesClient:
    """Speaks to the server at `move`d addresses. One pass at a time: a pass fills every core, and memory."""

    def __init__(
        self,
        endpoint: Endpoint,
        record: Record,
        gate: Callable[[], Awaitable[None]],
        *,
        timeout: float,
        retries: int,
    ) -> None:
        self._endpoint = endpoint
        self._record = record
        self._gate = gate
        self._timeout = timeout
        self._retries = retries
        self._urls = ServerUrls("", "")
        self._pass = asyncio.Lock()
        self._kept: LRUCache[tuple[str, bool], list[int]] = LRUCache(_KEPT_TEXTS)
        self._http = httpx2.AsyncClient(
            timeout=httpx2.Timeout(timeout, connect=5.0),
            headers={"Authorization": f"Bearer {endpoint.api_key}"},
            trust_env=False,
        )

    def move(self, urls: ServerUrls) -> None:
        """Calls go to these addresses from now on."""
        self._urls = urls

    async def close(self) -> None:
        await self._http.aclose()

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        """Token ids, nothing added. Short texts, such as a prompt's fixed parts, are remembered."""
        key = (text, parse_special)
        if key not in self._kept:
            token_ids = await persist(lambda: self._tokenize(text, parse_special), self._retries, self._gate)
            if len(text) > _LONGEST_KEPT:
                return token_ids
            self._kept[key] = token_ids
        return list(self._kept[key])

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        """States at `positions`, shape (len(positions), hidden size)."""
        async with self._pass:
            return await persist(lambda: self._states(token_ids, positions), self._retries, self._gate)

    async def _tokenize(self, text: str, parse_special: bool) -> list[int]:
        asked = {"content": text, "add_special": False, "parse_special": parse_special}
        try:
            answer = await self._http.post(f"{self._urls.chat}/tokenize", json=asked)
            if answer.is_error:
                raise _refused(answer.status_code, answer.text)
            return [int(token) for token in answer.json()["tokens"]]
        except (httpx2.HTTPError, LLMError, ValueError, KeyError, TypeError) as error:
            raise FailedCallError(read_failure(error, self._endpoint, self._timeout)) from error

    async def _states(self, token_ids: list[int], positions: list[int]) -> States:
        meter = Meter(_PURPOSE, self._endpoint.name, self._record)
        meter.count_tokens(len(token_ids), 0, 0)
        rows = StateRows(positions)
        try:
            body = orjson.dumps({"content": token_ids})
            headers = {"Content-Type": "application/json"}
            async with self._http.stream(
                "POST", f"{self._urls.states}/embeddings", content=body, headers=headers
            ) as answer:
                if answer.is_error:
                    raise _refused(answer.status_code, (await answer.aread()).decode("utf-8", "replace"))
                async for data in answer.aiter_bytes():
                    rows.feed(data)
            states = rows.states()
        except (httpx2.HTTPError, LLMError, ValueError) as error:
            failure = read_failure(error, self._endpoint, self._timeout)
            meter.finish(failure.outcome)
            raise FailedCallError(failure) from error
        except BaseException:
            meter.finish("cancelled")
            raise
        meter.finish()
        return states


def _refused(status: int, text: str) -> LLMError:
    return LLMError(f"the embedded model refused the text ({status}: {' '.join(text.split())[:300]})")
