"""The one place where errors become responses: RFC 9457 problem details, or a page for a browser."""

import logging
from collections.abc import Callable
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.errors import AppError, BadInputError

log = logging.getLogger("interviewer")


def problem_response(problem: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem details document as a response with its own status."""
    return JSONResponse(
        problem, status_code=problem["status"], media_type="application/problem+json", headers=headers
    )


ErrorPage = Callable[[Request, AppError], Response]


def add_problem_handlers(app: FastAPI, page: ErrorPage | None = None) -> None:
    """Render every error of `app` the same way; `page` shows a lost visitor's browser something to read."""

    def answer(request: Request, error: AppError, headers: dict[str, str] | None = None) -> Response:
        if page is not None and _is_a_browser(request):
            return page(request, error)
        return problem_response(error.to_problem(), headers)

    async def app_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, AppError)
        if error.status >= 500:
            log.error("%s %s: %s", request.method, request.url.path, error.detail)
        headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
        return answer(request, error, headers)

    async def validation_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        fields = [
            f"{'.'.join(str(part) for part in problem['loc'][1:]) or 'body'}: {problem['msg']}"
            for problem in error.errors()
        ]
        detail = "; ".join(fields).encode("utf-8", "replace").decode()
        return answer(request, BadInputError(detail, hint="Change the named fields; /docs shows each."))

    async def http_error(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        headers = dict(error.headers) if error.headers else None
        return answer(request, _HTTPError(request, error), headers)

    async def unexpected_error(request: Request, error: Exception) -> Response:
        log.exception("%s %s", request.method, request.url.path, exc_info=error)
        detail = "an unexpected error; the log has the details"
        return answer(request, AppError(detail, hint="Nothing you sent was lost; try again."))

    app.add_exception_handler(AppError, app_error)
    app.add_exception_handler(RequestValidationError, validation_error)
    app.add_exception_handler(HTTPException, http_error)
    app.add_exception_handler(Exception, unexpected_error)


class _HTTPError(AppError):
    """A refusal by the framework: an unknown address, a method that is not allowed, a body too large."""

    def __init__(self, request: Request, error: HTTPException) -> None:
        detail = f"{request.method} {request.url.path}"
        super().__init__(detail, hint="/docs lists every address.", title=str(error.detail))
        self.status = error.status_code

    @property
    def code(self) -> str:
        return "not-found" if self.status == 404 else "refused"


def _is_a_browser(request: Request) -> bool:
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/api/")
