import pytest

from app.interviews.schemas import ScoreInterval
from app.web.scores.bounds import shown_bounds


@pytest.mark.parametrize(
    ("low", "high", "most", "shown"),
    [
        (8.19, 14.4, 24, (8, 14.5)),
        (8.0, 14.5, 24, (8, 14.5)),
        (0.31, 1.92, 2, (0.3, 2.0)),
        (7.6, 7.9, 7.8, (7.5, 7.8)),
    ],
)
def test_bounds_are_rounded_outwards_and_stay_within_the_marks(
    low: float, high: float, most: float, shown: tuple[float, float]
) -> None:
    assert shown_bounds(ScoreInterval(low=low, high=high), most) == shown


def test_without_doubt_there_are_no_bounds() -> None:
    assert shown_bounds(None, 8) is None
    assert shown_bounds(ScoreInterval(low=4, high=4), 8) is None
