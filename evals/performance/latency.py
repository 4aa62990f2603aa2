"""From reply accepted to first streamed character: the service, beside the same calls made straight."""

import asyncio
import json
import statistics
import time
import uuid
from dataclasses import dataclass
from typing import Any

import httpx

from evals.performance.service import ServiceProcess
from evals.servers.endpoint import FakeEndpoint

_TURNS_NOT_COUNTED = 3
_JUDGED_AT_ONCE = 4
_REPLY = "我会先听客户把话说完，向他道歉，再给出两个办法让他选，最后回访确认他满意。这是第{}次回答。"


@dataclass(frozen=True)
class Latency:
    """Medians over `turns` replies, in seconds; `own_share` is the median of the paired differences."""

    turns: int
    service: float
    straight: float
    own_share: float


async def measure(service: ServiceProcess, endpoint: FakeEndpoint, turns: int = 40) -> Latency:
    """Reply `turns` times and replay the calls each turn made, in the same order and concurrency."""
    through: list[float] = []
    straight: list[float] = []
    async with httpx.AsyncClient(timeout=30) as client:
        while len(through) < turns + _TURNS_NOT_COUNTED:
            await _interview(client, service, endpoint, through, straight, turns + _TURNS_NOT_COUNTED)
    through, straight = through[_TURNS_NOT_COUNTED:], straight[_TURNS_NOT_COUNTED:]
    return Latency(
        turns=len(through),
        service=statistics.median(through),
        straight=statistics.median(straight),
        own_share=statistics.median(a - b for a, b in zip(through, straight, strict=True)),
    )


async def _interview(
    client: httpx.AsyncClient,
    service: ServiceProcess,
    endpoint: FakeEndpoint,
    through: list[float],
    straight: list[float],
    wanted: int,
) -> None:
    api = f"{service.base_url}/api/v1"
    bank = (await client.get(f"{api}/banks")).json()[0]["id"]
    asked = {"bank": bank, "questions": 10, "mode": "practice", "follow_ups": 1}
    created = (await client.post(f"{api}/interviews", json=asked)).raise_for_status().json()
    headers = {"Authorization": f"Bearer {created['token']}"}
    interview = f"{api}/interviews/{created['id']}"
    while not (await client.get(interview, headers=headers)).json()["transcript"]:
        await asyncio.sleep(0.05)
    while len(through) < wanted:
        await asyncio.sleep(0.1)
        seen = len(endpoint.requests)
        seconds = await _reply(client, interview, headers, len(through))
        if seconds is None:
            return
        calls = endpoint.requests[seen:]
        if not any(call.get("stream") for call in calls):
            continue
        through.append(seconds)
        straight.append(await _replay(client, endpoint.base_url, calls))


async def _reply(
    client: httpx.AsyncClient, interview: str, headers: dict[str, str], number: int
) -> float | None:
    body = {"text": _REPLY.format(number), "client_turn_id": uuid.uuid4().hex}
    first: float | None = None
    started = time.perf_counter()
    async with client.stream("POST", f"{interview}/replies", json=body, headers=headers) as response:
        if response.status_code == 409:
            return None
        event = ""
        async for line in response.aiter_lines():
            if line.startswith("event:"):
                event = line.partition(":")[2].strip()
            elif line.startswith("data:"):
                if event == "message" and json.loads(line[5:])["speaker"] == "candidate":
                    started = time.perf_counter()
                elif event == "delta" and first is None:
                    first = time.perf_counter() - started
    return first


async def _replay(client: httpx.AsyncClient, base_url: str, calls: list[dict[str, Any]]) -> float:
    gate = asyncio.Semaphore(_JUDGED_AT_ONCE)

    async def judge(call: dict[str, Any]) -> None:
        async with gate:
            await client.post(f"{base_url}/chat/completions", json=call)

    wording = next(call for call in calls if call.get("stream"))
    started = time.perf_counter()
    await asyncio.gather(*(judge(call) for call in calls if not call.get("stream")))
    async with client.stream("POST", f"{base_url}/chat/completions", json=wording) as response:
        async for line in response.aiter_lines():
            if line.startswith("data:"):
                break
    return time.perf_counter() - started
