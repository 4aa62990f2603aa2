from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.interviews.flow.moves import (
    ASKS_BACK,
    GIVES_UP,
    FlowState,
    Intent,
    Limits,
    Move,
    NextMove,
    QuestionView,
    next_move,
    opening,
)

LIMITS = Limits(follow_ups=1, questions=10, minutes=60)
NOTHING = QuestionView()


def view(**credits: float | None) -> QuestionView:
    return QuestionView(tuple(credits), dict.fromkeys(credits, 1.0), credits)


def move_after(
    intent: Intent,
    state: FlowState | None = None,
    question: QuestionView = NOTHING,
    limits: Limits = LIMITS,
    minutes: float = 0,
    of: int = 3,
) -> NextMove:
    return next_move(state or FlowState(question=1), intent, question, limits, minutes, of)


def test_the_opening_greets_and_asks_the_first_question() -> None:
    assert opening(3) == NextMove(Move.GREET, FlowState(question=1), reason="opening")


def test_an_interview_without_questions_closes_at_once() -> None:
    assert opening(0).move is Move.CLOSE
    assert opening(0).state.status == "ended"


@pytest.mark.parametrize(
    ("intent", "move", "question", "reason"),
    [
        (Intent.ANSWER, Move.ASK, 2, "nothing_to_follow_up"),
        (Intent.DONT_KNOW, Move.ASK, 2, "did_not_know"),
        (Intent.SKIP, Move.ASK, 2, "skipped"),
        (Intent.REPEAT, Move.REPEAT, 1, "asked_to_repeat"),
        (Intent.EXPLAIN, Move.EXPLAIN, 1, "asked_to_explain"),
        (Intent.RESUME, Move.REPEAT, 1, "asked_to_resume"),
        (Intent.HINT, Move.HINT, 1, "no_hint"),
        (Intent.PAUSE, Move.PAUSE, 1, "asked_to_pause"),
        (Intent.END, Move.CLOSE, 1, "asked_to_end"),
        (Intent.ABOUT_JOB, Move.ASIDE, 1, "about_job"),
        (Intent.GREETING, Move.ASIDE, 1, "greeting"),
    ],
)
def test_each_intent_has_its_move(intent: Intent, move: Move, question: int, reason: str) -> None:
    following = move_after(intent)
    assert (following.move, following.state.question, following.reason) == (move, question, reason)


def test_an_answer_with_a_gap_is_followed_up_once() -> None:
    first = move_after(Intent.ANSWER, question=view(p1=1, p2=0))
    assert (first.move, first.point_id, first.state.pending_point) == (Move.FOLLOW_UP, "p2", "p2")
    second = move_after(Intent.ANSWER, first.state, view(p1=1, p2=0))
    assert (second.move, second.state) == (Move.ASK, FlowState(question=2))


@pytest.mark.parametrize("intent", [Intent.DONT_KNOW, Intent.SKIP])
def test_who_does_not_know_or_skips_is_not_followed_up(intent: Intent) -> None:
    assert move_after(intent, question=view(p1=0)).move is Move.ASK


@pytest.mark.parametrize(
    ("weights", "credits", "asked", "target"),
    [
        ({"a": 1, "b": 2, "c": 1}, {"a": 0, "b": 0, "c": 0}, (), "b"),
        ({"a": 1, "b": 2, "c": 1}, {"a": 0, "b": 1, "c": 0}, (), "a"),
        ({"a": 1, "b": 2, "c": 1}, {"a": 0, "b": 0, "c": 0}, ("b",), "a"),
        ({"a": 1, "b": 1}, {"a": 0.5, "b": 0}, (), "b"),
        ({"a": 2, "b": 1}, {"a": 0.5, "b": 0}, (), "a"),
        ({"a": 1, "b": 1}, {"a": 0.5, "b": 0.5}, (), "a"),
        ({"a": 3, "b": 1}, {"a": None, "b": 0}, (), "b"),
        ({"a": 3, "b": 1}, {"b": 0}, (), "b"),
        ({"a": 1, "b": 1}, {"a": 1, "b": 1}, (), None),
        ({"a": 1, "b": 1}, {"a": None, "b": None}, (), None),
        ({"a": 1, "b": 1}, {"a": 0, "b": 1}, ("a",), None),
    ],
)
def test_a_follow_up_aims_at_the_heaviest_open_point(
    weights: dict[str, float], credits: dict[str, float | None], asked: tuple[str, ...], target: str | None
) -> None:
    state = FlowState(question=1, asked_points=asked)
    following = move_after(Intent.ANSWER, state, QuestionView(tuple(weights), weights, credits))
    assert following.point_id == target
    assert following.move is (Move.FOLLOW_UP if target else Move.ASK)


