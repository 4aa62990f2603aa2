from collections.abc import AsyncIterator

import pytest

from app.search.index import QuestionIndex
from app.settings import Settings
from tests.interviews.house import House, open_house


@pytest.fixture(params=["sqlite", "postgres"])
def stored_settings(request: pytest.FixtureRequest, settings: Settings) -> Settings:
    """Settings of a fresh installation on either database."""
    if request.param == "sqlite":
        return settings
    return settings.model_copy(update={"database_url": request.getfixturevalue("postgres_url")})


@pytest.fixture
async def house(stored_settings: Settings, tiny_questions: QuestionIndex) -> AsyncIterator[House]:
    """A running interview service on either database."""
    async with open_house(stored_settings, tiny_questions) as opened:
        yield opened


@pytest.fixture
async def sqlite_house(settings: Settings, tiny_questions: QuestionIndex) -> AsyncIterator[House]:
    """A running interview service on SQLite, whose files a test may read."""
    async with open_house(settings, tiny_questions) as opened:
        yield opened
