"""What happens next in an interview: a pure state machine over intents, credits and limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Literal

Mode = Literal["practice", "assessment"]
Status = Literal["open", "paused", "ended"]

HARDLY_TOUCHED = 0.25
"""Less likely touched than this, a point that could not be judged may be asked about."""


class Intent(StrEnum):
    """What a reply wants. Only `ANSWER` and `DONT_KNOW` replies are judged; the flow acts on the next eight.

    All below `HINT` get a line and the question again, and cost nothing. `WAVERS` is kept of a reply that
    seemed to give up without saying so in so many words.
    """

    ANSWER = "answer"
    DONT_KNOW = "dont_know"
    SKIP = "skip"
    END = "end"
    PAUSE = "pause"
    RESUME = "resume"
    REPEAT = "repeat"
    EXPLAIN = "explain"
    HINT = "hint"
    ABOUT_JOB = "about_job"
    ABOUT_INTERVIEWER = "about_interviewer"
    ABOUT_CASE = "about_case"
    TIME = "time"
    EXAMPLE = "example"
    NERVES = "nerves"
    DECLINES = "declines"
    TROUBLE = "trouble"
    COMPLAINT = "complaint"
    DEMAND = "demand"
    LANGUAGE = "language"
    GREETING = "greeting"
    OFF_TOPIC = "off_topic"
    WAVERS = "wavers"


GIVES_UP = frozenset({Intent.DONT_KNOW, Intent.SKIP, Intent.END})
"""What can't be taken back: done when it was said in so many words, else asked about first."""


ASKS_BACK = frozenset(
    {Intent.ABOUT_JOB, Intent.ABOUT_INTERVIEWER, Intent.ABOUT_CASE, Intent.TIME, Intent.REPEAT}
)
"""What goes on with the candidate's own questions at the end; all else ends the interview."""


class Move(StrEnum):
    """The kinds of interviewer utterances. `GREET` holds the first question, `ASK` every later one.

    `ASIDE` answers what is no answer, `CONFIRM` asks whether to give up the question or the interview,
    `INVITE` asks after the last question what the candidate would like to know.
    """

    GREET = "greet"
    ASK = "ask"
    FOLLOW_UP = "follow_up"
    REPEAT = "repeat"
    EXPLAIN = "explain"
    PAUSE = "pause"
    RESUME = "resume"
    CLOSE = "close"
    HINT = "hint"
    ASIDE = "aside"
    CONFIRM = "confirm"
    INVITE = "invite"


@dataclass(frozen=True)
class Limits:
    """`follow_ups` a question, `questions` and `minutes` an interview; `hints` is false in assessments.

    `invites` lets the candidate ask back at the end.
    """

    follow_ups: int
    questions: int
    minutes: int
    hints: bool = True
    invites: bool = False


