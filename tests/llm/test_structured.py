from typing import Literal

import pytest
from pydantic import BaseModel, Field

from app.errors import LLMError
from app.llm.base import Usage
from app.llm.prompts import RenderedPrompt
from app.llm.structured import ObjectPieces, read_json
from evals.servers import endpoint as fake
from evals.servers.endpoint import FakeEndpoint, Fault
from tests.llm.conftest import Connect


class Verdict(BaseModel):
    credit: Literal["hit", "partial", "miss"]
    quotes: list[str]
    why: str = Field(min_length=1)


async def test_a_schema_is_asked_for_and_its_answer_validated(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    completion = await connect().complete(prompt, schema=Verdict, max_tokens=77)
    assert isinstance(completion.parsed, Verdict)
    assert completion.parsed.credit == "hit"
    [request] = fake_endpoint.requests
    asked = request["response_format"]
    assert (asked["type"], asked["json_schema"]["strict"]) == ("json_schema", True)
    assert (request["max_tokens"], request["temperature"]) == (77, 0.0)
    assert usages[0].prompt_tokens == 7
    assert usages[0].cached_tokens == 3
    assert usages[0].completion_tokens > 0


@pytest.mark.parametrize("fault", [fake.refuse_schema(), fake.status(422), fake.prose()])
async def test_an_endpoint_without_schemas_is_asked_in_words_from_then_on(
    fault: Fault, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.append(fault)
    llm = connect()
    for _ in range(2):
        completion = await llm.complete(prompt, schema=Verdict)
        assert isinstance(completion.parsed, Verdict)
    assert ["response_format" in request for request in fake_endpoint.requests] == [True, False, False]
    assert "只输出一个 JSON 对象" in fake_endpoint.requests[-1]["messages"][-1]["content"]


async def test_an_endpoint_that_took_schemas_once_is_not_degraded_by_one_bad_answer(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    llm = connect()
    await llm.complete(prompt, schema=Verdict)
    fake_endpoint.faults.append(fake.prose())
    with pytest.raises(LLMError, match="JSON"):
        await llm.complete(prompt, schema=Verdict)
    await llm.complete(prompt, schema=Verdict)
    assert "response_format" in fake_endpoint.requests[-1]


async def test_the_schema_strategy_never_falls_back(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.append(fake.refuse_schema())
    with pytest.raises(LLMError, match="refused the request"):
        await connect(llm_strategy="schema").complete(prompt, schema=Verdict)
    assert len(fake_endpoint.requests) == 1


async def test_the_text_strategy_never_sends_a_schema(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    completion = await connect(llm_strategy="text").complete(prompt, schema=Verdict)
    assert isinstance(completion.parsed, Verdict)
    assert "response_format" not in fake_endpoint.requests[0]


@pytest.mark.parametrize("fault", [fake.garbled(), fake.html()])
async def test_garbage_is_an_error_and_teaches_nothing(
    fault: Fault, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.append(fault)
    llm = connect()
    with pytest.raises(LLMError, match="OpenAI format"):
        await llm.complete(prompt, schema=Verdict)
    await llm.complete(prompt, schema=Verdict)
    assert "response_format" in fake_endpoint.requests[-1]


async def test_a_transient_fault_is_tried_again_with_the_schema(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.extend([fake.status(500), fake.status(429, "0.01")])
    completion = await connect().complete(prompt, schema=Verdict)
    assert isinstance(completion.parsed, Verdict)
    assert len(fake_endpoint.requests) == 3


VALID = '{"credit": "miss", "quotes": [], "why": "没有提到"}'


@pytest.mark.parametrize(
    "text", [VALID, f"```json\n{VALID}\n```", f"好的：{{不是}} {VALID} 以上。", '{"credit": 3} ' + VALID]
)
def test_json_is_found_bare_fenced_or_between_words(text: str) -> None:
    assert read_json(text, Verdict) == Verdict(credit="miss", quotes=[], why="没有提到")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("没有", "no JSON object"),
        ("", "no JSON object"),
        (VALID[:-5], "no JSON object"),
        ('{"credit": "great", "quotes": [], "why": "x"}', "credit"),
        ('{"verdict": ' + VALID + "}", "credit"),
    ],
)
def test_anything_else_is_an_error_that_says_why(text: str, reason: str) -> None:
    with pytest.raises(LLMError, match=reason):
        read_json(text, Verdict)


@pytest.mark.parametrize(
    ("text", "object_"),
    [
        ('{"a": "b"}', '{"a": "b"}'),
        (
            'Sure {that}: ```json\n{"a": {"b": ["}", "\\"{"]}}\n``` and {"c": 1}',
            '{"a": {"b": ["}", "\\"{"]}}',
        ),
        ('<think>{"a": 0} or < that</think> {"a": 1}', '{"a": 1}'),
        ('<think>{"a": 0}', ""),
        ('{ \n "a": "half', '{ \n "a": "half'),
        ("{}", "{}"),
        ("nothing {of the kind}", ""),
    ],
)
@pytest.mark.parametrize("size", [1, 3, 1000])
def test_the_first_object_is_found_in_any_pieces(text: str, object_: str, size: int) -> None:
    wanted = ObjectPieces()
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert "".join(map(wanted.take, pieces)) == object_
    assert wanted.complete == object_.endswith("}")
