import math

import pytest

from app.scoring.judges.judge import confidence_in, verdict_in


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("hit", "hit"),
        (" Partial.\n", "partial"),
        ("“miss”", "miss"),
        ("**hit**", "hit"),
        ("hit or miss", None),
        ("hits", None),
        ("命中", None),
        ("", None),
        ('{"verdict": "hit"}', None),
        ("I cannot grade this", None),
    ],
)
def test_a_verdict_is_one_word_and_nothing_else(text: str, verdict: str | None) -> None:
    assert verdict_in(text) == verdict


def test_confidence_is_the_share_of_the_probability_on_verdicts() -> None:
    first_tokens = {" hit": 0.5, "Hit": 0.1, "h": 0.1, "▁miss": 0.1, "part": 0.1, "the": 0.05, "": 0.05}
    assert confidence_in("hit", first_tokens) == pytest.approx(0.7 / 0.9)
    assert confidence_in("miss", first_tokens) == pytest.approx(0.1 / 0.9)


@pytest.mark.parametrize(
    "first_tokens",
    [
        {},
        {"hit": math.nan},
        {"hit": 0.9, "miss": math.nan},
        {"hit": math.inf},
        {"hit": -0.2},
        {"hit": 7.0},
        {"the": 0.9, "hit": 0.1},
    ],
)
def test_figures_that_tell_nothing_give_no_confidence(first_tokens: dict[str, float]) -> None:
    assert confidence_in("hit", first_tokens) is None
