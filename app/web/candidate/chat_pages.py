"""The chat, and going on with it on another device."""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.dependencies import SAME_ORIGIN, Configured
from app.errors import AppError, NotAllowedError
from app.interviews.access.admission import AccessExpiredError, AccessRevokedError
from app.interviews.dependencies import Access, Interviews, remember_interview
from app.web.rendering import problem_text, render
from app.web.routing import PageRoute


class ChatRoute(PageRoute):
    """Explains why the chat can't be opened, where more can be said than that it can't."""

    def error_response(self, request: Request, error: AppError) -> Response:
        if isinstance(error, AccessRevokedError | AccessExpiredError):
            return render(
                request,
                "candidate/closed.html",
                status_code=error.status,
                private=True,
                explanation=problem_text(request, error),
                interview_id=request.path_params.get("interview_id", ""),
            )
        # Straight from the start page, which sets a cookie, and yet without one.
        if isinstance(error, NotAllowedError) and "started" in request.query_params and not request.cookies:
            return render(request, "candidate/cookies.html", status_code=error.status, private=True)
        return super().error_response(request, error)


router = APIRouter(route_class=ChatRoute, include_in_schema=False)


@router.get("/interviews/{interview_id}")
async def chat(request: Request, interview: Access, settings: Configured) -> Response:
    """The conversation; its scripts read it from the API."""
    return render(request, "candidate/chat.html", interview=interview, max_chars=settings.max_reply_chars)


@router.get("/d/{link}")
async def confirm_device(request: Request, link: str, service: Interviews) -> Response:
    """Ask before a link is used up: mail and chat programs open links to look at them."""
    interview = await service.devices.find(link)
    return render(request, "candidate/device.html", interview=interview, link=link, private=True)


@router.post("/d/{link}", dependencies=SAME_ORIGIN)
async def open_on_device(request: Request, link: str, service: Interviews) -> Response:
    """Use the link up: this browser gets a token of its own and goes to the chat."""
    interview, token = await service.devices.open(link)
    response = RedirectResponse(f"/interviews/{interview.id}?started=1", 303)
    remember_interview(request, response, interview.id, token)
    return response
