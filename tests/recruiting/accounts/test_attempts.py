import pytest

from app.errors import TooManyRequestsError
from app.recruiting.accounts.attempts import MOST_PER_ADDRESS, MOST_PER_NAME, WINDOW_SECONDS, LogInAttempts


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def attempts(clock: Clock) -> LogInAttempts:
    return LogInAttempts(clock)


def fail(attempts: LogInAttempts, times: int, name: str = "ann", address: str = "1.2.3.4") -> None:
    for _ in range(times):
        attempts.check(name, address)
        attempts.failed(name, address)


def test_a_name_is_closed_after_a_few_failures(attempts: LogInAttempts) -> None:
    fail(attempts, MOST_PER_NAME)
    with pytest.raises(TooManyRequestsError, match="too many"):
        attempts.check("ann", "1.2.3.4")


def test_another_address_may_still_try_the_name(attempts: LogInAttempts) -> None:
    fail(attempts, MOST_PER_NAME)
    attempts.check("ann", "5.6.7.8")


def test_an_address_that_tries_many_names_is_closed(attempts: LogInAttempts) -> None:
    for place in range(MOST_PER_ADDRESS):
        fail(attempts, 1, name=f"name{place}")
    with pytest.raises(TooManyRequestsError):
        attempts.check("someone else", "1.2.3.4")


def test_it_opens_again_after_the_window(attempts: LogInAttempts, clock: Clock) -> None:
    fail(attempts, MOST_PER_NAME)
    clock.now += WINDOW_SECONDS
    attempts.check("ann", "1.2.3.4")


def test_success_forgets_the_names_failures(attempts: LogInAttempts) -> None:
    fail(attempts, MOST_PER_NAME - 1)
    attempts.succeeded("ann", "1.2.3.4")
    fail(attempts, MOST_PER_NAME)


def test_memory_stays_bounded(attempts: LogInAttempts, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.recruiting.accounts.attempts._MOST_KEYS", 10)
    for place in range(100):
        clock.now += WINDOW_SECONDS / 2
        attempts.failed(f"name{place}", f"address{place}")
    assert len(attempts._failures) <= 12
