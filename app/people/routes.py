"""The API of a person's rights: what is held about them, and its deletion."""

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from app.dependencies import SAME_ORIGIN, Configured
from app.interviews.dependencies import Access, interview_cookie
from app.people import desk_routes
from app.people.dependencies import MineHere, People, forget_cookies
from app.people.retention import due_at
from app.people.schemas import PersonRecord
from app.people.service import Mine

router = APIRouter(prefix="/api/v1", tags=["rights"])
router.include_router(desk_routes.router)

_NO_STORE = {"Cache-Control": "no-store"}
_DENIED: dict[int | str, dict[str, Any]] = {
    401: {"description": "No token, a wrong, expired or revoked one"},
    404: {"description": "No such interview"},
}


class MyInterview(BaseModel):
    """An interview this browser may open; `delete_after` is null for one that is kept until someone asks."""

    id: str
    mode: str
    status: str
    bank: str
    created_at: datetime
    delete_after: datetime | None


@router.get("/me", summary="What this browser may open")
async def my_interviews(settings: Configured, response: Response, mine: MineHere) -> list[MyInterview]:
    """The interviews of the person's cookie, and those whose own cookies are sent, newest first."""
    response.headers.update(_NO_STORE)
    return [
        MyInterview(
            id=each.id,
            mode=each.mode,
            status=each.status,
            bank=each.bank_title,
            created_at=each.created_at,
            delete_after=due_at(each, settings),
        )
        for each in mine.interviews
    ]


@router.get("/me/export", summary="Everything held about me")
async def export_mine(response: Response, mine: MineHere, people: People) -> PersonRecord:
    """The person's record: words, scores, what people decided, disputes, signals, times and invites."""
    response.headers.update(_NO_STORE)
    return await people.record(mine)


@router.delete("/me", status_code=204, summary="Delete everything of mine", dependencies=SAME_ORIGIN)
async def delete_mine(request: Request, mine: MineHere, people: People) -> Response:
    """Deletes the interviews `GET /me` lists, for good, and the person. There is no way back."""
    await people.erase(mine.ids, mine.person)
    response = Response(status_code=204)
    forget_cookies(request, response)
    return response


@router.get("/interviews/{interview_id}/data", summary="Everything held of one interview", responses=_DENIED)
async def export_interview(response: Response, interview: Access, people: People) -> PersonRecord:
    """The person's record with this interview alone."""
    response.headers.update(_NO_STORE)
    return await people.record(Mine(None, [interview]))


class Called(BaseModel):
    """How someone wants to be called."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(max_length=1000)


@router.put(
    "/interviews/{interview_id}/name",
    status_code=204,
    summary="Correct my name",
    responses=_DENIED,
    dependencies=SAME_ORIGIN,
)
async def correct_name(interview: Access, wanted: Called, people: People) -> Response:
    """The name is another one from then on, wherever it is shown or searched for."""
    await people.rename(interview, wanted.name)
    return Response(status_code=204)


@router.delete(
    "/interviews/{interview_id}",
    status_code=204,
    summary="Delete an interview",
    responses=_DENIED,
    dependencies=SAME_ORIGIN,
)
async def delete_interview(interview: Access, people: People) -> Response:
    """Deletes the interview for good, with all that hangs on it. There is no way back."""
    await people.erase([interview.id])
    response = Response(status_code=204)
    response.delete_cookie(interview_cookie(interview.id), httponly=True, samesite="lax")
    return response
