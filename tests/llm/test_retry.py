from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.retry import LONGEST_WAIT, read_retry_after, wait_before

NOON = datetime(2026, 1, 1, 12, 0, 0, tzinfo=UTC)


@given(st.integers(1, 60), st.none() | st.floats(-1e9, 1e9))
def test_waits_are_never_negative_and_never_longer_than_the_longest(
    attempt: int, asked: float | None
) -> None:
    assert 0 <= wait_before(attempt, asked) <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("2", 2.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Thu, 01 Jan 2026 12:00:07 GMT", 7.0),
        ("Thu, 01 Jan 2026 11:00:00 GMT", 0.0),
        ("Thu, 01 Jan 2026 12:00:07 -0000", 7.0),
        ("soon", None),
        ("nan", None),
        ("", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_date(header: str, seconds: float | None) -> None:
    assert read_retry_after({"retry-after": header}, NOON) == seconds


def test_no_header_asks_for_nothing() -> None:
    assert read_retry_after({}) is None
