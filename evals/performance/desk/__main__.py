"""`python -m evals.performance.desk`: the recruiter's desk with 100,000 interviews, by database."""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.db.engine import create_engine
from app.db.opening import upgrade
from app.settings import Settings
from evals.performance.desk.generator import Generator
from evals.performance.desk.measures import Desk, rows
from evals.performance.desk.visitor import Visitor, prepare
from evals.performance.service import ServiceProcess
from evals.servers.endpoint import FakeEndpoint
from evals.servers.postgres import INSTALL, fresh_database, postgres_binaries, postgres_server

INTERVIEWS = 100_000


def main() -> int:
    """Print the table of each database; returns 1 when a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", help="measure this database only; an empty one is filled first")
    parser.add_argument("--interviews", type=int, default=INTERVIEWS)
    parser.add_argument("--requests", type=int, default=40, help="requests a figure")
    given = parser.parse_args()
    missed = 0
    with _databases(given.database_url) as urls:
        for url in urls:
            missed += _measure(url, given.interviews, given.requests)
    return 1 if missed else 0


@contextmanager
def _databases(given: str | None) -> Iterator[list[str]]:
    """The database asked for, or an empty SQLite file and an empty database of a throw-away Postgres."""
    if given is not None:
        yield [given]
        return
    binaries = postgres_binaries()
    if binaries is None:
        raise SystemExit(f"no Postgres server on this machine; install one with: {INSTALL}")
    with tempfile.TemporaryDirectory() as folder, postgres_server(binaries) as server:
        yield [f"sqlite:///{folder}/interviews.db", fresh_database(server)]


def _measure(url: str, interviews: int, requests: int) -> int:
    visitor = asyncio.run(_fill(url, interviews))
    print(f"\n{url.partition(':')[0]}, {visitor.interviews} interviews", flush=True)
    missed = 0
    with tempfile.TemporaryDirectory() as folder, FakeEndpoint() as endpoint:
        environment = {
            "INTERVIEWER_DATABASE_URL": url,
            "INTERVIEWER_LLM_BASE_URL": endpoint.base_url,
            "INTERVIEWER_LLM_API_KEY": "performance",
            "INTERVIEWER_LLM_MODEL": "fake",
        }
        with ServiceProcess(Path(folder), environment) as service:
            for row in rows(Desk(service, visitor, requests)):
                print(row, flush=True)
                missed += row.missed
    return missed


async def _fill(url: str, interviews: int) -> Visitor:
    settings = Settings(_env_file=None, database_url=url)
    engine = create_engine(settings.async_database_url)
    try:
        await upgrade(engine)
        visitor = await prepare(engine)
        if not visitor.interviews:
            started = time.perf_counter()
            await Generator(engine).fill(interviews)
            print(f"filled in {time.perf_counter() - started:.0f} s", flush=True)
            visitor = await prepare(engine)
        return visitor
    finally:
        await engine.dispose()


if __name__ == "__main__":
    sys.exit(main())
