import re
from typing import Any

import numpy as np
import pytest

from app.errors import LLMError, LLMUnavailableError
from app.llm.prompts import PromptLibrary
from app.scoring.judges.embedded import HeadJudge
from app.scoring.judges.states import States
from app.scoring.judges.verdict_head import VerdictHead
from app.scoring.rubric import AnswerPart, Item
from tests.fakes.scripted import ScriptedLLM


class StatesOf(ScriptedLLM):
    """A model whose states rise by the given numbers when there is a reply, or that fails."""

    sha256 = "abc"

    def __init__(self, *states: float, item: Item | None = None, failure: Exception | None = None) -> None:
        """With `item` the states are those of its points, in whatever order these are read."""
        super().__init__()
        self.points = [point.text for point in item.points] if item else []
        self.shown = np.array([[state] for state in states], dtype=np.float32)
        self.failure = failure
        self.passes: list[str] = []

    async def tokenize(self, text: str, parse_special: bool) -> list[int]:
        return [ord(character) for character in text]

    async def states(self, token_ids: list[int], positions: list[int]) -> States:
        if self.failure:
            raise self.failure
        self.passes.append("".join(map(chr, token_ids)))
        without_reply = re.search(r"<(\w+)>\s*</\1>", self.passes[-1]) is not None
        read = sorted(range(len(self.points)), key=lambda at: self.passes[-1].index(self.points[at]))
        in_order = self.shown[read] if read else self.shown
        shown = np.full_like(in_order, 5) if without_reply else in_order + 5
        starts = [at == 0 or positions[at - 1] < position - 1 for at, position in enumerate(positions)]
        return shown[np.cumsum(starts) - 1]  # one state for all tokens of a point


class ByLength:
    """Embeds a text as its length, and notes what it embedded."""

    name = "by-length"
    dimension = 2

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_queries(self, texts: list[str]) -> States:
        return self.embed_passages(texts)

    def embed_passages(self, texts: list[str]) -> States:
        self.embedded.extend(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)


def head(**changes: Any) -> VerdictHead:
    """A head of one number: at -9 a miss, at 0 a partial, at 9 a hit."""
    fields: dict[str, Any] = {
        "version": "1",
        "model_sha256": "abc",
        "prompt_hash": {},
        "weights": np.array([[1.0], [1.0]]),
        "bias": np.array([3.0, -3.0]),
        "cuts": (0.5, 0.5),
        "review_below": 0.6,
        "depth": 0.6,
    }
    return VerdictHead(**(fields | changes))


async def test_states_become_credits_with_the_replys_own_words(
    complaint: Item, prompts: PromptLibrary
) -> None:
    answer = [
        AnswerPart(2, "我会先致歉，安抚客户的不满情绪。"),
        AnswerPart(4, "还会提供照片等凭证核实问题。"),
    ]
    judge = HeadJudge(StatesOf(9, 0, -9, item=complaint), prompts, head())
    judgements = await judge.judge(complaint, answer, complaint.points)
    assert [j.credit for j in judgements] == [1, 0.5, 0]
    assert all(j.confidence is not None and 0 <= j.confidence <= 1 for j in judgements)
    assert "安抚客户的不满情绪" in judgements[0].quotes[0]
    assert "照片等凭证" in judgements[1].quotes[0]
    assert judgements[2].quotes == ()


async def test_a_quote_never_runs_from_one_reply_into_the_next(
    complaint: Item, prompts: PromptLibrary
) -> None:
    answer = [AnswerPart(2, "致歉"), AnswerPart(4, "安抚客户")]
    [judgement] = await HeadJudge(StatesOf(9, 9, 9), prompts, head()).judge(
        complaint, answer, complaint.points[:1]
    )
    assert set(judgement.quotes) <= {"致歉", "安抚客户"}


async def test_points_asked_for_alone_are_judged_as_among_all(
    complaint: Item, prompts: PromptLibrary
) -> None:
    llm = StatesOf(9, 0, -9, item=complaint)
    judge = HeadJudge(llm, prompts, head())
    judgements = await judge.judge(complaint, [AnswerPart(1, "我会道歉")], complaint.points[1:])
    assert [j.credit for j in judgements] == [0.5, 0]
    assert all(point.text in text for text in llm.passes for point in complaint.points)


async def test_a_second_reply_to_a_question_takes_one_pass(complaint: Item, prompts: PromptLibrary) -> None:
    llm = StatesOf(9, 0, -9)
    judge = HeadJudge(llm, prompts, head(), baselines={})
    for text in ("我会道歉", "我会换货"):
        await judge.judge(complaint, [AnswerPart(1, text)], complaint.points)
    assert len(llm.passes) == 3


async def test_a_prepared_question_needs_one_pass_a_reply(complaint: Item, prompts: PromptLibrary) -> None:
    llm = StatesOf(9, 9, 9)
    judge = HeadJudge(llm, prompts, head(), baselines={})
    await judge.prepare(complaint)
    assert len(llm.passes) == 1
    await judge.judge(complaint, [AnswerPart(1, "我会道歉")], complaint.points)
    assert len(llm.passes) == 2


async def test_no_text_is_embedded_twice(complaint: Item, prompts: PromptLibrary) -> None:
    embedder = ByLength()
    answer = [AnswerPart(1, "我会马上致歉。再请他拍照发来看看。然后当天给他换货。")]
    judgements = await HeadJudge(StatesOf(9, 9, 9), prompts, head(), embedder).judge(
        complaint, answer, complaint.points
    )
    assert all(j.quotes for j in judgements)
    assert len(embedder.embedded) == len(set(embedder.embedded)) > 3


async def test_an_echo_of_the_question_is_never_the_quote(complaint: Item, prompts: PromptLibrary) -> None:
    answer = [AnswerPart(1, "客户投诉商品与描述不符，你会怎么处理？我会马上说对不起。")]
    [judgement] = await HeadJudge(StatesOf(9, 9, 9), prompts, head()).judge(
        complaint, answer, complaint.points[:1]
    )
    assert "".join(judgement.quotes).strip() == "我会马上说对不起"


@pytest.mark.parametrize(
    ("failure", "code"),
    [(LLMUnavailableError("loading"), "llm-unavailable"), (LLMError("too long"), "llm-error")],
)
async def test_a_model_that_fails_leaves_every_point_unjudged(
    complaint: Item, prompts: PromptLibrary, failure: Exception, code: str
) -> None:
    judge = HeadJudge(StatesOf(failure=failure), prompts, head())
    judgements = await judge.judge(complaint, [AnswerPart(1, "我会道歉")], complaint.points)
    assert [j.credit for j in judgements] == [None] * 3
    assert all(j.failure == f"{code}: {failure}" for j in judgements)


async def test_states_that_are_not_numbers_are_a_failure(complaint: Item, prompts: PromptLibrary) -> None:
    judge = HeadJudge(StatesOf(float("nan"), 0, 0), prompts, head())
    judgements = await judge.judge(complaint, [AnswerPart(1, "我会道歉")], complaint.points)
    assert all(j.credit is None and str(j.failure).startswith("llm-error") for j in judgements)


async def test_the_identity_names_head_model_and_prompt(prompts: PromptLibrary) -> None:
    identity = HeadJudge(StatesOf(), prompts, head(version="7")).identity("zh-CN")
    other = HeadJudge(StatesOf(), prompts, head(version="7", cuts=(0.5, 0.6))).identity("zh-CN")
    assert identity["head"].startswith("7-")
    assert identity["head"] != other["head"]
    assert identity["model"] == "scripted"
    assert identity["prompt"] == prompts.get("judge_states", "zh").hash
