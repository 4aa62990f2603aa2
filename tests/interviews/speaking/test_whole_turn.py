"""One reply through the service, with a model behind a real endpoint as the interviewer."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from app.interviews.schemas import NewReply, TranscriptLine
from app.interviews.speaking.interviewer import build_interviewer
from app.llm.base import Usage
from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.scorer import build_scorer
from app.search.index import QuestionIndex
from app.settings import Settings
from evals.servers.endpoint import FakeEndpoint
from tests.interviews.house import House, open_house

REPLY = "I apologise for the late parcel and stay with the customer on the phone."
SAY = ["You stayed on the phone with the customer.", "That parcel was late, after all."]
ASK = "How would the call go on from there?"


def answer(request: dict[str, Any]) -> str:
    """The speaker's turn, or one call's verdicts on all three points."""
    if request.get("stream"):
        said = {"kind": "answer", "say": " ".join(SAY), "point": "p2", "ask": ASK}
        return json.dumps(said)
    hit = {"number": 1, "quotes": ["I apologise for the late parcel"], "verdict": "hit"}
    misses = [{"number": number, "quotes": [], "verdict": "miss"} for number in (2, 3)]
    return json.dumps({"points": [hit, *misses]})


@asynccontextmanager
async def talking(
    settings: Settings, questions: QuestionIndex, endpoint: FakeEndpoint, *, judged: bool = True
) -> AsyncIterator[tuple[House, list[Usage]]]:
    """A house whose interviewer, and judge unless the plain one judges, ask the endpoint."""
    usages: list[Usage] = []
    changed = {
        "llm_base_url": endpoint.base_url,
        "llm_model": "fake",
        "judge": "checklist",
        "judge_repeats": 0,
    }
    own = settings.model_copy(update=changed)
    prompts, llm = PromptLibrary(own.prompts_dir), build_llm(own, usages.append)
    endpoint.reply = answer
    scorer = build_scorer(own, llm, prompts) if judged else None
    interviewer = build_interviewer(own, prompts, llm)
    async with open_house(own, questions, interviewer=interviewer, scorer=scorer) as house:
        yield house, usages
    await llm.close()


async def test_a_reply_costs_two_calls_that_are_under_way_together(
    settings: Settings, tiny_questions: QuestionIndex, fake_endpoint: FakeEndpoint
) -> None:
    async with talking(settings, tiny_questions, fake_endpoint) as (house, usages):
        created = await house.interview()
        fake_endpoint.waits_for = 2  # neither is answered before both have come
        await house.say(created.id, REPLY)
        lines = await house.lines(created.id)
    assert [line.kind for line in lines] == ["greet", "answer", "follow_up"]
    assert lines[-1].text == " ".join([*SAY, ASK])
    assert len(fake_endpoint.requests) == 2
    assert sorted(usage.purpose for usage in usages) == ["en/judge_checklist", "en/speak"]
    assert all(usage.outcome == "ok" and usage.completion_tokens for usage in usages)
    assert len({usage.about for usage in usages}) == 1
    (spoken,) = [request for request in fake_endpoint.requests if request.get("stream")]
    assert list(spoken["response_format"]["json_schema"]["schema"]["properties"]) == [
        "kind",
        "say",
        "point",
        "ask",
    ]


async def test_what_is_said_leaves_before_the_judge_is_done(
    settings: Settings, tiny_questions: QuestionIndex, fake_endpoint: FakeEndpoint
) -> None:
    async with talking(settings, tiny_questions, fake_endpoint, judged=False) as (house, _):
        created = await house.interview()
        house.scorer.gate = asyncio.Event()
        seq = await house.service.reply(created.id, NewReply(text=REPLY, client_turn_id="turn-1"))
        said = ""
        async for event in house.service.events_of_turn(created.id, seq):
            if event is not None and event.name == "delta":
                said += json.loads(event.body)["text"]
                if said == " ".join(SAY):
                    house.scorer.gate.set()
        lines: list[TranscriptLine] = await house.lines(created.id)
    assert said == lines[-1].text == " ".join([*SAY, ASK])


async def test_a_broken_endpoint_leaves_the_interview_to_written_lines(
    settings: Settings, tiny_questions: QuestionIndex, fake_endpoint: FakeEndpoint
) -> None:
    async with talking(settings, tiny_questions, fake_endpoint, judged=False) as (house, _):
        created = await house.interview()
        fake_endpoint.reply = ["I would say that the candidate did well."]
        await house.say(created.id, REPLY)
        lines = await house.lines(created.id)
    assert [line.kind for line in lines] == ["greet", "answer", "follow_up"]
    assert "did well" not in lines[-1].text
