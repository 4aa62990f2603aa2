from app.interviews.schemas import ScoreInterval
from app.web.scores.bounds import shown_bounds


def test_bounds_are_the_ends_of_the_interval() -> None:
    assert shown_bounds(ScoreInterval(low=2.5, high=6)) == (2.5, 6)


def test_without_doubt_there_are_no_bounds() -> None:
    assert shown_bounds(None) is None
    assert shown_bounds(ScoreInterval(low=4, high=4)) is None
