"""Rooms for apps that open none of their own."""

from collections.abc import Mapping
from dataclasses import make_dataclass
from typing import Any


def few_rooms(rooms: Mapping[type[Any], object]) -> object:
    """What `state.rooms` holds in an app whose routes need only these, each by its type."""
    kinds = [(f"room_{number}", kind) for number, kind in enumerate(rooms)]
    return make_dataclass("FewRooms", kinds)(*rooms.values())
