"""The one place where errors become responses: RFC 9457 problem details, or a page for a browser."""

import logging
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


def add_problem_handlers(app: FastAPI) -> None:
    """Render every error of `app` the same way."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(RequestValidationError, _validation_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(Exception, _unexpected_error)


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)
    if error.status >= 500:
        log.error("%s %s: %s", request.method, request.url.path, error.detail)
    headers = {"WWW-Authenticate": "Bearer"} if error.status == 401 else None
    return problem_response(error.to_problem(), headers)


async def _validation_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [
        f"{'.'.join(str(part) for part in problem['loc'][1:]) or 'body'}: {problem['msg']}"
        for problem in error.errors()
    ]
    detail = "; ".join(fields).encode("utf-8", "replace").decode()
    return problem_response(
        BadInputError(detail, hint="Change the named fields; /docs shows each.").to_problem()
    )


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem_response(
        {
            "type": "about:blank",
            "title": str(error.detail),
            "status": error.status_code,
            "detail": f"{request.method} {request.url.path}",
            "hint": "/docs lists every address.",
        },
        dict(error.headers) if error.headers else None,
    )


async def _unexpected_error(request: Request, error: Exception) -> Response:
    log.exception("%s %s", request.method, request.url.path, exc_info=error)
    return problem_response(
        AppError(
            "an unexpected error; the log has the details", hint="Nothing you sent was lost; try again."
        ).to_problem()
    )
