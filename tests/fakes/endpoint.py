"""A real OpenAI-compatible HTTP server on loopback, in a thread, whose faults are scripted.

Alone: `python -m tests.fakes.endpoint --port 0 --delay 0.2` prints its base URL and serves until it is ended.
"""

import argparse
import asyncio
import base64
import json
import math
import struct
import threading
import time
import zlib
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from tests.fakes.schema_instance import smallest_instance

DEFAULT_REPLY = "好的，谢谢您的回答，我们继续。"
Reply = Callable[[dict[str, Any]], str] | Iterable[str]
_JSON = "application/json"
_EVENTS = "text/event-stream"


@dataclass(frozen=True)
class Fault:
    """One spoiled answer. `kind`: status, hang, cut, garbled, html, slow, refuse_schema or prose."""

    kind: str
    status: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    seconds: float = 0.0
    pieces: int = 1


def status(code: int, retry_after: str | None = None) -> Fault:
    """An HTTP error status, with `Retry-After` (seconds or an HTTP date) if given."""
    return Fault("status", status=code, headers={} if retry_after is None else {"Retry-After": retry_after})


def hang(seconds: float = 3600.0) -> Fault:
    """Accepts the request and says nothing."""
    return Fault("hang", seconds=seconds)


def cut(pieces: int = 1, *, clean: bool = False) -> Fault:
    """Ends the stream after some pieces: by closing the socket, or `clean`ly but without a finish reason."""
    return Fault("cut", pieces=pieces, status=200 if clean else 0)


def garbled() -> Fault:
    """Status 200 and broken JSON."""
    return Fault("garbled")


def html() -> Fault:
    """Status 200 and a web page, as a captive portal answers."""
    return Fault("html")


def slow(seconds: float) -> Fault:
    """Waits before each piece."""
    return Fault("slow", seconds=seconds)


def refuse_schema() -> Fault:
    """Status 400 saying that `response_format` is not supported."""
    return Fault("refuse_schema")


def prose() -> Fault:
    """Ignores the schema and chats."""
    return Fault("prose")


