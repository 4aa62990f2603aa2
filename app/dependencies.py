"""What routes of every slice depend on: the rooms that the service opened, and that no other site asks.

Rooms are reached by their type. `app.rooms` opens every room and so imports every slice; no slice can import
it back. A slice therefore names only the type of the room it wants, and `room_of` finds it in what the app
keeps as `state.rooms`: the `Rooms` of `app.rooms`, or in a test any dataclass that holds what the test needs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Annotated, TypeVar, cast
from urllib.parse import urlsplit

from fastapi import Depends, Request

from app.errors import AppError
from app.settings import Settings

_Room = TypeVar("_Room")


def room_of(request: Request, kind: type[_Room]) -> _Room:
    """The open room whose declared type is `kind`. Raises `LookupError` where none was opened."""
    rooms = request.app.state.rooms
    for field in fields(rooms):
        if field.type is kind:
            return cast("_Room", getattr(rooms, field.name))
    raise LookupError(f"no room is a {kind.__name__}")


def room(kind: type[_Room]) -> Callable[[Request], Awaitable[_Room]]:
    """The same as a dependency of a route."""

    # A coroutine, since FastAPI sends plain functions to a thread.
    async def opened(request: Request) -> _Room:
        return room_of(request, kind)

    return opened


Configured = Annotated[Settings, Depends(room(Settings))]


def public_address(request: Request, path: str) -> str:
    """Where others find `path`: at the settings' public address, else where the request was made."""
    return f"{(room_of(request, Settings).public_url or str(request.base_url)).rstrip('/')}{path}"


class ForeignOriginError(AppError):
    """The request was sent by a page of another site."""

    status = 403
    title = "Sent from another site"


def require_same_origin(request: Request) -> None:
    """A dependency for what changes something and is known by a cookie; raises `ForeignOriginError`.

    Browsers name the sender in `Sec-Fetch-Site` or `Origin`; a caller that names none is no browser and
    carries no one's cookies.
    """
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    foreign = site is not None or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    )
    if foreign:
        raise ForeignOriginError(
            "this was sent from another site", hint="Open the page here and send it again."
        )


SAME_ORIGIN = [Depends(require_same_origin)]
