from dataclasses import replace

import pytest

from app.errors import LLMError
from app.interviews.flow.moves import Move
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.interviewing import CONTEXT, EN, FIRST, ZH, move, said


@pytest.mark.parametrize("kind", [Move.REPEAT, Move.RESUME])
async def test_what_waits_is_repeated_word_for_word(kind: Move) -> None:
    llm = ScriptedLLM()
    assert (await said(llm, move(kind), CONTEXT)).endswith(FIRST.text)
    assert (await said(llm, move(kind, "p1"), CONTEXT)).endswith("您最先做的是什么？")
    assert llm.history == []


async def test_a_pause_is_granted() -> None:
    assert await said(ScriptedLLM(), move(Move.PAUSE), CONTEXT) == ZH.pause


async def test_an_explanation_says_what_is_wanted_and_asks_again() -> None:
    simpler = "就是说，您处理客户投诉的一次经历是怎样的？"
    text = await said(ScriptedLLM(simpler), move(Move.EXPLAIN), CONTEXT)
    assert text.startswith(ZH.explanation.kinds.behavioural)
    assert simpler in text
    assert text.endswith(FIRST.text)


@pytest.mark.parametrize(
    "unfit",
    [
        "就是说，处理客户投诉的经历，您先耐心听完客户要说的话了吗？",
        "就是说，请您讲处理客户投诉的经历。",
        "就是说，您处理客户投诉，比如道歉？",
        "我会先道歉，再处理客户投诉。",
        "就是说，您周末一般都喜欢做些什么？",
    ],
)
async def test_an_explanation_that_helps_with_the_answer_is_not_said(unfit: str) -> None:
    text = await said(ScriptedLLM(unfit), move(Move.EXPLAIN), CONTEXT)
    assert unfit not in text
    assert text.endswith(FIRST.text)


async def test_a_follow_up_is_explained_without_the_llm() -> None:
    llm = ScriptedLLM()
    text = await said(llm, move(Move.EXPLAIN, "p1"), CONTEXT)
    assert text.startswith(ZH.explanation.follow_up)
    assert text.endswith("您最先做的是什么？")
    assert llm.history == []


async def test_a_hint_in_practice_is_a_probe() -> None:
    assert (await said(ScriptedLLM(), move(Move.HINT, "p1"), CONTEXT)).endswith("您最先做的是什么？")


@pytest.mark.parametrize("point_id", ["p2", "p3", None])
async def test_without_a_safe_probe_there_is_no_hint(point_id: str | None) -> None:
    assert await said(ScriptedLLM(), move(Move.HINT, point_id), CONTEXT) == ZH.hints.none_left


async def test_a_hint_in_an_assessment_is_refused_kindly() -> None:
    text = await said(ScriptedLLM(), move(Move.HINT, "p1"), replace(CONTEXT, mode="assessment"))
    assert text == ZH.hints.refused


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("asked_to_end", ZH.closing.asked_to_end),
        ("time_up", ZH.closing.time_up),
        ("questions_done", ZH.closing.questions_done),
        ("already_ended", ZH.closing.questions_done),
    ],
)
async def test_closing_words_thank_and_say_what_comes_next(reason: str, words: str) -> None:
    text = await said(ScriptedLLM(), move(Move.CLOSE, reason=reason), replace(CONTEXT, mode="assessment"))
    assert text == f"{words}\n{ZH.closing.modes.assessment}"


async def test_another_language_gets_a_translation_beside_the_original() -> None:
    context = replace(CONTEXT, candidate_language="en")
    text = await said(ScriptedLLM("Tell me about a complaint."), move(Move.REPEAT), context)
    assert text.startswith(EN.repeat)
    assert "Tell me about a complaint." in text
    assert FIRST.text in text


async def test_without_a_translation_the_bank_is_quoted() -> None:
    context = replace(CONTEXT, candidate_language="en")
    text = await said(ScriptedLLM(LLMError("")), move(Move.REPEAT), context)
    assert text == EN.repeat + FIRST.text


async def test_another_region_of_the_same_language_is_not_translated() -> None:
    llm = ScriptedLLM()
    await said(llm, move(Move.REPEAT), replace(CONTEXT, candidate_language="zh-TW"))
    assert llm.history == []
