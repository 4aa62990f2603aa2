"""What every request passes: its address made safe, compression, security headers, its time measured."""

import time

from fastapi import FastAPI
from prometheus_client import Histogram
from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

REQUEST_SECONDS = Histogram(
    "interviewer_request_seconds", "Time to the first byte of a response.", ["method", "route", "status"]
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


class WithoutNul:
    """Reads a NUL in an address as U+FFFD, as HTML does: Postgres stores none, so nothing is named by one."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            query = scope["query_string"].replace(b"%00", b"%EF%BF%BD")
            scope = {**scope, "path": scope["path"].replace("\0", "\ufffd"), "query_string": query}
        await self.app(scope, receive, send)


def add_middleware(app: FastAPI) -> None:
    """Compress what is worth it, never a stream of events, and put the observation around every route."""
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Observed)
    app.add_middleware(WithoutNul)
