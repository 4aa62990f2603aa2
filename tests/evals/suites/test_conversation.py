from pathlib import Path

import pytest

from app.banks.library import BankLibrary
from app.interviews.flow.moves import Intent
from app.settings import PROJECT_DIR, Settings
from evals.interviews.candidates import Candidate, PlayedPart, Typed, read_candidates
from evals.suites import conversation
from tests.evals.suites.judging import bench_with, statements_judge

BANKS = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
QUESTION = BANKS.question("css-behavioural-3")[2]


def candidate(*turns: Typed) -> Candidate:
    asked = {point.id: f"问到{point.id}才讲的那一段。" for point in QUESTION.points}
    part = {"question": QUESTION.id, "turns": list(turns), "asked": asked, "otherwise": ["我刚才说过了呀。"]}
    return Candidate.model_validate(
        {"id": "one", "personality": "terse", "language": "zh-CN", "questions": [part]}
    )


ANSWER = Typed(kind=Intent.ANSWER, text="为排班的事吵过，各让一步就好了。", full=["p1"])


def test_a_candidate_types_its_turns_then_what_it_is_asked_then_that_it_said_so() -> None:
    played = PlayedPart(candidate(ANSWER).questions[0], QUESTION)
    assert played.reply(None).text == ANSWER.text
    assert "p1" not in played.left_out
    assert played.reply("p2").text == "问到p2才讲的那一段。"
    assert played.reply("p1").text == "我刚才说过了呀。"
    assert played.reply("p2").text == "我刚才说过了呀。"


async def test_an_interview_is_held_with_every_candidate_and_each_turn_is_a_row(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "read_candidates", lambda: [candidate(ANSWER)])
    result = await conversation.run(bench_with(statements_judge(BANKS), settings, tmp_path))
    assert result.figures["conversation.turns"] == len(result.rows) == 3
    assert result.figures["conversation.follow_ups"] == 2
    assert result.figures["conversation.one_question"] == 1
    assert result.figures["conversation.answers_not_judged"] == 0
    assert result.figures["conversation.leaks"] == 0
    assert result.rows[0]["reply"] == ANSWER.text
    assert len(result.rows[0]["left_out"]) == len(QUESTION.points) - 1


async def test_what_is_no_answer_is_seen_to_cost_nothing(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = Typed(kind=Intent.REPEAT, text="请再说一遍")
    monkeypatch.setattr(conversation, "read_candidates", lambda: [candidate(aside, ANSWER)])
    result = await conversation.run(bench_with(statements_judge(BANKS), settings, tmp_path))
    assert result.figures["conversation.non_answers_that_cost"] == 0
    assert result.rows[0]["move"] == "repeat"


async def test_an_interview_that_fails_is_a_row_and_the_others_go_on(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = conversation.hold_interview
    calls = []

    async def failing_once(*given: object) -> object:
        calls.append(given)
        if len(calls) == 1:
            raise conversation.InterviewFailedError("the disk is full")
        return await held(*given)  # type: ignore[arg-type]

    two = [candidate(ANSWER), candidate(ANSWER).model_copy(update={"id": "two"})]
    monkeypatch.setattr(conversation, "read_candidates", lambda: two)
    monkeypatch.setattr(conversation, "hold_interview", failing_once)
    result = await conversation.run(bench_with(statements_judge(BANKS), settings, tmp_path))
    assert result.not_scored == 1
    assert [row["failure"] for row in result.rows if "failure" in row] == ["the disk is full"]
    assert result.figures["conversation.turns"] == 3


async def test_nothing_of_an_interview_is_left_in_the_data_folder(
    fresh_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(conversation, "read_candidates", lambda: [candidate(ANSWER)])
    await conversation.run(bench_with(statements_judge(BANKS), fresh_settings, tmp_path / "run"))
    assert not fresh_settings.data_dir.exists()


def test_the_shipped_candidates_ask_about_questions_that_are_there() -> None:
    for one in read_candidates():
        for part in one.questions:
            points = {point.id for point in BANKS.question(part.question)[2].points}
            named = {*part.asked, *(point for typed in part.turns for point in (*typed.full, *typed.half))}
            assert named <= points, one.id
