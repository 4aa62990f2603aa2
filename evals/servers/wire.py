"""How the fake endpoint speaks: HTTP/1.1 answers, event streams, and OpenAI-shaped bodies."""

import asyncio
import base64
import json
import math
import struct
import zlib
from typing import Any

JSON = "application/json"
EVENTS = "text/event-stream"


def envelope(request: dict[str, Any], kind: str, choices: list[dict[str, Any]]) -> dict[str, Any]:
    model = request.get("model", "fake")
    return {"id": "fake-1", "object": kind, "created": 0, "model": model, "choices": choices}


def usage(request: dict[str, Any], text: str) -> dict[str, Any]:
    asked = sum(len(str(message.get("content", ""))) for message in request.get("messages", []))
    return {
        "prompt_tokens": asked,
        "completion_tokens": len(text),
        "total_tokens": asked + len(text),
        "prompt_tokens_details": {"cached_tokens": asked // 2},
    }


def embeddings(request: dict[str, Any]) -> dict[str, Any]:
    asked = request.get("input", [])
    texts = [asked] if isinstance(asked, str) else asked
    vectors = [embedding(str(text)) for text in texts]
    shown: list[Any] = list(vectors)
    if request.get("encoding_format") == "base64":
        shown = [base64.b64encode(struct.pack(f"<{len(v)}f", *v)).decode() for v in vectors]
    rows = [{"object": "embedding", "index": i, "embedding": v} for i, v in enumerate(shown)]
    usage = {"prompt_tokens": sum(map(len, map(str, texts))), "total_tokens": sum(map(len, map(str, texts)))}
    return {"object": "list", "model": request.get("model", "fake"), "data": rows, "usage": usage}


def llama_answer(path: str, request: dict[str, Any]) -> bytes | None:
    """What llama.cpp's own paths answer: tokens are code points, a token's state is four times its id."""
    if path == "/tokenize":
        return json.dumps({"tokens": [ord(character) for character in request["content"]]}).encode()
    if path == "/embeddings" and "content" in request:
        states = [[float(token)] * 4 for token in request["content"]]
        return json.dumps([{"index": 0, "embedding": states}], separators=(",", ":")).encode()
    return None


def embedding(text: str, dimension: int = 64) -> list[float]:
    """A unit vector of hashed character pairs: equal texts are equal, like texts are near."""
    vector = [0.0] * dimension
    for pair in zip(f" {text}", f"{text} ", strict=True):
        vector[zlib.crc32("".join(pair).encode("utf-8", "replace")) % dimension] += 1.0
    length = math.sqrt(sum(value * value for value in vector)) or 1.0
    return [value / length for value in vector]


def error(message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


def head(code: int, headers: dict[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {code} Scripted", *(f"{name}: {value}" for name, value in headers.items())]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def answer(
    writer: asyncio.StreamWriter,
    code: int,
    content: dict[str, Any] | bytes,
    headers: dict[str, str] | None = None,
    kind: str = JSON,
) -> None:
    body = content if isinstance(content, bytes) else json.dumps(content, ensure_ascii=False).encode()
    writer.write(
        head(code, {"Content-Type": kind, "Content-Length": str(len(body)), **(headers or {})}) + body
    )
    await writer.drain()


def chunk(payload: bytes) -> bytes:
    return f"{len(payload):x}\r\n".encode() + payload + b"\r\n"


async def event(writer: asyncio.StreamWriter, content: dict[str, Any]) -> None:
    writer.write(chunk(b"data: " + json.dumps(content, ensure_ascii=False).encode() + b"\n\n"))
    await writer.drain()


async def sever(writer: asyncio.StreamWriter, clean: bool) -> bool:
    if clean:
        writer.write(b"0\r\n\r\n")
        await writer.drain()
    return clean


async def half(writer: asyncio.StreamWriter) -> bool:
    writer.write(head(200, {"Content-Type": JSON, "Content-Length": "5000"}) + b'{"id": "fa')
    await writer.drain()
    return False
