"""Answers to a page's own requests for a part of it, made by htmx or by the upload."""

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from app.errors import AppError, ConflictError, NotAllowedError
from app.web.rendering import problem_text, render, wording_of
from app.web.routing import DeskRoute

NOTICES = "#notices"


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
