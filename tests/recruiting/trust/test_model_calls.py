"""Tokens, latency and failures by model against a case that was worked out by hand."""

from datetime import timedelta

import pytest

from app.db.engine import Database
from app.db.tables import LLMCall, now
from app.recruiting.trust.schemas import ModelUse, Seconds
from app.recruiting.trust.service import TrustService

ALPHA, BETA, GAMMA = "alpha", "beta", "gamma"


async def add_call(
    database: Database,
    model: str,
    days_ago: float,
    seconds: float,
    tokens: tuple[int, int, int],
    outcome: str,
) -> None:
    """`tokens` are those of the prompt, those of them from the cache, and those of the answer."""
    prompt, cached, completion = tokens
    async with database.session() as session:
        session.add(
            LLMCall(
                at=now() - timedelta(days=days_ago),
                purpose="judge",
                model=model,
                prompt_hash="a",
                prompt_tokens=prompt,
                cached_tokens=cached,
                completion_tokens=completion,
                seconds=seconds,
                outcome=outcome,
            )
        )


@pytest.fixture
async def ledger(database: Database) -> Database:
    """Four calls to alpha, two to beta, one of them long ago, and one to gamma a very long time ago."""
    await add_call(database, ALPHA, 4, 1.0, (100, 50, 10), "ok")
    await add_call(database, ALPHA, 3, 3.0, (200, 0, 20), "ok")
    await add_call(database, ALPHA, 2, 30.0, (0, 0, 0), "timeout")
    await add_call(database, ALPHA, 1, 2.0, (100, 100, 5), "cancelled")
    await add_call(database, BETA, 5, 0.5, (40, 10, 4), "ok")
    await add_call(database, BETA, 60, 1.5, (60, 15, 6), "refused")
    await add_call(database, GAMMA, 400, 1.0, (10, 0, 1), "ok")
    return database


async def test_the_figures_are_those_worked_out_by_hand(ledger: Database) -> None:
    running = (await TrustService(ledger).report(30)).running

    assert running.models == [
        ModelUse(
            model=ALPHA,
            calls=4,
            # The timeout; what the candidate stopped went well.
            failed=1,
            failed_share=0.25,
            # (1 + 3 + 30 + 2) / 4
            mean_seconds=9.0,
            # Of 1, 2, 3, 30: half-way between 2 and 3, and 0.85 of the way from 3 to 30.
            seconds=Seconds.model_construct(count=4, p50=2.5, p95=pytest.approx(25.95)),
            prompt_tokens=400,
            completion_tokens=35,
            # 150 / 400
            cached_share=0.375,
        ),
        ModelUse(
            model=BETA,
            calls=1,
            failed=0,
            failed_share=0.0,
            mean_seconds=0.5,
            seconds=Seconds(count=1, p50=0.5, p95=0.5),
            prompt_tokens=40,
            completion_tokens=4,
            cached_share=0.25,
        ),
    ]
    assert [(each.outcome, each.calls) for each in running.failures] == [("timeout", 1)]


async def test_a_longer_period_counts_what_lies_in_it(ledger: Database) -> None:
    models = {each.model: each for each in (await TrustService(ledger).report(90)).running.models}

    assert set(models) == {ALPHA, BETA}
    beta = models[BETA]
    assert (beta.calls, beta.failed, beta.failed_share, beta.mean_seconds) == (2, 1, 0.5, 1.0)
    assert (beta.prompt_tokens, beta.completion_tokens, beta.cached_share) == (100, 10, 0.25)


async def test_sums_are_of_every_call_whatever_the_bound_on_the_newest(
    ledger: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.recruiting.trust.repository.MOST_CALLS", 2)

    running = (await TrustService(ledger).report(30)).running

    assert (running.calls.counted, running.calls.of) == (2, 5)
    assert [each.calls for each in running.models] == [4, 1]
    # Of the newest two, which are alpha's: the timeout and the one that was stopped.
    assert [each.seconds.count for each in running.models] == [2, 0]
