"""Who may take part in an interview: the holder of its token, as bearer or in a cookie."""

import re
from typing import Annotated

from fastapi import Depends, Path, Request, Response, Security
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from app.db.tables import Interview
from app.dependencies import room, room_of
from app.interviews.disputes import DisputeService
from app.interviews.practice.service import PracticeService
from app.interviews.repository import missing
from app.interviews.service import InterviewService
from app.settings import Settings

PERSON_COOKIE = "person"
_ID = re.compile(r"[0-9a-f]{32}")
_SECONDS_A_DAY = 24 * 60 * 60

Interviews = Annotated[InterviewService, Depends(room(InterviewService))]
Disputes = Annotated[DisputeService, Depends(room(DisputeService))]
Practices = Annotated[PracticeService, Depends(room(PracticeService))]
_bearer = HTTPBearer(auto_error=False, description="The token an interview is created with.")


def interview_cookie(interview_id: str) -> str:
    """Name of the HttpOnly cookie that may hold the token."""
    return f"interview_{interview_id}"


async def interview_access(
    request: Request,
    interview_id: Annotated[str, Path(description="Id of the interview.")],
    interviews: Interviews,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Interview:
    """The interview, if the request may open it. Raises `NotFoundError` and `NotAllowedError`.

    A bearer token stands alone; a browser's cookie of the interview, or of its person, opens it too.
    """
    if _ID.fullmatch(interview_id) is None:
        raise missing(interview_id)
    if bearer is not None:
        return await interviews.admit(interview_id, bearer.credentials)
    return await interviews.admit(
        interview_id,
        request.cookies.get(interview_cookie(interview_id)),
        request.cookies.get(PERSON_COOKIE),
    )


Access = Annotated[Interview, Depends(interview_access)]


def remember(request: Request, response: Response, name: str, token: str) -> None:
    """Let this browser keep a token for as long as tokens last."""
    response.set_cookie(
        name,
        token,
        max_age=room_of(request, Settings).token_days * _SECONDS_A_DAY,
        httponly=True,
        samesite="lax",
        secure=request.url.scheme == "https",
    )


def remember_interview(request: Request, response: Response, interview_id: str, token: str) -> None:
    """Let this browser take part in an interview."""
    remember(request, response, interview_cookie(interview_id), token)
