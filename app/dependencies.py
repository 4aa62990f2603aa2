"""How routes reach the rooms that the service opened: by their type.

`app.rooms` opens every room and so imports every slice; no slice can import it back. A slice therefore names
only the type of the room it wants, and `room_of` finds it in what the app keeps as `state.rooms`: the `Rooms`
of `app.rooms`, or in a test any dataclass that holds the rooms the test needs.
"""

from collections.abc import Awaitable, Callable
from dataclasses import fields
from typing import Annotated, TypeVar, cast

from fastapi import Depends, Request

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
