"""Who may take part in an interview: the holder of its token, as bearer or as the pages' cookie."""

import hmac
import re
from typing import Annotated

from fastapi import Depends, Path, Request, Security
from fastapi.security import HTTPBearer
from fastapi.security.http import HTTPAuthorizationCredentials

from app.db.tables import Interview, now
from app.errors import NotAllowedError, NotFoundError
from app.interviews.service import InterviewService, hash_token

_ID = re.compile(r"[0-9a-f]{32}")
_bearer = HTTPBearer(auto_error=False, description="The token an interview is created with.")


def interview_service(request: Request) -> InterviewService:
    """The service of this app."""
    service: InterviewService = request.app.state.interviews
    return service


def interview_cookie(interview_id: str) -> str:
    """Name of the HttpOnly cookie that may hold the token."""
    return f"interview_{interview_id}"


async def interview_access(
    request: Request,
    interview_id: Annotated[str, Path(description="Id of the interview.")],
    service: Annotated[InterviewService, Depends(interview_service)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)],
) -> Interview:
    """The interview, if the request holds its token. Raises `NotFoundError` and `NotAllowedError`."""
    if _ID.fullmatch(interview_id) is None:
        raise NotFoundError("there is no such interview", hint="Check the address, or start a new one.")
    interview = await service.find(interview_id)
    token = bearer.credentials if bearer else request.cookies.get(interview_cookie(interview_id))
    check_token(interview, token)
    return interview


def check_token(interview: Interview, token: str | None) -> None:
    """Raises `NotAllowedError` for a missing, wrong or expired token."""
    if not token:
        raise NotAllowedError(
            "the interview's token is missing", hint="Send `Authorization: Bearer <token>`."
        )
    if not hmac.compare_digest(hash_token(token), interview.token_hash):
        raise NotAllowedError(
            "the token does not fit this interview", hint="Use the token this interview was created with."
        )
    if interview.expires_at < now():
        raise NotAllowedError(
            "the token has expired", hint="Ask for a new interview, or raise INTERVIEWER_TOKEN_DAYS."
        )


Access = Annotated[Interview, Depends(interview_access)]
