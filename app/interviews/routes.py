"""The interview API."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response, status
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, format_sse_event

from app.dependencies import SAME_ORIGIN, public_address
from app.interviews.access.devices import qr_code
from app.interviews.dependencies import Access, Interviews
from app.interviews.schemas import (
    CreatedInterview,
    InterviewView,
    NewDeviceLink,
    NewInterview,
    NewReply,
    Report,
    StateView,
)
from app.interviews.turns.live import Event, StreamPosition

router = APIRouter(prefix="/api/v1/interviews", tags=["interviews"])

_PROBLEM: dict[str, Any] = {
    "content": {
        "application/problem+json": {
            "example": {
                "type": "urn:interviewer:conflict",
                "title": "Not now",
                "status": 409,
                "detail": "a reply is still being answered",
                "hint": "Wait for the interviewer, then send this reply.",
            }
        }
    }
}
_DENIED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, a wrong, expired or revoked one", **_PROBLEM},
    404: {"description": "No such interview", **_PROBLEM},
}
_STREAM: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "Server-sent events. `delta` is a piece of the utterance being written, `offset` in "
        "code points: offset 0 starts it afresh. `message` is a committed line and replaces its deltas. "
        "`state` says where the interview stands. `error` is a problem document.",
        "content": {
            "text/event-stream": {
                "schema": {"type": "string"},
                "example": "event: message\n"
                'data: {"seq":2,"speaker":"candidate","kind":"answer","text":"…","at":"…","question":1}\n'
                "id: 2\n\n"
                "event: state\n"
                'data: {"status":"open","activity":"writing","question":{"number":1,"of":3},'
                '"minutes":{"used":4,"of":120}}\n\n'
                "event: delta\n"
                'data: {"seq":3,"offset":0,"text":"好的，"}\n'
                "id: 3:3\n\n",
            }
        },
    }
}


@router.post(
    "",
    status_code=status.HTTP_201_CREATED,
    summary="Start an interview",
    responses={404: {"description": "No such question bank", **_PROBLEM}},
    dependencies=SAME_ORIGIN,
)
async def create_interview(wanted: NewInterview, service: Interviews) -> CreatedInterview:
    """Plans the questions and lets the interviewer speak first. The token is given only here."""
    return await service.create(wanted)


@router.get("/{interview_id}", summary="The interview and its transcript", responses=_DENIED)
async def get_interview(interview: Access, service: Interviews) -> InterviewView:
    """Status, place and transcript; never the rubric."""
    return await service.view(interview)


@router.post(
    "/{interview_id}/replies",
    summary="Reply to the interviewer",
    response_class=StreamingResponse,
    responses={
        **_STREAM,
        **_DENIED,
        409: {"description": "Not the candidate's turn, ended, or another reply under this id", **_PROBLEM},
        422: {"description": "Empty, too long, or malformed", **_PROBLEM},
    },
    dependencies=SAME_ORIGIN,
)
async def reply(interview: Access, new_reply: NewReply, service: Interviews) -> EventSourceResponse:
    """Stores the reply, then streams the interviewer's answer.

    The answer does not depend on this connection: closing it loses nothing. The same `client_turn_id` again
    gives the same events again, and takes up a turn that failed.
    """
    seq = await service.reply(interview.id, new_reply)
    return _event_stream(service.events_of_turn(interview.id, seq))


@router.get(
    "/{interview_id}/events",
    summary="Follow the interview",
    response_class=StreamingResponse,
    responses={
        **_STREAM,
        **_DENIED,
        204: {"description": "The interview has ended and everything was sent: do not reconnect"},
    },
)
async def follow(
    interview: Access,
    service: Interviews,
    last_event_id: Annotated[
        str, Header(description="Id of the last event seen; `EventSource` sends it.")
    ] = "",
    after: Annotated[str, Query(description="The same for a first connection.")] = "",
) -> Response:
    """All events after `Last-Event-ID`, else from the first line; stays open until the interview ends."""
    position = StreamPosition.parse(last_event_id or after)
    if not await service.has_news(interview.id, position):
        return Response(status_code=status.HTTP_204_NO_CONTENT)
    return _event_stream(service.events(interview.id, position))


@router.post(
    "/{interview_id}/stop",
    summary="Do not wait for the interviewer",
    dependencies=SAME_ORIGIN,
    responses=_DENIED,
)
async def stop(interview: Access, service: Interviews) -> StateView:
    """Ends a turn that takes long: the interviewer answers at once, in the bank's own words.

    Nothing is lost: the reply is still judged. Harmless when the interviewer has answered.
    """
    return await service.stop(interview.id)


@router.post(
    "/{interview_id}/retry", summary="Take up a turn that failed", dependencies=SAME_ORIGIN, responses=_DENIED
)
async def retry(interview: Access, service: Interviews) -> StateView:
    """Answers a reply whose turn failed; does nothing else. Follow the events for the answer."""
    return await service.retry(interview.id)


@router.post(
    "/{interview_id}/device-links",
    status_code=status.HTTP_201_CREATED,
    summary="Go on with the interview on another device",
    responses=_DENIED,
    dependencies=SAME_ORIGIN,
)
async def new_device_link(request: Request, interview: Access, service: Interviews) -> NewDeviceLink:
    """A link that opens the interview once, within 15 minutes; an earlier unused one is void."""
    token, expires_at = await service.devices.create(interview)
    url = public_address(request, f"/d/{token}")
    return NewDeviceLink(url=url, expires_at=expires_at, qr=qr_code(url))


@router.post("/{interview_id}/end", summary="End the interview", dependencies=SAME_ORIGIN, responses=_DENIED)
async def end(interview: Access, service: Interviews) -> StateView:
    """Closes the interview with the interviewer's closing words; harmless when it has ended."""
    return await service.end(interview.id)


@router.get("/{interview_id}/report", summary="The score card", responses=_DENIED)
async def report(interview: Access, service: Interviews) -> Report:
    """Scores with the candidate's own words as evidence, once a practice has ended.

    `released` is false before, and in assessments, whose card recruiters see.
    """
    return await service.report(interview.id)


@router.post(
    "/{interview_id}/judge-again",
    summary="Judge again what could not be scored",
    responses={**_DENIED, 409: {"description": "They are being judged again", **_PROBLEM}},
    dependencies=SAME_ORIGIN,
)
async def judge_again(interview: Access, service: Interviews) -> Report:
    """Scores the answers left `not_scored`, such as when the language model was away; the new report."""
    await service.judge_again(interview.id)
    return await service.report(interview.id)


def _event_stream(events: AsyncIterator[Event | None]) -> EventSourceResponse:
    return EventSourceResponse(
        _encoded(events), headers={"Cache-Control": "no-cache", "X-Accel-Buffering": "no"}
    )


async def _encoded(events: AsyncIterator[Event | None]) -> AsyncIterator[bytes]:
    async for event in events:
        if event is None:
            yield format_sse_event(data_str=None, comment="still here")
        else:
            yield format_sse_event(data_str=event.body, event=event.name, id=event.id)
