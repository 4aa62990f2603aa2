from app.web.scores.line import HEIGHT, WIDTH, line


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
