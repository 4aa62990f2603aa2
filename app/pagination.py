"""A place in the sorted list, as an address carries it. Pure."""

import base64
import binascii
import json
import math
from dataclasses import dataclass
from datetime import datetime

from app.errors import BadInputError
from app.recruiting.desk.filters import Sort

_MOST = 2**31


@dataclass(frozen=True)
class Place:
    """Where an interview stands in an order: `key` is what it is sorted by, None when by time alone."""

    sort: Sort
    key: float | None
    created_at: datetime
    id: str


def encode(place: Place) -> str:
    """The place as text that an address can carry."""
    parts = [place.sort, place.key, place.created_at.isoformat(), place.id]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


def decode(cursor: str, sort: Sort) -> Place:
    """The place of a cursor of this order. Raises `BadInputError` for a forged one or another order's."""
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        kind, key, at, interview_id = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
        created_at = datetime.fromisoformat(at)
        by_time = sort in ("newest", "oldest")
        fits = key is None if by_time else isinstance(key, int | float) and math.isfinite(key)
        fits = fits and kind == sort and created_at.tzinfo is not None and isinstance(interview_id, str)
        if not fits or (key is not None and abs(key) > _MOST):
            raise ValueError(kind)
    except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError("after: is no place in this list", hint="Start from the first page.") from error
    return Place(sort, key, created_at, interview_id)
