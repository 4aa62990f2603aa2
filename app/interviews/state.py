"""An interview's lines and state: kept in its rows, shown by the API."""

from datetime import datetime, timedelta
from typing import cast

from app.db.tables import Interview, Utterance
from app.interviews.flow.moves import FlowState, Status
from app.interviews.schemas import Activity, Minutes, QuestionPlace, Speaker, StateView, TranscriptLine


def line_view(line: Utterance) -> TranscriptLine:
    """A line of the transcript."""
    return TranscriptLine(
        seq=line.seq,
        speaker=cast(Speaker, line.speaker),
        kind=line.kind,
        text=line.text,
        at=line.at,
        question=line.question_number,
    )


def state_view(interview: Interview, activity: Activity, at: datetime) -> StateView:
    """Where the interview stands at the time `at`."""
    return StateView(
        status=cast(Status, interview.status),
        activity=activity,
        question=question_place(interview),
        minutes=Minutes(used=int(minutes_used(interview, at)), of=interview.settings["minutes"]),
    )


def question_place(interview: Interview) -> QuestionPlace:
    """The question it is at, of those planned."""
    state = FlowState.from_dict(interview.state)
    return QuestionPlace(number=state.question, of=interview.settings["of"])


def minutes_used(interview: Interview, at: datetime) -> float:
    """Minutes from the greeting to `at` or the end, without the pauses."""
    if interview.started_at is None:
        return 0.0
    until = interview.paused_at or interview.ended_at or at
    seconds = (until - interview.started_at).total_seconds() - interview.paused_seconds
    return max(seconds, 0.0) / 60


def store_state(interview: Interview, state: FlowState, at: datetime) -> None:
    """Store the flow's new state and start, stop or hold the clock accordingly."""
    interview.started_at = interview.started_at or at
    if interview.paused_at is not None and state.status != "paused":
        interview.paused_seconds += (at - interview.paused_at).total_seconds()
        interview.paused_at = None
    if state.status == "paused":
        interview.paused_at = interview.paused_at or at
    if state.status == "ended":
        interview.ended_at = interview.ended_at or at
        if days := interview.settings.get("retention_days"):
            interview.delete_after = interview.ended_at + timedelta(days=days)
    interview.status = state.status
    interview.state = state.to_dict()
