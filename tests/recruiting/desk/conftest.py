from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.db.tables import Account
from app.settings import Settings


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """A fresh database of each kind, with all tables."""
    url = f"sqlite:///{tmp_path / 'desk.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres_url")
    settings = Settings(_env_file=None, database_url=url)  # type: ignore[call-arg]
    opened = Database(create_engine(settings.async_database_url))
    await upgrade(opened.engine)
    yield opened
    await opened.close()


@pytest.fixture
async def reader(database: Database) -> Account:
    """The recruiter who reads the list."""
    account = Account(id="a" * 32, name="reader", password_hash="none", role="recruiter")
    async with database.session() as session:
        session.add(account)
    return account
