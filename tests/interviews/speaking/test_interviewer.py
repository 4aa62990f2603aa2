from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.banks.leaks import leaks
from app.interviews.flow.moves import Intent, Move
from app.interviews.speaking.interviewer import Response
from app.interviews.speaking.occasion import FollowUp
from tests.interviews.interviewing import (
    ASK,
    EN,
    FIRST,
    OCCASION,
    SECOND,
    ZH,
    follow_up,
    interviewer_said,
    move,
    said,
    with_turns,
)

OPENING = replace(OCCASION, reply=None, question=None, following=FIRST, number=0)
ASIDES = [intent for intent in Intent if intent.value in type(ZH.asides).model_fields]


@pytest.fixture
def banks(tmp_path: Path) -> Path:
    return with_turns(tmp_path)


async def test_the_greeting_introduces_the_interview_and_asks_the_first_question() -> None:
    text = await said(move(Move.GREET), OPENING)
    assert "在线客服" in text
    assert "3 道题" in text
    assert ZH.greeting.modes.practice in text
    assert text.endswith(FIRST.text)


async def test_the_greeting_of_an_assessment_says_who_decides() -> None:
    assert ZH.greeting.modes.assessment in await said(move(Move.GREET), replace(OPENING, mode="assessment"))


async def test_a_question_follows_what_was_heard_word_for_word(banks: Path) -> None:
    heard, asked = (await said(ASK, replace(OCCASION, covered=["p1"]), banks=banks)).split("\n\n")
    assert heard == "客户的话您听到了最后一句。"
    assert asked.endswith(SECOND.text)


async def test_where_nothing_can_be_named_a_general_line_stands_before_the_next_question() -> None:
    heard, asked = (await said(ASK, OCCASION)).split("\n\n")
    assert heard in ZH.moving_on.heard
    assert asked.endswith(SECOND.text)


async def test_the_last_question_is_announced() -> None:
    text = await said(ASK, replace(OCCASION, number=2))
    assert text.endswith(ZH.leads.last_question + SECOND.text)


async def test_after_the_last_question_the_reply_is_heard_before_the_close(banks: Path) -> None:
    close = move(Move.CLOSE, reason="questions_done")
    text = await said(close, replace(OCCASION, covered=["p3"], following=None), banks=banks)
    assert text.startswith("事情了结之后，您还惦记着客户。")
    assert ZH.closing.questions_done in text


async def test_a_follow_up_is_a_whole_turn_on_what_was_covered_and_what_is_open(banks: Path) -> None:
    first = await said(follow_up("p2"), replace(OCCASION, covered=["p1"]), banks=banks)
    assert first.startswith(("客户说完了", "气话您"))
    lines = [interviewer_said(Move.FOLLOW_UP, first)]
    second = await said(follow_up("p2"), replace(OCCASION, covered=["p1"], lines=lines), banks=banks)
    assert second.startswith(("客户说完了", "气话您"))
    assert second != first


async def test_what_was_half_said_is_asked_on_from_there(banks: Path) -> None:
    occasion = replace(OCCASION, covered=["p1"], credits={"p2": 0.5})
    assert await said(follow_up("p2"), occasion, banks=banks) == "除了这一个，还摆了什么？"


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ("先道歉。", "short"),
        ("先道歉，再查单，" * 60, "long"),
        ("我会先看一看情况，再看看怎么处理比较好一些，总之尽量做好。", "vague"),
    ],
)
async def test_where_nothing_was_covered_a_general_line_fits_the_manner(reply: str, kind: str) -> None:
    text = await said(follow_up("p1"), replace(OCCASION, reply=reply))
    assert text.removesuffix("您最先做的是什么？") in getattr(ZH.heard, kind)


async def test_everyone_is_asked_the_same_where_probes_are_standard(banks: Path) -> None:
    for covered in ([], ["p2"]):
        occasion = replace(OCCASION, covered=covered, standard_probes=True)
        assert (await said(follow_up("p1"), occasion, banks=banks)).endswith("您最先做的是什么？")


