from app.recruiting.desk.recent import Recent


def test_an_answer_is_kept_for_its_time_only() -> None:
    now = 0.0
    recent: Recent[int] = Recent(10, clock=lambda: now)
    assert recent.get("how many") is None
    recent.keep("how many", 7)
    now = 9.9
    assert recent.get("how many") == 7
    now = 10.0
    assert recent.get("how many") is None


def test_the_oldest_answers_make_room() -> None:
    recent: Recent[int] = Recent(10, clock=lambda: 0.0)
    for number in range(600):
        recent.keep(number, number)
    assert recent.get(0) is None
    assert recent.get(599) == 599
