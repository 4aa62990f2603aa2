import pytest

from app.interviews.schemas import ScoreInterval
from app.web.scores.charts import CENTRE, HEIGHT, RADIUS, WIDTH, line, radar, shown_bounds


def test_one_value_makes_no_line() -> None:
    assert line([("a", 0.5)]) is None


def test_higher_shares_stand_higher_and_all_within_the_box() -> None:
    drawn = line([("a", 0.2), ("b", 0.9), ("c", 1.5)])
    assert drawn is not None
    assert drawn.knots[1].y < drawn.knots[0].y
    assert all(0 <= knot.x <= WIDTH and 0 <= knot.y <= HEIGHT for knot in drawn.knots)
    assert [knot.anchor for knot in drawn.knots] == ["start", "middle", "end"]


def test_the_rules_name_nothing_half_and_all() -> None:
    drawn = line([("a", 0.2), ("b", 0.9)])
    assert drawn is not None
    assert [label for _, label in drawn.rules] == ["0%", "50%", "100%"]


def test_two_values_make_no_area() -> None:
    assert radar([("a", 1.0), ("b", 1.0)]) is None


def test_the_first_axis_points_up() -> None:
    chart = radar([("a", 0.5), ("b", 0), ("c", 0)])
    assert chart is not None
    assert (chart.axes[0].x, chart.axes[0].y) == (CENTRE, CENTRE - RADIUS)
    assert (chart.axes[0].value_x, chart.axes[0].value_y) == (CENTRE, CENTRE - RADIUS / 2)


@pytest.mark.parametrize("value", [-1.0, 0.0])
def test_no_value_leaves_the_centre_backwards(value: float) -> None:
    chart = radar([("a", value), ("b", 1), ("c", 1)])
    assert chart is not None
    assert (chart.axes[0].value_x, chart.axes[0].value_y) == (CENTRE, CENTRE)


def test_labels_grow_away_from_the_chart() -> None:
    chart = radar([(name, 1.0) for name in "abcd"])
    assert chart is not None
    assert [axis.anchor for axis in chart.axes] == ["middle", "start", "middle", "end"]


def test_bounds_are_the_ends_of_the_interval() -> None:
    assert shown_bounds(ScoreInterval(low=2.5, high=6)) == (2.5, 6)


def test_without_doubt_there_are_no_bounds() -> None:
    assert shown_bounds(None) is None
    assert shown_bounds(ScoreInterval(low=4, high=4)) is None