async def test_without_a_safe_probe_or_turns_the_kind_of_question_decides() -> None:
    for point_id in ("p2", "p3"):
        text = await said(follow_up(point_id), OCCASION)
        assert any(text.endswith(question) for question in ZH.deeper.behavioural)


async def test_a_speakers_own_question_goes_on_from_what_it_said() -> None:
    own = Response(spoken="快递找了三天。", follow_up=FollowUp("p2", "那三天里您跟他怎么说的？"))
    assert await said(follow_up("p2"), OCCASION, own) == "那三天里您跟他怎么说的？"
    english = replace(OCCASION, language="en")
    own = Response(spoken="Three days.", follow_up=FollowUp("p2", "What did you tell him?"))
    assert await said(follow_up("p2"), english, own) == " What did you tell him?"


async def test_a_speakers_question_about_another_point_is_not_asked() -> None:
    own = Response(spoken="快递找了三天。", follow_up=FollowUp("p3", "那三天里您跟他怎么说的？"))
    assert await said(follow_up("p1"), OCCASION, own) == "您最先做的是什么？"


@pytest.mark.parametrize("intent", ASIDES)
async def test_what_is_no_answer_gets_a_line_and_the_question_in_short(intent: Intent) -> None:
    for language, phrases in (("zh-CN", ZH), ("en", EN)):
        occasion = replace(OCCASION, intent=intent, language=language)
        line, again = (await said(move(Move.ASIDE, reason=intent.value), occasion)).split("\n\n")
        assert line in phrases.asides.of(intent)
        assert again.endswith("后来怎么样了？")
        assert "请讲一次" not in again


async def test_a_line_for_what_stands_beside_an_answer_comes_first(banks: Path) -> None:
    response = Response(beside=Intent.ABOUT_CASE)
    text = await said(follow_up("p2"), replace(OCCASION, covered=["p1"]), response, banks)
    assert text.startswith(tuple(ZH.asides.about_case))
    assert text.endswith("？")


@pytest.mark.parametrize("intent", [Intent.SKIP, Intent.DONT_KNOW, Intent.END])
async def test_who_seems_to_give_up_is_asked_first(intent: Intent) -> None:
    assert await said(move(Move.CONFIRM, reason=intent.value), OCCASION) in ZH.confirm.of(intent)


@pytest.mark.parametrize(
    ("intent", "words"), [(Intent.SKIP, ZH.moving_on.skipped), (Intent.DONT_KNOW, ZH.moving_on.did_not_know)]
)
async def test_who_skips_or_does_not_know_is_not_pressed(intent: Intent, words: list[str]) -> None:
    text = await said(ASK, replace(OCCASION, intent=intent))
    assert text.startswith(tuple(words))
    assert text.endswith(SECOND.text)


async def test_distress_is_met_with_care() -> None:
    occasion = replace(OCCASION, reply="最近压力太大，我快崩溃了，什么都想不出来。")
    assert (await said(ASK, occasion)).startswith(ZH.distress.words)
    assert (await said(move(Move.ASIDE, reason="nerves"), occasion)).startswith(ZH.distress.words)


@pytest.mark.parametrize("reply", ["说实话我不想活了。", "有时候我想伤害自己。"])
async def test_who_may_be_in_danger_is_told_whom_to_turn_to(reply: str) -> None:
    text = await said(ASK, replace(OCCASION, reply=reply))
    assert text.startswith(ZH.distress.words + ZH.distress.help)


async def test_a_reply_without_words_is_met_with_a_request() -> None:
    text = await said(follow_up("p1"), replace(OCCASION, reply="asdkjh qwe", unclear=True))
    assert text.startswith(tuple(ZH.unclear))
    assert text.endswith("您最先做的是什么？")


