from datetime import UTC, datetime
from typing import get_args

import pytest

from app.errors import BadInputError
from app.pagination import Place, decode, encode
from app.recruiting.desk.filters import BY_TIME, Sort

AT = datetime(2026, 1, 1, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize("sort", get_args(Sort))
def test_a_cursor_says_the_place_it_was_made_of(sort: Sort) -> None:
    place = Place(AT, "0" * 32, sort, None if sort in BY_TIME else 0.25)
    assert decode(encode(place), sort, has_key=sort not in BY_TIME) == place


def test_cursors_stay_as_they_were_saved() -> None:
    saved = "WyJvbGRlc3QiLCBudWxsLCAiMjAyNi0wMS0wMVQxMjozMDowMCswMDowMCIsICJhYiJd"
    assert encode(Place(AT, "ab", "oldest")) == saved
    only = "MjAyNi0wMS0wMVQxMjozMDowMCswMDowMCBhYmM="
    assert encode(Place(AT, "abc")) == only
    assert decode(only) == Place(AT, "abc")


@pytest.mark.parametrize("cursor", ["x", "!!!", "4pyT", "bm8gdGltZQ==", "é", "W10", "bnVsbA", "\ud800"])
def test_a_forged_cursor_is_refused(cursor: str) -> None:
    for sort in ("", "newest"):
        with pytest.raises(BadInputError):
            decode(cursor, sort)


@pytest.mark.parametrize(
    "place",
    [
        Place(AT, "0" * 32, "oldest"),
        Place(AT, "0" * 32, "newest", 1.0),
        Place(AT.replace(tzinfo=None), "0" * 32, "newest"),
    ],
)
def test_a_place_of_another_kind_is_refused(place: Place) -> None:
    with pytest.raises(BadInputError):
        decode(encode(place), "newest")


@pytest.mark.parametrize("key", [None, float("nan"), float("inf"), 1e300])
def test_a_key_that_is_no_score_is_refused(key: float | None) -> None:
    with pytest.raises(BadInputError):
        decode(encode(Place(AT, "0" * 32, "score_down", key)), "score_down", has_key=True)
