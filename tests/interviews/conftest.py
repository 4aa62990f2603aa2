from collections.abc import AsyncIterator

import pytest

from app.search.index import QuestionIndex
from app.settings import Settings
from tests.interviews.browsing import Browser, open_browser
from tests.interviews.house import House, open_house


@pytest.fixture
async def house(settings: Settings, tiny_questions: QuestionIndex) -> AsyncIterator[House]:
    """A running interview service on SQLite."""
    async with open_house(settings, tiny_questions) as opened:
        yield opened


@pytest.fixture
async def browser(house: House) -> AsyncIterator[Browser]:
    """A client of the service's API."""
    async with open_browser(house) as opened:
        yield opened
