from datetime import UTC, datetime
from typing import get_args

import pytest

from app.errors import BadInputError
from app.pagination import Place, decode, encode
from app.recruiting.desk.filters import Sort

AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("sort", get_args(Sort))
def test_a_cursor_says_the_place_it_was_made_of(sort: Sort) -> None:
    place = Place(sort, None if sort in ("newest", "oldest") else 0.25, AT, "0" * 32)
    assert decode(encode(place), sort) == place


@pytest.mark.parametrize("cursor", ["x", "!!!", "4pyT", "bm8gdGltZQ==", "é", "W10", "bnVsbA", "\ud800"])
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(BadInputError):
        decode(cursor, "newest")


@pytest.mark.parametrize(
    "place",
    [
        Place("oldest", None, AT, "0" * 32),
        Place("newest", 1.0, AT, "0" * 32),
        Place("newest", None, AT.replace(tzinfo=None), "0" * 32),
    ],
)
def test_a_place_of_another_kind_is_refused(place: Place) -> None:
    with pytest.raises(BadInputError):
        decode(encode(place), "newest")


@pytest.mark.parametrize("key", [None, float("nan"), float("inf"), 1e300])
def test_a_key_that_is_no_score_is_refused(key: float | None) -> None:
    with pytest.raises(BadInputError):
        decode(encode(Place("score_down", key, AT, "0" * 32)), "score_down")
