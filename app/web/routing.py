"""How pages answer: errors as pages, a log-in where one is missing, parts of a page for its scripts."""

from collections.abc import Callable, Coroutine, Mapping
from typing import Any
from urllib.parse import urlencode

from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import AppError, BadInputError, ConflictError, NotAllowedError
from app.web.rendering import problem_text, render, render_error, wording_of

HOME = "/recruiter"
LOG_IN = f"{HOME}/login"
LOG_OUT = f"{HOME}/logout"
NOTICES = "#notices"


class PageRoute(APIRoute):
    """A route whose errors are shown as a page instead of as JSON."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_page(request: Request) -> Response:
            try:
                return await handle(request)
            except AppError as error:
                return self.error_response(request, error)
            except RequestValidationError as error:
                fields = ", ".join(str(problem["loc"][-1]) for problem in error.errors())
                return self.error_response(request, BadInputError(f"can't be used: {fields}"))

        return handle_page

    def error_response(self, request: Request, error: AppError) -> Response:
        """What the visitor gets instead of the page."""
        return render_error(request, error)


class DeskRoute(PageRoute):
    """A page of the desk: who is not logged in is sent to the log-in page."""

    def error_response(self, request: Request, error: AppError) -> Response:
        if isinstance(error, NotAllowedError):
            return RedirectResponse(f"{LOG_IN}?{urlencode({'next': _wanted(request)})}", 303)
        return super().error_response(request, error)


class PartialRoute(DeskRoute):
    """A route whose errors appear in the page's notices when the page itself asked; nothing typed is lost."""

    def error_response(self, request: Request, error: AppError) -> Response:
        if not is_partial(request):
            return super().error_response(request, error)
        t = wording_of(request)
        text = None
        if isinstance(error, NotAllowedError):
            text = t("draft.problem.logged_out")
        elif type(error) is ConflictError:
            text = t("draft.conflict.settled")
        response = render(
            request,
            "banks/banks_problem.html",
            status_code=error.status,
            private=True,
            problem=problem_of(request, error, text),
        )
        response.headers["HX-Retarget"] = NOTICES
        response.headers["HX-Reswap"] = "innerHTML show:top"
        return response


def is_partial(request: Request) -> bool:
    """Whether a page asks for a part of itself."""
    return request.headers.get("hx-request") == "true"


def go_to(request: Request, address: str) -> Response:
    """Leads the visitor to another page, however the request was made."""
    if is_partial(request):
        return Response(headers={"HX-Redirect": address, "Cache-Control": "no-store"})
    return RedirectResponse(address, 303)


def problem_of(request: Request, error: AppError, text: str | None = None) -> dict[str, str]:
    """The error as pages show it: in the visitor's words, with the technical detail below."""
    detail = " ".join(part for part in (f"{error.detail}.", error.hint) if part)
    return {"text": text or problem_text(request, error), "fix": "", "detail": detail}


def with_query(path: str, query: Mapping[str, str | None]) -> str:
    """The address with those of the query's values that are not empty."""
    given = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{given}" if given else path


def page_of_the_desk(address: str) -> str:
    """The address if it is a page of the desk that one may be sent to, else the list."""
    is_own = address.startswith((f"{HOME}/", f"{HOME}?")) and not address.startswith((LOG_IN, LOG_OUT))
    return address if is_own and address.isprintable() else HOME


def _wanted(request: Request) -> str:
    """The page to come back to: what was sent by a form can't be asked for again."""
    if request.method != "GET":
        return HOME
    return f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
