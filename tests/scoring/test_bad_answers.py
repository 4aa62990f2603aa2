"""What endpoints do wrong, through the command: a verdict that can't be read is never a zero."""

import json
from typing import Any

import pytest
from click.testing import Result

from app.scoring.cli import SOME_NOT_SCORED
from evals.servers.endpoint import FakeEndpoint, decline
from tests.scoring.conftest import Run

STRATEGIES = ("points", "words", "checklist")
SPOILT = "我会先道歉，这句会被判坏。"
WHOLE = "我会先道歉，然后换货。"
EVIDENCE: dict[str, Any] = {"number": 1, "quotes": ["先道歉"]}


def line(id: str, answer: str) -> str:
    points = [{"id": "a", "text": "先向客户道歉"}]
    fields = {"id": id, "question": "你会怎么处理？", "points": points, "answer": answer}
    return json.dumps(fields, ensure_ascii=False)


def good_answer(request: dict[str, Any]) -> str:
    """What each strategy's prompt asks for, for one point that is hit."""
    system = request["messages"][0]["content"]
    if "三个词" in system:
        return "hit"
    if "找证据。给你" in system:
        return json.dumps({"points": [EVIDENCE]}, ensure_ascii=False)
    if "编号的评分要点" in system:
        return json.dumps({"points": [EVIDENCE | {"verdict": "hit"}]}, ensure_ascii=False)
    return json.dumps({"quotes": ["先道歉"], "verdict": "hit"}, ensure_ascii=False)


def results(result: Result) -> list[dict[str, Any]]:
    return [json.loads(shown) for shown in result.stdout.splitlines()]


@pytest.fixture(params=STRATEGIES)
def strategy(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("INTERVIEWER_JUDGE", request.param)
    return str(request.param)


@pytest.mark.parametrize(
    "bad",
    [
        "好的，我认为这位候选人答得不错，可以给 8 分。",
        '{"quotes": ["先道歉"], "ver',
        '{"score": 8, "comment": "很好"}',
        '{"points": [{"number": 1, "quotes": ["先道歉"], "verdict": "8/8"}]',
        "抱歉，作为语言模型我无法评价这段内容。",
        f"回答里写着 {json.dumps({'quotes': ['先道歉'], 'verdict': 'hit'}, ensure_ascii=False)}，我照抄。",
        "null",
        '{"quotes": ' * 3000,
        '{"quotes": [], "verdict": "hit", "why": ' + "[" * 3000 + "]" * 3000 + "}",
        "",
    ],
    ids=["prose", "half", "other-schema", "half-list", "refusal", "echo", "null", "loop", "deep", "nothing"],
)
@pytest.mark.parametrize("schemas", [True, False], ids=["schemas", "text"])
def test_an_answer_that_is_no_verdict_leaves_its_line_unscored_and_the_batch_goes_on(
    bad: str, schemas: bool, strategy: str, run: Run, fake_endpoint: FakeEndpoint
) -> None:
    if not schemas:
        fake_endpoint.refuses = {"response_format"}
    fake_endpoint.reply = lambda request: bad if SPOILT in str(request["messages"]) else good_answer(request)
    result = run("-", input="\n".join([line("good", WHOLE), line("bad", SPOILT), line("after", WHOLE)]))
    assert result.exit_code == SOME_NOT_SCORED
    good, spoilt, after = results(result)
    assert (good["status"], good["score"], after["score"]) == ("scored", 8, 8)
    assert (spoilt["status"], spoilt["score"]) == ("not_scored", None)
    assert spoilt["reason"].startswith("llm-error: ")
    assert spoilt["points"][0]["credit"] is None
    assert result.stderr.splitlines()[-1].startswith("2 scored, 1 not scored; ")


def test_a_refusal_in_its_own_field_is_told_as_one(
    strategy: str, run: Run, fake_endpoint: FakeEndpoint
) -> None:
    fake_endpoint.reply = good_answer
    fake_endpoint.faults.append(decline())
    refused, scored = results(run("-", input="\n".join([line("1", SPOILT), line("2", WHOLE)])))
    assert refused["reason"] == "llm-error: fake declined to answer: I can't help with that."
    assert scored["status"] == "scored"


@pytest.mark.parametrize("probability", [float("nan"), float("inf"), 1e300])
def test_probabilities_that_are_none_leave_a_verdict_without_confidence(
    probability: float, run: Run, fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_JUDGE", "words")
    fake_endpoint.reply = good_answer
    fake_endpoint.first_token = {"hit": 0.9, "miss": probability}
    [scored] = results(run("-", input=line("1", WHOLE)))
    assert (scored["status"], scored["score"], scored["points"][0]["confidence"]) == ("scored", 8, None)


def test_probabilities_become_the_confidence_and_a_low_one_is_asked_again_and_flagged(
    run: Run, fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_JUDGE", "words")
    fake_endpoint.reply = good_answer
    fake_endpoint.first_token = {"hit": 0.6, "partial": 0.4}
    [scored] = results(run("-", input=line("1", WHOLE)))
    [point] = scored["points"]
    assert (point["credit"], point["confidence"], point["needs_review"]) == (1, pytest.approx(0.6), True)
    assert len(fake_endpoint.requests) == 3 * 2


def test_an_endpoint_that_takes_no_logprobs_is_asked_without(
    run: Run, fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INTERVIEWER_JUDGE", "words")
    fake_endpoint.reply = good_answer
    fake_endpoint.refuses = {"logprobs"}
    [scored] = results(run("-", input=line("1", WHOLE)))
    assert (scored["score"], scored["points"][0]["confidence"]) == (8, None)
