"""Tokens and states of the embedded model's server."""

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import orjson

from app.errors import LLMError
from app.llm.child import ServerUrls
from app.llm.failures import Endpoint, FailedCallError, read_failure
from app.llm.metering import Meter, Record
from app.llm.prompts import RenderedPrompt
from app.llm.retry import persist
from app.llm.state_rows import StateRows, States

_KEPT_TEXTS = 4096
_LONGEST_KEPT = 2000
_PURPOSE = RenderedPrompt("states", "", ())


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
        self._kept: dict[tuple[str, bool], list[int]] = {}
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
            if len(self._kept) >= _KEPT_TEXTS:
                self._kept.clear()
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