def test_a_question_that_could_not_be_scored_does_not_hold_the_interview_up() -> None:
    assert move_after(Intent.ANSWER, question=view(p1=None, p2=None)).move is Move.ASK


def test_no_follow_ups_are_asked_when_none_are_allowed() -> None:
    limits = replace(LIMITS, follow_ups=0)
    assert move_after(Intent.ANSWER, question=view(p1=0), limits=limits).move is Move.ASK


@pytest.mark.parametrize(("of", "most"), [(1, 10), (5, 1)])
def test_after_the_last_question_the_interview_closes(of: int, most: int) -> None:
    following = move_after(Intent.ANSWER, limits=replace(LIMITS, questions=most), of=of)
    assert (following.move, following.state.status) == (Move.CLOSE, "ended")


@pytest.mark.parametrize("intent", [i for i in Intent if i is not Intent.END])
def test_when_time_is_up_the_interview_closes_after_the_reply(intent: Intent) -> None:
    following = move_after(intent, question=view(p1=0), minutes=60)
    assert (following.move, following.reason) == (Move.CLOSE, "time_up")


@pytest.mark.parametrize("intent", sorted(GIVES_UP))
def test_what_was_not_said_in_so_many_words_gives_nothing_up(intent: Intent) -> None:
    state = FlowState(question=1, follow_ups_used=1, pending_point="p2", asked_points=("p2",))
    asked = next_move(state, intent, view(p1=0), LIMITS, 0, 3, said_so=False)
    assert (asked.move, asked.point_id) == (Move.CONFIRM, "p2")
    assert asked.state == replace(state, offered=intent)
    assert move_after(Intent.ANSWER, asked.state, view(p1=1)).state.offered is None


ASIDES = list(Intent)[list(Intent).index(Intent.HINT) + 1 :]


@pytest.mark.parametrize("intent", ASIDES)
def test_what_is_no_answer_changes_nothing(intent: Intent) -> None:
    state = FlowState(question=1, follow_ups_used=1, pending_point="p2", asked_points=("p2",))
    following = move_after(intent, state, view(p1=0))
    assert (following.move, following.state, following.point_id) == (Move.ASIDE, state, "p2")


def test_a_follow_up_already_found_is_asked_if_its_point_is_open() -> None:
    question = replace(view(p1=0, p2=0, p3=1), aim="p2")
    assert move_after(Intent.ANSWER, question=question).point_id == "p2"
    assert move_after(Intent.ANSWER, question=replace(question, aim="p3")).point_id == "p1"
    asked = FlowState(question=1, asked_points=("p2",))
    assert move_after(Intent.ANSWER, asked, question).point_id == "p1"


def test_a_point_that_may_have_been_said_waits_behind_one_that_was_not() -> None:
    question = replace(view(p1=0, p2=0), certainty={"p1": 0.5, "p2": 0.9})
    assert move_after(Intent.ANSWER, question=question).point_id == "p2"


INVITING = FlowState(question=3, inviting=True)


def test_after_the_last_question_the_candidate_may_ask_back_where_that_is_wanted() -> None:
    invites = replace(LIMITS, invites=True)
    asked = move_after(Intent.ANSWER, FlowState(question=3), limits=invites)
    assert (asked.move, asked.state) == (Move.INVITE, INVITING)
    assert move_after(Intent.SKIP, FlowState(question=3), limits=invites).move is Move.INVITE


@pytest.mark.parametrize("intent", sorted(ASKS_BACK))
def test_a_question_of_the_candidates_is_answered_and_another_one_may_follow(intent: Intent) -> None:
    assert move_after(intent, INVITING) == NextMove(Move.INVITE, INVITING, reason=intent.value)


@pytest.mark.parametrize("intent", [Intent.ANSWER, Intent.GREETING, Intent.END, Intent.SKIP])
def test_whatever_asks_nothing_ends_the_interview(intent: Intent) -> None:
    assert move_after(intent, INVITING).state.status == "ended"


def test_a_repeat_says_which_follow_up_waits() -> None:
    waiting = FlowState(question=1, follow_ups_used=1, pending_point="p2", asked_points=("p2",))
    for intent in (Intent.REPEAT, Intent.EXPLAIN, Intent.PAUSE, Intent.RESUME):
        following = move_after(intent, waiting)
        assert following.point_id == "p2"
        assert replace(following.state, status="open") == waiting


def test_resuming_repeats_what_waited_and_changes_nothing_else() -> None:
    waiting = FlowState(question=2, follow_ups_used=1, pending_point="p2", asked_points=("p2",))
    paused = move_after(Intent.PAUSE, waiting).state
    assert paused.status == "paused"
    resumed = move_after(Intent.RESUME, paused)
    assert (resumed.move, resumed.state, resumed.point_id) == (Move.RESUME, waiting, "p2")


