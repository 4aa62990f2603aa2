"""Pages of long lists: where one ends, as its address carries it, and what comes beyond that place."""

import base64
import binascii
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from app.errors import BadInputError

_MOST = 2**31

Row = TypeVar("Row")


@dataclass(frozen=True)
class Place:
    """Where a row stands in a list that is sorted by time and then by id.

    A list with several orders names the one in `sort`; `key` is what that sorts by first, None when by
    time alone.
    """

    created_at: datetime
    id: str
    sort: str = ""
    key: float | None = None


def encode(place: Place) -> str:
    """The place as text that an address can carry."""
    at = place.created_at.isoformat()
    if not place.sort:
        return base64.urlsafe_b64encode(f"{at} {place.id}".encode()).decode()
    told = json.dumps([place.sort, place.key, at, place.id])
    return base64.urlsafe_b64encode(told.encode()).decode().rstrip("=")


def decode(cursor: str, sort: str = "", *, has_key: bool = False) -> Place:
    """The place of a cursor of this order. Raises `BadInputError` for a forged one or another order's."""
    try:
        bare = cursor.encode("ascii").rstrip(b"=")
        told = base64.b64decode(bare + b"=" * (-len(bare) % 4), altchars=b"-_", validate=True).decode()
        parts: Any = json.loads(told) if sort else ("", None, *told.split(" "))
        kind, key, at, row_id = parts
        place = Place(datetime.fromisoformat(at), row_id, kind, key)
        fits = isinstance(key, int | float) and math.isfinite(key) if has_key else key is None
        fits = fits and kind == sort and place.created_at.tzinfo is not None
        if not fits or not isinstance(row_id, str) or "\0" in row_id or abs(key or 0) > _MOST:
            raise ValueError(kind)
    except (binascii.Error, UnicodeError, ValueError, TypeError, OverflowError, RecursionError) as error:
        raise BadInputError("after: is no place in this list", hint="Start from the first page.") from error
    return place


def page_of(rows: Sequence[Row], size: int) -> tuple[Sequence[Row], Row | None]:
    """At most `size` of the rows, and the last of these if there are more: behind it the next page begins."""
    return rows[:size], rows[size - 1] if len(rows) > size else None


def beyond(columns: Sequence[Any], values: Sequence[Any], *, down: bool) -> ColumnElement[bool]:
    """Whether a row comes after these values of the columns that a list is sorted by, all down or all up."""
    here = tuple_(*columns)
    there = tuple_(*(literal(value, column.type) for column, value in zip(columns, values, strict=True)))
    return here < there if down else here > there


class read_in_order(FunctionElement[Any]):
    """A column as it is, but no reason for SQLite to leave the order's index for another one.

    The order's index holds every column that filters read, so that walking it is always fast; an index of
    one column would have to visit and sort all rows it finds.
    """

    inherit_cache = True

    def __init__(self, column: Any) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(read_in_order)
def _as_it_is(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    return str(compiler.process(element.clauses, **how))


@compiles(read_in_order, "sqlite")
def _without_index(element: Any, compiler: SQLCompiler, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"
