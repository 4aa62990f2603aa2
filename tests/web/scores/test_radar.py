import pytest

from app.web.scores.radar import CENTRE, RADIUS, radar


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