class FakeEndpoint:
    """Start it with `with FakeEndpoint() as endpoint`; `endpoint.base_url` ends in `/v1`.

    `faults` is a queue: each request takes the next one. `requests` holds every request's JSON, `paths` its
    path, `keys` its API key. `reply` makes answers: called with the request, or taken in turn from a sequence;
    otherwise a schema's smallest instance, or `DEFAULT_REPLY`. `first_token` sets the first token's
    probabilities. `refuses` names request fields answered with status 400. `api_key` set: any other is 401.
    """

    def __init__(
        self, *, reply: Reply | None = None, port: int = 0, delay: float = 0.0, piece_delay: float = 0.0
    ) -> None:
        self.reply = reply
        self.delay = delay
        self.piece_delay = piece_delay
        self.piece_chars = 4
        self.faults: deque[Fault] = deque()
        self.refuses: set[str] = set()
        self.api_key: str | None = None
        self.first_token: dict[str, float] = {}
        self.requests: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.keys: list[str] = []
        self.times: list[float] = []
        self.connections = 0
        self._port = port
        self._queue: deque[str] = deque()
        self._started = threading.Event()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="fake-endpoint", daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._port}/v1"

    def start(self) -> Self:
        self._thread.start()
        if not self._started.wait(5):
            raise RuntimeError(f"the fake endpoint could not listen on port {self._port}")
        return self

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        server = self._loop.run_until_complete(asyncio.start_server(self._connection, "127.0.0.1", self._port))
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        tasks = asyncio.all_tasks(self._loop)
        for task in tasks:
            task.cancel()
        self._loop.run_until_complete(asyncio.gather(*tasks, return_exceptions=True))
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while await self._exchange(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One request and its answer; whether the connection stays open."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        request_line, *lines = head.split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = request_line.split(" ")[1]
        if path.endswith("/models"):
            await _answer(writer, 200, {"object": "list", "data": [{"id": "fake", "object": "model"}]})
            return True
        request = json.loads(body)
        key = headers.get("authorization", "").removeprefix("Bearer ")
        self.requests.append(request)
        self.paths.append(path)
        self.keys.append(key)
        self.times.append(time.monotonic())
        if self.api_key is not None and key != self.api_key:
            await _answer(writer, 401, _error("Incorrect API key provided"))
            return True
        fault = self.faults.popleft() if self.faults else Fault("none")
        if self.delay:
            await asyncio.sleep(self.delay)
        return await self._respond(path, request, fault, writer)

    async def _respond(
        self, path: str, request: dict[str, Any], fault: Fault, writer: asyncio.StreamWriter
    ) -> bool:
        refused = self.refuses & request.keys()
        if fault.kind == "hang":
            await asyncio.sleep(fault.seconds)
            return False
        if fault.kind == "status":
            await _answer(writer, fault.status, _error(f"scripted {fault.status}"), fault.headers)
        elif refused or (fault.kind == "refuse_schema" and "response_format" in request):
            name = min(refused, default="response_format")
            await _answer(writer, 400, _error(f"Unsupported parameter: '{name}'"))
        elif fault.kind == "html":
            await _answer(writer, 200, b"<!doctype html><title>Sign in</title>", kind="text/html")
        elif fault.kind == "garbled":
            spoiled = b'{"choices": [{"mess'
            streamed = request.get("stream")
            await _answer(writer, 200, b"data: " + spoiled + b"\n\n" if streamed else spoiled,
                          kind=_EVENTS if streamed else _JSON)  # fmt: skip
        elif path.endswith("/embeddings"):
            await _answer(writer, 200, _embeddings(request))
        elif path.endswith("/chat/completions"):
            text = DEFAULT_REPLY if fault.kind == "prose" else self._text(request)
            if request.get("stream"):
                return await self._stream(request, text, fault, writer)
            if fault.kind == "cut":
                return await _half(writer)
            await _answer(writer, 200, self._completion(request, text))
        else:
            await _answer(writer, 404, _error(f"no such path: {path}"))
        return True

    def _text(self, request: dict[str, Any]) -> str:
        if callable(self.reply):
            return self.reply(request)
        if self.reply is not None:
            self._queue.extend(self.reply)
            self.reply = ()
            if self._queue:
                return self._queue.popleft()
        asked = request.get("response_format", {})
        if asked.get("type") == "json_schema":
            schema = asked.get("json_schema", {}).get("schema", {})
            return json.dumps(smallest_instance(schema), ensure_ascii=False)
        return DEFAULT_REPLY

    def _completion(self, request: dict[str, Any], text: str) -> dict[str, Any]:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        if request.get("logprobs"):
            choice["logprobs"] = {"content": self._logprobs(text, request.get("top_logprobs", 0))}
        return _envelope(request, "chat.completion", [choice]) | {"usage": _usage(request, text)}

    def _logprobs(self, text: str, top: int) -> list[dict[str, Any]]:
        def entry(token: str, probability: float) -> dict[str, Any]:
            logarithm = math.log(max(probability, 1e-30))
            return {"token": token, "logprob": logarithm, "bytes": list(token.encode())}

        shown = self.first_token or {text[:1]: 0.9, "无": 0.1}
        likely = sorted(shown.items(), key=lambda pair: -pair[1])[:top]
        return [
            entry(text[:1], shown.get(text[:1], 0.9)) | {"top_logprobs": [entry(*pair) for pair in likely]},
            *(entry(character, 1.0) | {"top_logprobs": []} for character in text[1:]),
        ]

    async def _stream(
        self, request: dict[str, Any], text: str, fault: Fault, writer: asyncio.StreamWriter
    ) -> bool:
        writer.write(_head(200, {"Content-Type": _EVENTS, "Transfer-Encoding": "chunked"}))
        pieces = [text[i : i + self.piece_chars] for i in range(0, len(text), self.piece_chars)]
        pause = fault.seconds if fault.kind == "slow" else self.piece_delay
        for index, piece in enumerate(pieces):
            if fault.kind == "cut" and index == fault.pieces:
                return await _cut(writer, clean=fault.status == 200)
            if pause:
                await asyncio.sleep(pause)
            choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
            await _event(writer, _envelope(request, "chat.completion.chunk", [choice]))
        finish = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
        await _event(writer, _envelope(request, "chat.completion.chunk", finish))
        if (request.get("stream_options") or {}).get("include_usage"):
            last = _envelope(request, "chat.completion.chunk", []) | {"usage": _usage(request, text)}
            await _event(writer, last)
        writer.write(_chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()
        return True


def _envelope(request: dict[str, Any], kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    model = request.get("model", "fake")
    return {"id": "fake-1", "object": kind, "created": 0, "model": model, "choices": choices}


def _usage(request: dict[str, Any], text: str) -> dict[str, Any]:
    asked = sum(len(str(message.get("content", ""))) for message in request.get("messages", []))
    return {
        "prompt_tokens": asked,
        "completion_tokens": len(text),
        "total_tokens": asked + len(text),
        "prompt_tokens_details": {"cached_tokens": asked // 2},
    }


def _embeddings(request: dict[str, Any]) -> dict[str, Any]:
    asked = request.get("input", [])
    texts = [asked] if isinstance(asked, str) else asked
    vectors = [embedding(str(text)) for text in texts]
    shown: list[Any] = list(vectors)
    if request.get("encoding_format") == "base64":
        shown = [base64.b64encode(struct.pack(f"<{len(v)}f", *v)).decode() for v in vectors]
    rows = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(shown)]
    usage = {"prompt_tokens": sum(map(len, map(str, texts))), "total_tokens": sum(map(len, map(str, texts)))}
    return {"object": "list", "model": request.get("model", "fake"), "data": rows, "usage": usage}


def embedding(text: str, dimension: int = 64) -> list[float]:
    """A unit vector of hashed character pairs: equal texts are equal, like texts are near."""
    vector = [0.0] * dimension
    for pair in zip(f" {text}", f"{text} ", strict=True):
        vector[zlib.crc32("".join(pair).encode("utf-8", "replace")) % dimension] += 1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def _error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


def _head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _answer(
    writer: asyncio.StreamWriter,
    code: int,
    content: dict[str, Any] | bytes,
    headers: dict[str, str] | None = None,
    kind: str = _JSON,
) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    writer.write(_head(code, {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}) + body)
    await writer.drain()


def _chunk(payload: bytes) -> bytes:
    return f"{len(payload):x}\r\n".encode() + payload + b"\r\n"


async def _event(writer: asyncio.StreamWriter, content: dict[str, Any]) -> None:
    writer.write(_chunk(b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"))
    await writer.drain()


async def _cut(writer: asyncio.StreamWriter, clean: bool) -> bool:
    if clean:
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    return clean


async def _half(writer: asyncio.StreamWriter) -> bool:
    writer.write(_head(200, {"Content-Type": _JSON, "Content-Length": "5000"}) + b'{"id": "fa')
    await writer.drain()
    return False


def main() -> None:
    """Serves until interrupted; the first line printed is the base URL."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--piece-delay", type=float, default=0.0, help="seconds before each streamed piece")
    given = parser.parse_args()
    with FakeEndpoint(port=given.port, delay=given.delay, piece_delay=given.piece_delay) as endpoint:
        print(endpoint.base_url, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
