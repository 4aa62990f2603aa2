"""Puts held interviews into a running house, whose event loop is in another thread."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from app.db.engine import Database, create_engine
from tests.recruiting.reviews.held import dispute, hold
from tests.web.house import House

Result = TypeVar("Result")
UNKNOWN = "0" * 32


def page(interview_id: str) -> str:
    """Where an interview is reviewed."""
    return f"/recruiter/interviews/{interview_id}"


def api(interview_id: str) -> str:
    """Where an interview is reviewed by programs."""
    return f"/api/v1/recruiting/interviews/{interview_id}"


def in_database(house: House, work: Callable[[Database], Awaitable[Result]]) -> Result:
    """Run `work` on the house's database, beside it."""

    async def run() -> Result:
        database = Database(create_engine(house.settings.async_database_url))
        try:
            return await work(database)
        finally:
            await database.close()

    # The browser's driver keeps a loop in the test's own thread.
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(run())).result()


def held_in(house: House, **wanted: Any) -> str:
    """A held interview, as `hold` makes it."""
    return in_database(house, lambda database: hold(database, house.settings, **wanted))


def disputed_in(house: House, interview_id: str, point: str, text: str) -> str:
    """An open dispute of a point of question 1."""
    return in_database(house, lambda database: dispute(database, interview_id, 1, point, text))
