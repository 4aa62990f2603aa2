"""Databases as an installation has them that is up to date: migrated once, copied for each test."""

import asyncio
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dbos import DBOS

from app.db.engine import create_engine
from app.db.opening import upgrade
from app.settings import Settings


def migrate(settings: Settings) -> None:
    """Bring the service's database and its workflows' up to date, as its first start does."""
    # In a thread of its own: fixtures may ask for it inside a running loop.
    with ThreadPoolExecutor(1) as threads:
        threads.submit(asyncio.run, _upgrade(settings.async_database_url)).result()
    DBOS.migrate(settings.workflow_database_url)


def lay(migrated: Path, data_dir: Path) -> None:
    """Copy the migrated SQLite files into a data folder, made if it is not there."""
    data_dir.mkdir(parents=True, exist_ok=True)
    for file in migrated.iterdir():
        shutil.copy(file, data_dir)


async def _upgrade(url: str) -> None:
    engine = create_engine(url)
    try:
        await upgrade(engine)
    finally:
        await engine.dispose()
