"""A real OpenAI-compatible HTTP server on loopback, in a thread, whose faults are scripted.

`python -m evals.servers.endpoint --port 0 --delay 0.2` prints its base URL and serves until it is ended.
"""

import argparse
import asyncio
import json
import math
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from evals.servers import wire
from evals.servers.schema_instance import schema_in, smallest_instance

DEFAULT_REPLY = "好的，谢谢您的回答，我们继续。"
Reply = Callable[[dict[str, Any]], str] | Iterable[str]


@dataclass(frozen=True)
class Fault:
    """One spoiled answer. `kind`: status, hang, cut, garbled, html, slow, refuse_schema, prose or decline."""

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


def decline() -> Fault:
    """Status 200 and a refusal where the answer should be, as models with safety training give it."""
    return Fault("decline")


class FakeEndpoint:
    """Start it with `with FakeEndpoint() as endpoint`; `endpoint.base_url` ends in `/v1`.

    `faults` is a queue: each request takes the next one. `requests` holds the JSON of each, `paths` its path,
    `keys` its API key. `reply` makes answers: called with the request, or a sequence taken in turn; otherwise
    the smallest instance of the schema asked for, or `DEFAULT_REPLY`. `first_token` sets the first token's
    probabilities. `waits_for` is how many requests must have come before any is answered. `refuses` names
    request fields answered with status 400. `api_key` set: any other is 401.
    """

    def __init__(
        self, *, reply: Reply | None = None, port: int = 0, delay: float = 0.0, piece_delay: float = 0.0
    ) -> None:
        self.reply = reply
        self.delay = delay
        self.piece_delay = piece_delay
        self.piece_chars = 4
        self.faults: deque[Fault] = deque()
        self.waits_for = 0
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
        if not self._started.wait(60):
            raise RuntimeError(f"the fake endpoint could not listen on port {self._port}")
        return self

    def stop(self) -> None:
        """Closes every connection; stopping twice does no harm."""
        if not self._thread.is_alive():
            return
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(60)

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _run(self) -> None:
        server = self._loop.run_until_complete(
            asyncio.start_server(self._connection, "127.0.0.1", self._port)
        )
        self._port = server.sockets[0].getsockname()[1]
        self._started.set()
        self._loop.run_forever()
        server.close()
        for task in asyncio.all_tasks(self._loop):
            task.cancel()
            with suppress(asyncio.CancelledError):
                self._loop.run_until_complete(task)
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
        headers = {
            name.strip().lower(): value.strip() for name, _, value in (x.partition(":") for x in lines)
        }
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        path = request_line.split(" ")[1]
        key = headers.get("authorization", "").removeprefix("Bearer ")
        if self.api_key is not None and key != self.api_key and not path.endswith("/health"):
            await wire.answer(writer, 401, wire.error("Incorrect API key provided"))
            return True
        if not body:
            await wire.answer(writer, 200, {"object": "list", "data": [{"id": "fake", "object": "model"}]})
            return True
        request = json.loads(body)
        self.requests.append(request)
        self.paths.append(path)
        self.keys.append(key)
        self.times.append(time.monotonic())
        fault = self.faults.popleft() if self.faults else Fault("none")
        while len(self.requests) < self.waits_for:
            await asyncio.sleep(0.01)
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
            await wire.answer(writer, fault.status, wire.error(f"scripted {fault.status}"), fault.headers)
        elif refused or (fault.kind == "refuse_schema" and "response_format" in request):
            name = min(refused, default="response_format")
            await wire.answer(writer, 400, wire.error(f"Unsupported parameter: '{name}'"))
        elif fault.kind == "html":
            await wire.answer(writer, 200, b"<!doctype html><title>Sign in</title>", kind="text/html")
        elif fault.kind == "garbled":
            spoiled = b'{"choices": [{"mess'
            streamed = request.get("stream")
            await wire.answer(writer, 200, b"data: " + spoiled + b"\n\n" if streamed else spoiled,
                          kind=wire.EVENTS if streamed else wire.JSON)  # fmt: skip
        elif (body := wire.llama_answer(path, request)) is not None:
            await wire.answer(writer, 200, body)
        elif path.endswith("/embeddings"):
            await wire.answer(writer, 200, wire.embeddings(request))
        elif path.endswith("/chat/completions"):
            text = DEFAULT_REPLY if fault.kind == "prose" else self._text(request)
            if request.get("stream"):
                return await self._stream(request, text, fault, writer)
            if fault.kind == "cut":
                return await wire.half(writer)
            completion = self._completion(request, text)
            if fault.kind == "decline":
                completion["choices"][0]["message"] |= {"content": None, "refusal": "I can't help with that."}
            await wire.answer(writer, 200, completion)
        else:
            await wire.answer(writer, 404, wire.error(f"no such path: {path}"))
        return True

    def _text(self, request: dict[str, Any]) -> str:
        if callable(self.reply):
            return self.reply(request)
        if self.reply is not None:
            self._queue.extend(self.reply)
            self.reply = ()
            if self._queue:
                return self._queue.popleft()
        asked = request.get("response_format") or {}
        schema = asked.get("json_schema", {}).get("schema")
        if schema is None and request.get("messages"):
            schema = schema_in(str(request["messages"][-1].get("content", "")))
        if schema is not None:
            answer = smallest_instance(schema)
            if answer.get("points") == []:
                # A list of verdicts has one on every point that the prompt numbers.
                last = str(request["messages"][-1].get("content", "")).rpartition("\n\n")[2]
                numbers = map(int, re.findall(r"^(\d+)\. ", last, re.MULTILINE))
                answer["points"] = [{"number": n, "quotes": [], "verdict": "miss"} for n in numbers]
            return json.dumps(answer, ensure_ascii=False)
        return DEFAULT_REPLY

    def _completion(self, request: dict[str, Any], text: str) -> dict[str, Any]:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        if request.get("logprobs"):
            choice["logprobs"] = {"content": self._logprobs(text, request.get("top_logprobs", 0))}
        return wire.envelope(request, "chat.completion", [choice]) | {"usage": wire.usage(request, text)}

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
        writer.write(wire.head(200, {"Content-Type": wire.EVENTS, "Transfer-Encoding": "chunked"}))
        pieces = [text[i : i + self.piece_chars] for i in range(0, len(text), self.piece_chars)]
        pause = fault.seconds if fault.kind == "slow" else self.piece_delay
        for index, piece in enumerate(pieces):
            if fault.kind == "cut" and index == fault.pieces:
                return await wire.sever(writer, clean=fault.status == 200)
            if pause:
                await asyncio.sleep(pause)
            choice = {"index": 0, "delta": {"role": "assistant", "content": piece}, "finish_reason": None}
            await wire.event(writer, wire.envelope(request, "chat.completion.chunk", [choice]))
        finish = [{"index": 0, "delta": {}, "finish_reason": "stop"}]
        await wire.event(writer, wire.envelope(request, "chat.completion.chunk", finish))
        if (request.get("stream_options") or {}).get("include_usage"):
            last = wire.envelope(request, "chat.completion.chunk", []) | {"usage": wire.usage(request, text)}
            await wire.event(writer, last)
        writer.write(wire.chunk(b"data: [DONE]\n\n") + b"0\r\n\r\n")
        await writer.drain()
        return True


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
