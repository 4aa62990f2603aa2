from collections.abc import AsyncIterator

import pytest

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.settings import Settings


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """A fresh SQLite database with all tables."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    opened = Database(create_engine(settings.async_database_url))
    await upgrade(opened.engine)
    yield opened
    await opened.close()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def each_database(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Database]:
    """A fresh database of each kind."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
        settings = settings.model_copy(update={"database_url": url})
    opened = Database(create_engine(settings.async_database_url))
    await upgrade(opened.engine)
    yield opened
    await opened.close()
