import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, text
from sqlalchemy.ext.asyncio import AsyncEngine

from app.db.engine import Database, create_engine
from app.db.opening import migration_config, upgrade
from app.db.word_index import WordQuery, named, said
from app.settings import Settings

AT = "2026-01-01 00:00:00+00:00"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def engine(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[AsyncEngine]:
    """A database of each kind as it was before transcripts could be searched."""
    url = f"sqlite:///{tmp_path / 'test.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("empty_postgres_url")
    engine = create_engine(Settings(_env_file=None, database_url=url).async_database_url)  # type: ignore[call-arg]
    async with engine.begin() as connection:
        await connection.run_sync(lambda c: command.upgrade(migration_config(c), "0005"))
        await connection.run_sync(fill)
    yield engine
    await engine.dispose()


def fill(connection: Connection) -> None:
    for number in range(1, 4):
        connection.execute(
            text(
                "INSERT INTO interviews (id, token_hash, bank_id, bank_title, bank_version, language, mode,"
                " status, settings, state, created_at, expires_at, paused_seconds, candidate_name)"
                " VALUES (:id, 'h', 'b', 'B', '1', 'zh-CN', 'practice', 'ended', :settings, '{}',"
                f" '{AT}', '{AT}', 0, :name)"
            ),
            {"id": str(number), "name": f"林晓{number}", "settings": json.dumps({"blind": number == 3})},
        )
    for number, line in ((1, "先退款"), (2, "再换货")):
        connection.execute(
            text(
                "INSERT INTO utterances (id, interview_id, seq, speaker, kind, text, at)"
                f" VALUES (:id, :id, 1, 'candidate', 'answer', :line, '{AT}')"
            ),
            {"id": str(number), "line": line},
        )
    points = [
        {"id": "p", "credit": 1.0, "needs_review": True},
        {"id": "q", "credit": 0.0, "needs_review": False},
    ]
    for number, score in ((1, 3.0), (2, None)):
        connection.execute(
            text(
                "INSERT INTO question_scores (interview_id, number, status, score, max_score, fingerprint,"
                f" card, scored_at) VALUES ('1', :number, 'scored', :score, 6, 'f', :card, '{AT}')"
            ),
            {
                "number": number,
                "score": score,
                "card": json.dumps({"score": score, "max_score": 6.0, "points": points if score else []}),
            },
        )


async def test_interviews_that_were_held_before_can_be_searched_and_sorted(engine: AsyncEngine) -> None:
    await upgrade(engine)
    async with Database(engine).reading() as session:
        dialect = engine.dialect.name
        first = await session.scalar(text("SELECT number FROM interviews WHERE id = '1'"))
        assert list(await session.scalars(said(WordQuery.of("退款"), dialect))) == [first]
        assert list(await session.scalars(named(WordQuery.of("林晓1"), dialect))) == [first]
        rows = await session.execute(
            text("SELECT score, share, flagged, unscored, attention, blind FROM interviews ORDER BY id")
        )
        assert [tuple(row) for row in rows] == [
            (3.0, 0.5, 1, 1, 1, False),
            (None, None, 0, 0, 0, False),
            (None, None, 0, 0, 0, True),
        ]


async def test_entries_that_would_be_cut_otherwise_are_made_anew(engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE utterances SET text = 'ขอโทษลูกค้า' WHERE id = '2'"))
        await connection.run_sync(lambda c: command.upgrade(migration_config(c), "0007"))
        if engine.dialect.name == "sqlite":
            # As the index of before had it: marks parted what they stand on.
            stale = "words = 'ขอโทษล กค า' WHERE words LIKE '%ข%'"
        else:
            number = "SELECT number FROM interviews WHERE id = '2'"
            stale = f"grams = '{{1}}' WHERE number = ({number})"
        await connection.execute(text(f"UPDATE transcript_words SET {stale}"))
    await upgrade(engine)
    async with Database(engine).reading() as session:
        dialect = engine.dialect.name
        rows = await session.execute(text("SELECT id, number FROM interviews"))
        numbers = {str(row.id): row.number for row in rows}
        assert list(await session.scalars(said(WordQuery.of("ลูกค้า"), dialect))) == [numbers["2"]]
        assert list(await session.scalars(named(WordQuery.of("林晓2"), dialect))) == [numbers["2"]]
        assert list(await session.scalars(said(WordQuery.of("退款"), dialect))) == [numbers["1"]]
