"""Cookies that open interviews: scripts can't read them, and other sites can't send them."""

from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import room_of
from app.interviews.dependencies import interview_cookie
from app.settings import Settings

_SECONDS_A_DAY = 24 * 60 * 60


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
