"""What every request passes: a size limit, security headers, and its time into the metrics."""

import time

from fastapi import FastAPI
from prometheus_client import Histogram
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import AppError
from app.problems import problem_response

MAX_BODY_BYTES = 2_000_000

REQUEST_SECONDS = Histogram(
    "interviewer_request_seconds", "Time to the first byte of a response.", ["method", "route", "status"]
)


class BodyTooLargeError(AppError):
    status = 413
    title = "The request is too large"


class BodyLimit:
    """Refuses bodies over `MAX_BODY_BYTES`, whether their length is announced or not."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        announced = dict(scope["headers"]).get(b"content-length", b"0")
        if not announced.isdigit() or int(announced) > MAX_BODY_BYTES:
            return await problem_response(_too_large().to_problem())(scope, receive, send)
        seen = 0

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > MAX_BODY_BYTES:
                raise _too_large()
            return message

        return await self.app(scope, limited, send)


def _too_large() -> BodyTooLargeError:
    return BodyTooLargeError(
        f"a request body may have {MAX_BODY_BYTES:,} bytes", hint="Send less text in one request."
    )


class Observed:
    """Adds security headers and records the time to the first byte by route."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        started = time.perf_counter()

        async def observed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.setdefault("X-Content-Type-Options", "nosniff")
                headers.setdefault("X-Frame-Options", "DENY")
                headers.setdefault("Referrer-Policy", "same-origin")
                route = getattr(scope.get("route"), "path", "none")
                REQUEST_SECONDS.labels(scope["method"], route, message["status"]).observe(
                    time.perf_counter() - started
                )
            await send(message)

        return await self.app(scope, receive, observed)


def add_middleware(app: FastAPI) -> None:
    """Put the limits and the observation around every route."""
    app.add_middleware(BodyLimit)
    app.add_middleware(Observed)
