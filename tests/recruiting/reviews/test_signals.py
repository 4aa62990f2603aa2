from typing import Any

import pytest

from app.recruiting.reviews.signals import Fact, facts


def test_pasting_is_told_as_a_share_of_all_that_was_entered() -> None:
    found = facts({"pasted_chars": 30, "typed_chars": 10, "dictated_chars": 20})
    assert found == [
        Fact("pasted", {"n": 30, "of": 60, "share": 0.5}),
        Fact("dictated", {"n": 20, "of": 60, "share": 20 / 60}),
    ]


def test_leaving_the_page_and_the_rhythm_are_told() -> None:
    found = facts(
        {
            "typed_chars": 10,
            "away_times": 2,
            "away_seconds": 35,
            "seconds": 90.5,
            "keystrokes": 14,
            "longest_pause_seconds": 20,
        }
    )
    assert found == [
        Fact("away", {"n": 2, "seconds": 35}),
        Fact("rhythm", {"seconds": 90.5, "keys": 14, "pause": 20}),
    ]


@pytest.mark.parametrize(
    "signals",
    [
        None,
        {},
        {"pasted_chars": 0, "away_times": 0, "seconds": 0},
        {"pasted_chars": -5, "away_times": "many", "seconds": float("nan")},
        {"pasted_chars": True, "away_times": None, "seconds": float("inf")},
        {"nonsense": [1, 2]},
    ],
)
def test_nothing_is_told_of_what_was_not_counted(signals: dict[str, Any] | None) -> None:
    assert facts(signals) == []
