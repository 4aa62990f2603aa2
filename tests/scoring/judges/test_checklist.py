import json
from typing import Any

import pytest

from app.errors import LLMUnavailableError
from app.llm.prompts import PromptLibrary
from app.scoring.judges.checklist import ChecklistJudge
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from tests.fakes.scripted import ScriptedLLM

ANSWER = [AnswerPart(2, "我会先道歉"), AnswerPart(4, "再请他拍照")]


def entry(number: Any, verdict: str = "miss", *quotes: str) -> dict[str, Any]:
    return {"number": number, "quotes": list(quotes), "verdict": verdict}


def listing(*entries: Any) -> str:
    return json.dumps({"points": entries}, ensure_ascii=False)


async def test_one_call_judges_all_points_with_the_evidence_first(
    complaint: Item, prompts: PromptLibrary, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.enqueue(listing(entry(2, "partial", "拍照"), entry(1, "hit", "先道歉"), entry(3)))
    judgements = await ChecklistJudge(scripted_llm, prompts).judge(complaint, ANSWER, complaint.points)
    assert [j.credit for j in judgements] == [1.0, 0.5, 0.0]
    assert [j.quotes for j in judgements] == [("先道歉",), ("拍照",), ()]
    [prompt] = scripted_llm.history
    user = prompt.messages[-1]["content"]
    assert user.index("再请他拍照") < user.index(f"1. {complaint.points[0].text}")


@pytest.mark.parametrize(
    ("entries", "why"),
    [
        ([entry(1, "hit", "道歉"), entry(3)], "leaves out point 2"),
        ([entry(1, "hit", "道歉"), entry(3), entry(4, "hit", "x"), entry(0)], "leaves out point 2"),
        ([entry(1, "hit", "道歉"), entry(2), entry(2, "hit", "x"), entry(3)], "holds point 2 2 times"),
        ([entry(1, "hit", "道歉"), entry(2, "8/8"), entry(3)], "on point 2: verdict"),
        ([entry(1, "hit", "道歉"), {"number": 2, "verdict": "hit"}, entry(3)], "on point 2: quotes"),
        ([entry(1, "hit", "道歉"), entry(2), entry(2, "good"), entry(3)], "holds point 2 2 times"),
        ([entry(1, "hit", "道歉"), "hit", entry(3)], "leaves out point 2"),
    ],
)
async def test_a_spoilt_entry_costs_its_own_point_only_and_is_never_a_zero(
    entries: list[Any], why: str, complaint: Item, prompts: PromptLibrary, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.enqueue(listing(*entries))
    judgements = await ChecklistJudge(scripted_llm, prompts).judge(complaint, ANSWER, complaint.points)
    assert [j.credit for j in judgements] == [1.0, None, 0.0]
    assert judgements[1].failure is not None
    assert judgements[1].failure.startswith("llm-error: ")
    assert why in judgements[1].failure


@pytest.mark.parametrize("answer", ["抱歉", '{"points": [{"number": 1', '{"score": 8}', '{"points": 3}', ""])
async def test_an_answer_without_a_list_judges_no_point(
    answer: str, complaint: Item, prompts: PromptLibrary, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.enqueue(answer)
    judgements = await ChecklistJudge(scripted_llm, prompts).judge(complaint, ANSWER, complaint.points)
    assert [j.credit for j in judgements] == [None] * 3


async def test_forty_points_are_asked_for_in_two_calls(
    prompts: PromptLibrary, scripted_llm: ScriptedLLM
) -> None:
    item = Item("问题", tuple(RubricPoint(f"p{i}", f"要点{i}") for i in range(40)), 8, "zh-CN")
    half = listing(*(entry(n, "hit" if n == 1 else "miss", "道歉") for n in range(1, 21)))
    scripted_llm.enqueue(half, LLMUnavailableError("gone"))
    judgements = await ChecklistJudge(scripted_llm, prompts).judge(item, ANSWER, item.points)
    assert [j.credit for j in judgements[:2]] == [1.0, 0.0]
    assert {j.failure for j in judgements[20:]} == {"llm-unavailable: gone"}


async def test_only_the_asked_points_are_listed(
    complaint: Item, prompts: PromptLibrary, scripted_llm: ScriptedLLM
) -> None:
    scripted_llm.enqueue(listing(entry(1, "hit", "拍照")))
    judgements = await ChecklistJudge(scripted_llm, prompts).judge(complaint, ANSWER, complaint.points[1:2])
    assert [j.credit for j in judgements] == [1.0]
    assert complaint.points[0].text not in scripted_llm.history[0].messages[-1]["content"]
