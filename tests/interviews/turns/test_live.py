import json
from datetime import UTC, datetime

import pytest

from app.errors import BadInputError
from app.interviews.schemas import Activity, Minutes, QuestionPlace, StateView, TranscriptLine
from app.interviews.turns.live import Event, Follower, LiveUtterances, StreamPosition


def state(activity: Activity = "idle") -> StateView:
    return StateView(
        status="open",
        activity=activity,
        question=QuestionPlace(number=1, of=3),
        minutes=Minutes(used=0, of=60),
    )


def line(seq: int, text: str = "said") -> TranscriptLine:
    return TranscriptLine(
        seq=seq, speaker="interviewer", kind="ask", text=text, at=datetime(2026, 1, 1, tzinfo=UTC)
    )


def deltas(follower: Follower) -> list[tuple[int, str]]:
    news = [json.loads(event.body) for event in follower.news() if event.name == "delta"]
    return [(piece["offset"], piece["text"]) for piece in news]


@pytest.mark.parametrize(
    ("event_id", "position"),
    [
        ("", StreamPosition()),
        ("3", StreamPosition(3)),
        ("3:17", StreamPosition(2, 17)),
        ("3:17:a1b2c3", StreamPosition(2, 17, "a1b2c3")),
    ],
)
def test_an_event_id_names_the_place_to_go_on_from(event_id: str, position: StreamPosition) -> None:
    assert StreamPosition.parse(event_id) == position


@pytest.mark.parametrize("event_id", ["x", "-1", "3:", "3:x", "٣", "3:4:5:6", "9" * 10, "3\n"])
def test_a_made_up_event_id_is_refused(event_id: str) -> None:
    with pytest.raises(BadInputError, match="Last-Event-ID"):
        StreamPosition.parse(event_id)


def test_a_follower_sees_pieces_then_the_committed_line_then_the_state() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        live.start_turn("i", [], state("writing"))
        utterance = live.begin("i", 1)
        utterance.append("你好，")
        first = list(follower.news())
        utterance.append("请")
        second = list(follower.news())
        live.publish("i", [line(1, "你好，请")], state())
        third = list(follower.news())

    assert [event.name for event in first] == ["state", "delta"]
    assert json.loads(second[0].body) == {"seq": 1, "offset": 3, "text": "请"}
    assert second[0].id == f"1:4:{utterance.wording}"
    assert [(event.name, event.id) for event in third] == [("message", "1"), ("state", None)]
    assert list(follower.news()) == []


def test_a_slow_follower_gets_the_pieces_in_one() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        utterance = live.begin("i", 1)
        for piece in "abc":
            utterance.append(piece)

        assert deltas(follower) == [(0, "abc")]


def test_a_follower_that_comes_back_gets_the_rest_of_the_utterance() -> None:
    live = LiveUtterances()
    utterance = live.begin("i", 3)
    utterance.append("half said")

    with live.follow("i", StreamPosition.parse(f"3:5:{utterance.wording}")) as follower:
        assert deltas(follower) == [(5, "said")]
    with live.follow("i", StreamPosition.parse("3:5")) as follower:
        assert deltas(follower) == [(5, "said")]


def test_another_wording_starts_again_from_the_beginning() -> None:
    live = LiveUtterances()
    live.begin("i", 3).append("the new wording")

    with live.follow("i", StreamPosition.parse("3:5:old123")) as follower:
        assert deltas(follower) == [(0, "the new wording")]


def test_a_restarted_utterance_reaches_a_follower_from_the_beginning() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        old = live.begin("i", 1)
        old.append("first try")
        list(follower.news())
        live.begin("i", 1).append("second")
        old.append(" goes on")

        assert deltas(follower) == [(0, "second")]


def test_a_committed_line_silences_the_utterance_it_replaces() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        utterance = live.begin("i", 1)
        utterance.append("being said")
        live.publish("i", [line(1, "the end")], state())
        utterance.append(" still")

        assert [event.name for event in follower.news()] == ["message", "state"]


def test_a_problem_ends_the_utterance_and_meets_late_followers_until_the_next_turn() -> None:
    live = LiveUtterances()
    live.begin("i", 1).append("x")
    live.fail("i", {"title": "no"}, state())

    with live.follow("i", StreamPosition()) as follower:
        assert [event.name for event in follower.news()] == ["error", "state"]
        assert follower.failed
    live.start_turn("i", [], state("reading"))
    with live.follow("i", StreamPosition()) as follower:
        assert [event.name for event in follower.news()] == ["state"]


def test_a_state_read_before_something_happened_is_ignored() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        revision = follower.revision
        live.publish("i", [line(1)], state())
        follower.add([line(1)], state("reading"), revision)

        assert [json.loads(e.body)["activity"] for e in follower.news() if e.name == "state"] == ["idle"]


def test_lines_another_process_committed_are_a_gap_until_they_are_added() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition(1)) as follower:
        live.publish("i", [line(4)], state())
        before: list[Event] = [event for event in follower.news() if event.name == "message"]
        gap = follower.has_gap
        follower.add([line(2), line(3), line(4)], state(), follower.revision)

        assert before == []
        assert gap
        assert [event.id for event in follower.news()] == ["2", "3", "4"]


async def test_waiting_ends_with_news_or_with_time() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()) as follower:
        assert not await follower.wait(0.01)
        live.publish("i", [line(1)], state())
        assert await follower.wait(0.01)


def test_an_idle_interview_nobody_follows_leaves_nothing_behind() -> None:
    live = LiveUtterances()
    with live.follow("i", StreamPosition()):
        live.start_turn("i", [], state("reading"))
    assert live.state("i") is not None

    live.publish("i", [line(1)], state())

    assert live.state("i") is None