def test_an_answer_resumes_a_paused_interview_and_counts() -> None:
    paused = FlowState(status="paused", question=1)
    assert move_after(Intent.ANSWER, paused).state == FlowState(question=2)


def test_a_paused_interview_can_be_ended() -> None:
    assert move_after(Intent.END, FlowState(status="paused", question=1)).state.status == "ended"


def test_points_without_a_verdict_are_asked_about_when_the_replies_hardly_touch_them() -> None:
    question = QuestionView(("a", "b"), {"a": 1, "b": 1}, {}, {"a": 0.9, "b": 0.1})
    assert move_after(Intent.ANSWER, question=question).point_id == "b"


def test_points_nothing_is_known_about_are_not_followed_up() -> None:
    assert move_after(Intent.ANSWER, question=QuestionView(("a",), {"a": 1})).move is Move.ASK


def test_hints_go_through_what_is_not_fully_credited_and_are_not_asked_again() -> None:
    question = QuestionView(("a", "b"), {"a": 1, "b": 2}, {})
    first = move_after(Intent.HINT, question=question)
    second = move_after(Intent.HINT, first.state, question)
    third = move_after(Intent.HINT, second.state, question)
    assert [m.point_id for m in (first, second, third)] == ["b", "a", None]
    assert third.state.follow_ups_used == 0


def test_where_hints_are_not_given_asking_for_one_costs_nothing() -> None:
    state = FlowState(question=1)
    following = move_after(Intent.HINT, state, view(p1=0), replace(LIMITS, hints=False))
    assert (following.point_id, following.state) == (None, state)


states = st.builds(
    FlowState,
    status=st.sampled_from(["open", "paused", "ended"]),
    question=st.integers(0, 6),
    follow_ups_used=st.integers(0, 4),
    pending_point=st.sampled_from([None, "a", "b"]),
    asked_points=st.lists(st.sampled_from("abcd"), unique=True).map(tuple),
    offered=st.sampled_from([None, *Intent]),
    inviting=st.booleans(),
)
limits = st.builds(Limits, st.integers(0, 3), st.integers(1, 6), st.integers(1, 90), st.booleans())
views = st.builds(
    lambda weights, credits: QuestionView(tuple("abcd"), dict(zip("abcd", weights, strict=True)), credits),
    st.lists(st.floats(0.1, 5), min_size=4, max_size=4),
    st.dictionaries(st.sampled_from("abcd"), st.sampled_from([None, 0.0, 0.5, 1.0])),
)
intents = st.sampled_from(Intent)


@given(states)
def test_a_state_survives_storage(state: FlowState) -> None:
    assert FlowState.from_dict(state.to_dict()) == state


@given(states, intents, views, limits, st.floats(0, 100))
def test_one_move_keeps_every_promise(
    state: FlowState, intent: Intent, question: QuestionView, limits: Limits, minutes: float
) -> None:
    following = next_move(state, intent, question, limits, minutes, of=5)
    after = following.state
    assert after.question >= state.question
    assert after.question <= state.question + 1
    if state.status == "ended":
        assert (following.move, after) == (Move.CLOSE, state)
    if after.status == "ended" and state.status != "ended":
        assert following.move is Move.CLOSE
    if state.status != "ended":
        assert after.offered is None
    if after.status == "paused":
        assert intent is Intent.PAUSE
    if following.move is Move.FOLLOW_UP:
        assert intent is Intent.ANSWER
        assert after.follow_ups_used <= limits.follow_ups
        assert following.point_id not in state.asked_points
        assert question.credits[str(following.point_id)] in (0, 0.5)
    if following.move is Move.ASK:
        assert (after.follow_ups_used, after.pending_point, after.asked_points) == (0, None, ())


@given(st.lists(st.tuples(intents, views)), limits, st.integers(1, 6))
def test_follow_ups_never_exceed_their_limit_in_a_whole_interview(
    replies: list[tuple[Intent, QuestionView]], limits: Limits, of: int
) -> None:
    state = opening(of).state
    asked: dict[int, int] = {}
    for intent, question in replies:
        following = next_move(state, intent, question, limits, 0, of)
        state = following.state
        if following.move is Move.FOLLOW_UP:
            asked[state.question] = asked.get(state.question, 0) + 1
    assert all(count <= limits.follow_ups for count in asked.values())
    assert state.question <= min(of, limits.questions)


@given(st.data(), limits, st.integers(1, 6))
def test_answers_alone_end_every_interview(data: st.DataObject, limits: Limits, of: int) -> None:
    state = opening(of).state
    for _ in range(min(of, limits.questions) * (limits.follow_ups + 1)):
        state = next_move(state, Intent.ANSWER, data.draw(views), limits, 0, of).state
    assert state.status == "ended"
