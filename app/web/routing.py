"""How the desk's pages answer: who is not logged in is sent to the log-in page and back again."""

from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import AppError, NotAllowedError
from app.web.rendering import PageRoute

HOME = "/recruiter"
LOG_IN = f"{HOME}/login"
LOG_OUT = f"{HOME}/logout"


class DeskRoute(PageRoute):
    """A page of the desk: who is not logged in is sent to the log-in page."""

    def error_response(self, request: Request, error: AppError) -> Response:
        if isinstance(error, NotAllowedError):
            return RedirectResponse(f"{LOG_IN}?{urlencode({'next': _wanted(request)})}", 303)
        return super().error_response(request, error)


def page_of_the_desk(address: str) -> str:
    """The address if it is a page of the desk that one may be sent to, else the list."""
    is_own = address.startswith((f"{HOME}/", f"{HOME}?")) and not address.startswith((LOG_IN, LOG_OUT))
    return address if is_own and address.isprintable() else HOME


def _wanted(request: Request) -> str:
    """The page to come back to: what was sent by a form can't be asked for again."""
    if request.method != "GET":
        return HOME
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
