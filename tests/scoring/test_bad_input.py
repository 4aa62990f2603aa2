"""Rubrics and answers at the edges, through the command: scored honestly, or not scored with the reason."""

import json
from typing import Any

import pytest

from app.scoring.cli import SOME_NOT_SCORED
from evals.servers.endpoint import FakeEndpoint
from tests.scoring.conftest import Run

POINT = {"id": "a", "text": "先向客户道歉"}
LONG = "我会先道歉，" + "再把事情从头到尾问清楚，" * 1667


def line(answer: str = "我会先道歉。", **changes: Any) -> str:
    fields = {"id": "1", "question": "你会怎么处理？", "points": [POINT], "answer": answer}
    return json.dumps(fields | changes, ensure_ascii=False)


def points(count: int, **fields: Any) -> list[dict[str, Any]]:
    return [{"id": f"p{number}", "text": f"要点 {number}"} | fields for number in range(count)]


@pytest.mark.parametrize("strategy", ["points", "checklist"])
@pytest.mark.parametrize("count", [1, 40, 200])
def test_a_rubric_of_one_point_or_of_very_many_is_scored(
    count: int, strategy: str, run: Run, fake_endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reply(request: dict[str, Any]) -> str:
        quoted = {"quotes": ["先道歉"], "verdict": "hit"}
        listed = request["messages"][-1]["content"].rpartition("</reply>")[2].count("要点 ")
        entries = [{"number": number} | quoted for number in range(1, listed + 1)]
        return json.dumps({"points": entries} if strategy == "checklist" else quoted, ensure_ascii=False)

    monkeypatch.setenv("INTERVIEWER_JUDGE", strategy)
    fake_endpoint.reply = reply
    result = run("-", input=line(points=points(count)))
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["score"], len(shown["points"])) == (0, 8, count)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"points": []}, "points: "),
        ({"points": points(2, weight=0)}, "points.0.weight: "),
        ({"points": points(2, weight=-1)}, "points.0.weight: "),
        ({"points": [POINT, POINT]}, "points: two points have the id 'a'"),
        ({"points": points(201)}, "points: "),
        ({"max_score": 0}, "max_score: "),
        ({"max_score": "eight"}, "max_score: "),
        ({"answer": "x" * 100_001}, "answer: "),
    ],
)
def test_a_rubric_that_cannot_be_summed_is_refused_with_the_field_and_the_batch_goes_on(
    changes: dict[str, Any], reason: str, run: Run
) -> None:
    result = run("-", input=line(**changes) + "\n" + line(id="2"))
    refused, scored = (json.loads(shown) for shown in result.stdout.splitlines())
    assert result.exit_code == SOME_NOT_SCORED
    assert (refused["status"], refused["score"]) == ("not_scored", None)
    assert refused["reason"].startswith(f"bad-input: line 1: {reason}")
    assert scored["status"] == "scored"


@pytest.mark.parametrize("changes", [{}, {"max_score": None}])
def test_without_a_maximum_there_are_eight_marks(changes: dict[str, Any], run: Run) -> None:
    shown = json.loads(run("-", input=line(**changes)).stdout)
    assert (shown["score"], shown["max_score"]) == (8, 8)


@pytest.mark.parametrize(
    ("answer", "quote"),
    [
        ("Primero le pido disculpas al cliente y después lo resuelvo.", "le pido disculpas"),
        ("まずお客様にお詫びします。それから確認します。", "お詫びします"),
        ("Сначала я извинюсь перед клиентом.", "я извинюсь"),
        ("我會先\u200b道歉🙏🏽，然後👍换货", "先\u200b道歉🙏🏽"),
        (LONG, "先道歉"),
    ],
    ids=["spanish", "japanese", "russian", "emoji-among-words", "20000-characters"],
)
def test_answers_in_any_language_and_length_are_judged_with_quotes_at_their_place(
    answer: str, quote: str, run: Run, fake_endpoint: FakeEndpoint
) -> None:
    verdict = json.dumps({"quotes": [quote], "verdict": "hit"}, ensure_ascii=False)
    fake_endpoint.reply = lambda request: verdict
    shown = json.loads(run("-", input=line(answer)).stdout)
    [found] = shown["points"][0]["quotes"]
    assert (shown["status"], shown["score"]) == ("scored", 8)
    assert answer[found["start"] : found["end"]] == found["text"] == quote


def test_an_answer_of_nothing_but_emoji_is_zero_without_a_call(run: Run, fake_endpoint: FakeEndpoint) -> None:
    result = run("-", input=line("😀👍🏽👨‍👩‍👧🎉" * 20))
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["status"], shown["score"]) == (0, "scored", 0)
    assert shown["reason"]
    assert fake_endpoint.requests == []


def test_a_long_answer_to_forty_points_is_checked_for_every_quote(
    run: Run, fake_endpoint: FakeEndpoint
) -> None:
    verdict = json.dumps({"quotes": ["再把事情问清楚", "先道歉"], "verdict": "partial"}, ensure_ascii=False)
    fake_endpoint.reply = lambda request: verdict
    result = run("-", input=line(LONG, points=points(40)))
    shown = json.loads(result.stdout)
    assert (result.exit_code, shown["status"], len(shown["points"])) == (0, "scored", 40)
    for point in shown["points"]:
        assert [quote["text"] for quote in point["quotes"]] == ["先道歉"]  # the other is not in the answer
