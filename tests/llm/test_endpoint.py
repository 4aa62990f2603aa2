import asyncio
import json
import logging
from contextlib import aclosing
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from pydantic import BaseModel, ConfigDict, SecretStr

from app.errors import LLMError, LLMUnavailableError
from app.llm.base import Usage
from app.llm.endpoint import EndpointLLM
from app.llm.prompts import RenderedPrompt
from evals.servers import endpoint as fake
from evals.servers.endpoint import DEFAULT_REPLY, FakeEndpoint, Fault
from tests.llm.conftest import Connect


async def streamed(llm: EndpointLLM, prompt: RenderedPrompt) -> str:
    return "".join([piece async for piece in llm.stream(prompt)])


async def test_a_stream_gives_the_answer_in_pieces(connect: Connect, prompt: RenderedPrompt) -> None:
    pieces = [piece async for piece in connect().stream(prompt)]
    assert "".join(pieces) == DEFAULT_REPLY
    assert len(pieces) > 1


async def test_the_request_carries_messages_limits_and_key(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    llm = connect(llm_api_key=SecretStr("sk-secret"))
    async for _ in llm.stream(prompt, max_tokens=33, temperature=0.5):
        pass
    [request] = fake_endpoint.requests
    assert request["messages"] == list(prompt.messages)
    assert (request["model"], request["max_tokens"], request["temperature"]) == ("fake", 33, 0.5)
    assert fake_endpoint.keys == ["sk-secret"]


@pytest.mark.parametrize("streams", [True, False])
async def test_every_call_is_metered(
    streams: bool, connect: Connect, prompt: RenderedPrompt, usages: list[Usage]
) -> None:
    llm = connect()
    await (streamed(llm, prompt) if streams else llm.complete(prompt))
    [usage] = usages
    assert (usage.purpose, usage.prompt_hash, usage.model, usage.outcome) == (
        "zh/greet",
        "abc123",
        "fake",
        "ok",
    )
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (7, 3, len(DEFAULT_REPLY))
    assert 0 < usage.seconds < 5
    assert (usage.first_token_seconds is not None) is streams


async def test_first_token_probabilities_are_given_when_asked_for(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.reply = lambda _: "是"
    fake_endpoint.first_token = {"是": 0.7, "否": 0.2, "不": 0.1}
    completion = await connect().complete(prompt, max_tokens=1, top_probabilities=2)
    assert completion.first_token_probabilities == pytest.approx({"是": 0.7, "否": 0.2})


@pytest.mark.parametrize("fault", [fake.status(500), fake.status(503), fake.status(429, "0.01"), fake.cut(0)])
@pytest.mark.parametrize("streams", [True, False])
async def test_transient_faults_are_tried_again(
    fault: Fault,
    streams: bool,
    connect: Connect,
    prompt: RenderedPrompt,
    fake_endpoint: FakeEndpoint,
    usages: list[Usage],
) -> None:
    fake_endpoint.faults.append(fault)
    llm = connect()
    answer = await streamed(llm, prompt) if streams else (await llm.complete(prompt)).text
    assert answer == DEFAULT_REPLY
    assert len(usages) == 2
    assert usages[0].outcome in {"server-error", "rate-limited", "unreachable", "cut"}
    assert usages[1].outcome == "ok"


@pytest.mark.parametrize("as_date", [True, False])
async def test_retry_after_is_honoured(
    as_date: bool, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    # HTTP dates count whole seconds: the third second from now is more than one away.
    moment = (datetime.now(UTC) + timedelta(seconds=2)).replace(microsecond=0)
    named = format_datetime(moment, usegmt=True) if as_date else "0.4"
    fake_endpoint.faults.append(fake.status(429, named))
    await connect().complete(prompt)
    refused, answered = fake_endpoint.times
    assert datetime.now(UTC) >= moment if as_date else answered - refused >= 0.4


async def test_after_the_last_try_the_error_names_the_rate_limit(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.extend([fake.status(429, "0")] * 5)
    with pytest.raises(LLMUnavailableError, match="429") as caught:
        await connect(llm_retries=1).complete(prompt)
    assert "rate limit" in caught.value.hint
    assert len(fake_endpoint.requests) == 2


@pytest.mark.parametrize("streams", [True, False])
async def test_silence_ends_in_a_timeout_that_names_the_setting(
    streams: bool, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    fake_endpoint.faults.append(fake.hang())
    llm = connect(llm_timeout=0.2, llm_retries=0)
    with pytest.raises(LLMUnavailableError, match=r"nothing for 0\.2 s") as caught:
        await (streamed(llm, prompt) if streams else llm.complete(prompt))
    assert "INTERVIEWER_LLM_TIMEOUT" in caught.value.hint
    assert [usage.outcome for usage in usages] == ["timeout"]


async def test_the_timeout_counts_between_bytes_not_for_the_whole_answer(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.piece_chars = 1
    words = DEFAULT_REPLY * 6
    fake_endpoint.reply = [words]
    fake_endpoint.faults.append(fake.slow(2.5 / len(words)))
    assert await streamed(connect(llm_timeout=2.0, llm_retries=0), prompt) == words


@pytest.mark.parametrize("clean", [True, False])
async def test_a_stream_cut_short_gives_its_pieces_then_an_error(
    clean: bool, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    fake_endpoint.faults.append(fake.cut(2, clean=clean))
    pieces: list[str] = []

    async def read() -> None:
        async for piece in connect().stream(prompt):
            pieces.append(piece)

    with pytest.raises(LLMError, match="cut short"):
        await read()
    assert "".join(pieces) == DEFAULT_REPLY[:8]
    assert [usage.outcome for usage in usages] == ["cut"]
    assert len(fake_endpoint.requests) == 1


@pytest.mark.parametrize("fault", [fake.garbled(), fake.html()])
@pytest.mark.parametrize("streams", [True, False])
async def test_garbage_is_an_error_that_names_the_base_url(
    fault: Fault, streams: bool, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.append(fault)
    llm = connect()
    with pytest.raises(LLMError, match="OpenAI format") as caught:
        await (streamed(llm, prompt) if streams else llm.complete(prompt))
    assert "INTERVIEWER_LLM_BASE_URL" in caught.value.hint


@pytest.mark.parametrize("streams", [True, False])
async def test_a_wrong_key_is_named_and_never_shown(
    streams: bool,
    connect: Connect,
    prompt: RenderedPrompt,
    fake_endpoint: FakeEndpoint,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    fake_endpoint.api_key = "right"
    llm = connect(llm_api_key=SecretStr("sk-wrong-secret"))
    with pytest.raises(LLMError, match="refused the API key") as caught:
        await (streamed(llm, prompt) if streams else llm.complete(prompt))
    assert "INTERVIEWER_LLM_API_KEY" in caught.value.hint
    assert not isinstance(caught.value, LLMUnavailableError)
    assert "sk-wrong-secret" not in f"{caught.value} {caught.value.hint} {caplog.text} {llm.endpoint!r}"


async def test_an_unknown_model_is_named(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.faults.append(fake.status(404))
    with pytest.raises(LLMError, match="'fake'") as caught:
        await connect().complete(prompt)
    assert "INTERVIEWER_LLM_MODEL" in caught.value.hint


async def test_an_unreachable_endpoint_is_named(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    llm = connect(llm_retries=1)
    fake_endpoint.stop()
    with pytest.raises(LLMUnavailableError, match=fake_endpoint.base_url) as caught:
        await llm.complete(prompt)
    assert "INTERVIEWER_LLM_BASE_URL" in caught.value.hint
    assert not await llm.ready()


async def test_an_empty_answer_is_an_error(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.reply = lambda _: ""
    llm = connect()
    with pytest.raises(LLMError, match="nothing"):
        await llm.complete(prompt)
    with pytest.raises(LLMError, match="nothing"):
        await streamed(llm, prompt)


@pytest.mark.parametrize("field", ["stream_options", "temperature"])
async def test_refused_fields_are_left_out_from_then_on(
    field: str, connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.refuses = {field}
    llm = connect()
    assert await streamed(llm, prompt) == DEFAULT_REPLY
    assert await streamed(llm, prompt) == DEFAULT_REPLY
    assert [field in request for request in fake_endpoint.requests] == [True, False, False]


async def test_an_abandoned_stream_is_metered_as_cancelled(
    connect: Connect, prompt: RenderedPrompt, usages: list[Usage]
) -> None:
    async with aclosing(connect().stream(prompt)) as pieces:
        await anext(pieces)
    assert [usage.outcome for usage in usages] == ["cancelled"]


async def test_connections_are_kept_open(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    llm = connect()
    for _ in range(5):
        await llm.complete(prompt)
        await streamed(llm, prompt)
    assert fake_endpoint.connections <= 2


async def test_calls_run_side_by_side(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    llm = connect()
    await llm.complete(prompt)
    fake_endpoint.waits_for = 1 + 10
    await asyncio.gather(*(llm.complete(prompt) for _ in range(10)))
    assert len(fake_endpoint.requests) == 11


async def test_ready_asks_the_endpoint_and_notices_a_wrong_key(
    connect: Connect, fake_endpoint: FakeEndpoint
) -> None:
    assert await connect().ready()
    fake_endpoint.api_key = "right"
    assert not await connect(llm_api_key=SecretStr("wrong")).ready()


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")

    say: str


async def object_of(llm: EndpointLLM, prompt: RenderedPrompt) -> str:
    return "".join([piece async for piece in llm.stream(prompt, schema=Said)])


async def test_a_streamed_object_is_asked_for_by_its_schema(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    fake_endpoint.reply = ['Here: ```json\n{"say": "好"}\n``` That is all.']
    assert await object_of(connect(), prompt) == '{"say": "好"}'
    (request,) = fake_endpoint.requests
    shown = request["response_format"]["json_schema"]
    assert (shown["strict"], shown["schema"]["required"]) == (True, ["say"])
    assert [usage.outcome for usage in usages] == ["ok"]


async def test_an_endpoint_without_schemas_is_asked_for_the_object_in_words(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.refuses = {"response_format"}
    llm = connect()
    assert json.loads(await object_of(llm, prompt)) == {"say": ""}
    assert json.loads(await object_of(llm, prompt)) == {"say": ""}
    assert ["response_format" in request for request in fake_endpoint.requests] == [True, False, False]
    assert "JSON Schema" in fake_endpoint.requests[-1]["messages"][-1]["content"]


async def test_who_chats_instead_of_the_object_is_asked_in_words_and_then_fails(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    fake_endpoint.reply = ["好的。", "好的。"]
    with pytest.raises(LLMError, match="no JSON object"):
        await object_of(connect(), prompt)
    assert [usage.outcome for usage in usages] == ["refused", "garbled"]


async def test_tokens_of_a_stream_left_early_are_estimated(
    connect: Connect, prompt: RenderedPrompt, fake_endpoint: FakeEndpoint, usages: list[Usage]
) -> None:
    fake_endpoint.piece_chars = 40
    fake_endpoint.reply = ["word " * 40]
    async with aclosing(connect().stream(prompt)) as pieces:
        await anext(pieces)
    (usage,) = usages
    assert (usage.outcome, usage.completion_tokens) == ("cancelled", 10)
    assert usage.prompt_tokens > 0
