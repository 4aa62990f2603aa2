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
