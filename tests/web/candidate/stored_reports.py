"""Scored interviews in a running house's database, and the cookies that open them."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from playwright.sync_api import Page

from app.banks.schema import Bank
from app.db.engine import Database, create_engine
from app.interviews.dependencies import interview_cookie
from tests.interviews.house import tiny_bank
from tests.interviews.stored_reports import TOKEN, Told, store_report
from tests.web.house import House


def store(house: House, answers: Sequence[Told], bank: Bank | None = None, **about: Any) -> str:
    """As `store_report`, from a test that is not asynchronous."""

    async def run() -> str:
        database = Database(create_engine(house.settings.async_database_url))
        try:
            return await store_report(database, bank or tiny_bank(), answers, **about)
        finally:
            await database.close()

    # Playwright's synchronous API keeps a loop running in this thread.
    with ThreadPoolExecutor(1) as apart:
        return apart.submit(asyncio.run, run()).result()


def let_in(page: Page, house: House, interview_id: str) -> None:
    """Give the browser the interview's cookie."""
    page.context.add_cookies([{"name": interview_cookie(interview_id), "value": TOKEN, "url": house.url}])