@pytest.mark.parametrize("kind", [Move.REPEAT, Move.RESUME])
async def test_what_waits_is_repeated_word_for_word(kind: Move) -> None:
    assert (await said(move(kind), OCCASION)).endswith(FIRST.text)
    lines = [interviewer_said(Move.FOLLOW_UP, "客户说完了，您也听完了。接下来由谁拿主意？")]
    waiting = replace(OCCASION, pending_point="p2", lines=lines)
    assert (await said(move(kind), waiting)).endswith("接下来由谁拿主意？")


async def test_a_pause_is_granted() -> None:
    assert await said(move(Move.PAUSE), OCCASION) == ZH.pause


async def test_an_explanation_says_what_is_wanted_and_asks_again() -> None:
    text = await said(move(Move.EXPLAIN), OCCASION)
    assert text.startswith(ZH.explanation.kinds.behavioural)
    assert text.endswith(FIRST.text)
    assert (await said(move(Move.EXPLAIN), OCCASION, Response(spoken="就是说，……"))).startswith("\n\n")


async def test_a_hint_is_the_probe() -> None:
    assert (await said(move(Move.HINT, point_id="p1"), OCCASION)).endswith("您最先做的是什么？")


@pytest.mark.parametrize("point_id", [None, "p2", "p3"])
async def test_where_no_probe_is_safe_there_is_no_hint(point_id: str | None) -> None:
    assert await said(move(Move.HINT, point_id=point_id), OCCASION) == ZH.hints.none_left


async def test_an_assessment_gives_no_hints() -> None:
    occasion = replace(OCCASION, mode="assessment")
    assert await said(move(Move.HINT, point_id="p1"), occasion) == ZH.hints.refused


@pytest.mark.parametrize(
    ("reason", "words"), [("asked_to_end", ZH.closing.asked_to_end), ("time_up", ZH.closing.time_up)]
)
async def test_the_close_says_why_and_what_follows(reason: str, words: str) -> None:
    text = await said(move(Move.CLOSE, reason=reason), replace(OCCASION, mode="assessment"))
    assert text == f"{words}\n{ZH.closing.modes.assessment}"


async def test_after_the_last_question_the_candidate_is_asked_what_they_want_to_know(banks: Path) -> None:
    text = await said(move(Move.INVITE, "follow_ups_used"), replace(OCCASION, covered=["p3"]), banks=banks)
    heard, asked = text.split("\n\n")
    assert heard == "事情了结之后，您还惦记着客户。"
    assert asked in ZH.invitation.first


async def test_what_the_candidate_asks_is_answered_and_they_may_ask_on() -> None:
    inviting = replace(OCCASION, reply="什么时候出结果？", intent=Intent.ABOUT_JOB, inviting=True)
    text = await said(move(Move.INVITE, "about_job"), inviting)
    assert text.startswith(tuple(ZH.asides.about_job))
    assert text.endswith(tuple(ZH.invitation.again))
    close = await said(move(Move.CLOSE, "questions_done"), replace(inviting, reply="没有了"))
    assert close.startswith(ZH.closing.questions_done)


async def test_no_general_line_is_said_twice_while_there_are_others() -> None:
    occasion = replace(OCCASION, reply="先道歉。")
    texts: list[str] = []
    for _ in ZH.heard.short:
        lines = [interviewer_said(Move.FOLLOW_UP, text) for text in texts]
        texts.append(await said(follow_up("p1"), replace(occasion, lines=lines)))
    assert len({text.removesuffix("您最先做的是什么？") for text in texts}) == len(ZH.heard.short)


async def test_another_interview_begins_with_other_words() -> None:
    short = replace(OCCASION, reply="先道歉。")
    heard = {await said(follow_up("p1"), replace(short, seed=str(seed))) for seed in range(9)}
    assert len(heard) > 2


@given(st.text(max_size=200), st.sampled_from(Move), st.sampled_from(ASIDES))
async def test_whatever_is_typed_every_move_has_words_that_leak_nothing(
    reply: str, kind: Move, intent: Intent
) -> None:
    reason = "skip" if kind is Move.CONFIRM else intent.value
    text = await said(move(kind, reason), replace(OCCASION, reply=reply))
    assert text.strip()
    assert not leaks(text, FIRST, [reply])