@dataclass(frozen=True)
class FlowState:
    """Where an interview stands. `question` is 1-based, 0 before the first.

    `pending_point` is the rubric point the follow-up now waiting for a reply aims at, `None` while the
    bank's question itself waits. `asked_points` were aimed at in this question, by follow-up or hint.
    `offered` is what a plain yes would now do. `inviting` is true once the candidate may ask back.
    """

    status: Status = "open"
    question: int = 0
    follow_ups_used: int = 0
    pending_point: str | None = None
    asked_points: tuple[str, ...] = ()
    offered: Intent | None = None
    inviting: bool = False

    def to_dict(self) -> dict[str, Any]:
        """The state as plain JSON values."""
        return {
            "status": self.status,
            "question": self.question,
            "follow_ups_used": self.follow_ups_used,
            "pending_point": self.pending_point,
            "asked_points": list(self.asked_points),
            "offered": self.offered.value if self.offered else None,
            "inviting": self.inviting,
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "FlowState":
        """The state that `to_dict` gave. Raises `KeyError` when a field is missing."""
        return cls(
            status=stored["status"],
            question=stored["question"],
            follow_ups_used=stored["follow_ups_used"],
            pending_point=stored["pending_point"],
            asked_points=tuple(stored["asked_points"]),
            # States stored before there were offers and invitations have none.
            offered=Intent(offered) if (offered := stored.get("offered")) else None,
            inviting=stored.get("inviting", False),
        )


@dataclass(frozen=True)
class QuestionView:
    """The current question's rubric as the flow sees it: ids in bank order, weights, credits so far.

    A credit is 0, 0.5 or 1; `None` or absent means not scored. `touched` says how likely the replies touch a
    point, 0..1, where there is no verdict on it; `certainty`, 0..1, how sure a verdict is, where that is
    known. `aim` is the point that a follow-up already found is about.
    """

    point_ids: tuple[str, ...] = ()
    weights: Mapping[str, float] = field(default_factory=dict)
    credits: Mapping[str, float | None] = field(default_factory=dict)
    touched: Mapping[str, float] = field(default_factory=dict)
    certainty: Mapping[str, float] = field(default_factory=dict)
    aim: str | None = None

    def missing(self) -> list[str]:
        """Points that lack credit, and those without a verdict that the replies hardly touch."""
        return [
            p
            for p in self.point_ids
            if self.credits.get(p) in (0, 0.5)
            or (self.credits.get(p) is None and self.touched.get(p, 1.0) < HARDLY_TOUCHED)
        ]


@dataclass(frozen=True)
class NextMove:
    """The interviewer's next utterance, the state after it, and why.

    `point_id` is the point a `FOLLOW_UP` or `HINT` aims at; for moves that leave the question where it is
    the pending one, if a follow-up is what waits for a reply.
    """

    move: Move
    state: FlowState
    point_id: str | None = None
    reason: str = ""


def opening(of: int) -> NextMove:
    """The greeting, which ends with question 1 of `of`; with nothing to ask, the closing words."""
    if of < 1:
        return _close(FlowState(), "questions_done")
    return NextMove(Move.GREET, FlowState(question=1), reason="opening")


def next_move(
    state: FlowState,
    intent: Intent,
    question: QuestionView,
    limits: Limits,
    minutes_used: float,
    of: int,
    *,
    said_so: bool = True,
) -> NextMove:
    """What the interviewer does after a reply of this intent; credits in `question` include that reply.

    `minutes_used` counts the time the interview was open, `of` the questions planned. `said_so` is false
    where the intent was not expressed in so many words. Every reply but a further `PAUSE` resumes a paused
    interview and is then acted on. Total: every state and intent has a move.
    """
    if state.status == "ended":
        return NextMove(Move.CLOSE, state, reason="already_ended")
    state = replace(state, offered=None)
    if intent is Intent.END and said_so:
        return _close(state, "asked_to_end")
    if minutes_used >= limits.minutes:
        return _close(state, "time_up")
    if intent is Intent.PAUSE:
        return NextMove(Move.PAUSE, replace(state, status="paused"), state.pending_point, "asked_to_pause")
    was_paused = state.status == "paused"
    state = replace(state, status="open")
    if state.inviting:
        return (
            NextMove(Move.INVITE, state, reason=intent.value)
            if intent in ASKS_BACK
            else _close(state, "questions_done")
        )
    if intent in GIVES_UP and not said_so:
        return NextMove(Move.CONFIRM, replace(state, offered=intent), state.pending_point, intent.value)
    match intent:
        case Intent.ANSWER:
            return _after_answer(state, question, limits, of)
        case Intent.RESUME:
            move = Move.RESUME if was_paused else Move.REPEAT
            return NextMove(move, state, state.pending_point, "asked_to_resume")
        case Intent.REPEAT:
            return NextMove(Move.REPEAT, state, state.pending_point, "asked_to_repeat")
        case Intent.EXPLAIN:
            return NextMove(Move.EXPLAIN, state, state.pending_point, "asked_to_explain")
        case Intent.HINT:
            return _hint(state, question, limits)
        case Intent.SKIP:
            return _move_on(state, limits, of, "skipped")
        case Intent.DONT_KNOW:
            return _move_on(state, limits, of, "did_not_know")
        case _:
            return NextMove(Move.ASIDE, state, state.pending_point, intent.value)


def _after_answer(state: FlowState, question: QuestionView, limits: Limits, of: int) -> NextMove:
    if state.follow_ups_used >= limits.follow_ups:
        return _move_on(state, limits, of, "follow_ups_used")
    missing = question.missing()
    aimed = question.aim in missing and question.aim not in state.asked_points
    point_id = question.aim if aimed else _heaviest(missing, state, question)
    if point_id is None:
        return _move_on(state, limits, of, "nothing_to_follow_up")
    followed = replace(
        state,
        follow_ups_used=state.follow_ups_used + 1,
        pending_point=point_id,
        asked_points=(*state.asked_points, point_id),
    )
    return NextMove(Move.FOLLOW_UP, followed, point_id, "open_point")


def _hint(state: FlowState, question: QuestionView, limits: Limits) -> NextMove:
    # Before the first reply nothing is judged, so a hint may aim at anything that is not yet fully credited.
    missing = [p for p in question.point_ids if question.credits.get(p) != 1]
    point_id = _heaviest(missing, state, question) if limits.hints else None
    if point_id is None:
        return NextMove(Move.HINT, state, reason="no_hint")
    hinted = replace(state, asked_points=(*state.asked_points, point_id))
    return NextMove(Move.HINT, hinted, point_id, "asked_for_hint")


def _heaviest(candidates: list[str], state: FlowState, question: QuestionView) -> str | None:
    fresh = [p for p in candidates if p not in state.asked_points]
    # Credit 0 before 0.5: what was not touched at all says more than what was said by halves. A verdict that
    # may be wrong weighs less: to ask what was just said is worse than to ask for something smaller.
    return min(
        fresh,
        key=lambda p: (
            -question.weights.get(p, 1.0) * question.certainty.get(p, 1.0),
            question.credits.get(p) or 0,
            question.point_ids.index(p),
        ),
        default=None,
    )


def _move_on(state: FlowState, limits: Limits, of: int, reason: str) -> NextMove:
    if state.question >= min(of, limits.questions):
        if limits.invites:
            return NextMove(Move.INVITE, FlowState(question=state.question, inviting=True), reason=reason)
        return _close(state, "questions_done")
    return NextMove(Move.ASK, FlowState(question=state.question + 1), reason=reason)


def _close(state: FlowState, reason: str) -> NextMove:
    return NextMove(Move.CLOSE, replace(state, status="ended", pending_point=None), reason=reason)
