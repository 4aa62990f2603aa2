"""Finds interviews by words of their transcripts: FTS5 on SQLite, a GIN index on Postgres, one tokeniser.

A text is cut into the units of `app.text.units`, words with apostrophes into their halves. A query's word
is a run of units, so that words of one or two characters are found too, whatever a dictionary knows of them.
FTS5 keeps the places of all units and finds runs of any length. GIN keeps no places: it gets the hashes of
all runs of one to three units, and a longer run is found where all its runs of three occur.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, column, func, literal, select, table, text, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Integer

from app.db.engine import Database
from app.db.tables import Interview, Invite, Utterance
from app.text.fold import fold
from app.text.units import runs, units

# The index differs by database, so no model describes it: on SQLite an FTS5 table with columns `words` and
# `who`, on Postgres a table with a GIN index over hashed runs of words. Each holds one entry an interview,
# under the interview's `number`, and the entry goes with it.
TRANSCRIPT_WORDS = "transcript_words"
INTERVIEW_NUMBERS = "interview_numbers"
MOST_QUERY_WORDS = 8
LONGEST_RUN = 3
# Stands between lines, so that no run reaches across; no text folds to it, since it is no letter or digit.
_LINE_END = "‖"
_WHO = "@"

_fts = table(TRANSCRIPT_WORDS, column("rowid", Integer), column(TRANSCRIPT_WORDS))
_gin = table(TRANSCRIPT_WORDS, column("number", Integer), column("grams", ARRAY(Integer)))


@dataclass(frozen=True)
class WordQuery:
    """What was searched for: every run of units must occur, each in one line."""

    runs: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, typed: str) -> "WordQuery":
        """The query of what was typed: white space divides runs; at most 8 count, each once."""
        runs = dict.fromkeys(tuple(units(word, halves=True)) for word in fold(typed).text.split(" "))
        return cls(tuple(run for run in runs if run)[:MOST_QUERY_WORDS])


def fts_document(lines: Sequence[str]) -> str:
    """The lines as FTS5's `ascii` tokeniser cuts them into units."""
    return f" {_LINE_END} ".join(" ".join(units(fold(line), halves=True)) for line in lines)


def gram_hashes(line: str, mark: str = "") -> set[int]:
    """The hashes of all runs of one to three units of a line, as signed 32-bit numbers."""
    found = units(fold(line), halves=True)
    return {_hash(mark, run) for length in range(1, LONGEST_RUN + 1) for run in runs(found, length)}


def who_hashes(names: str) -> set[int]:
    """The hashes under which a candidate's names are found, apart from those of what they said."""
    return gram_hashes(names, _WHO)


def said(query: WordQuery, dialect: str) -> Select[int]:
    """The numbers of the interviews in whose transcript every run of the query occurs."""
    return _matching(query, dialect, "words", "")


def named(query: WordQuery, dialect: str) -> Select[int]:
    """The numbers of the interviews in whose names, candidate's and invite's, every run occurs."""
    return _matching(query, dialect, "who", _WHO)


def _matching(query: WordQuery, dialect: str, field: str, mark: str) -> Select[int]:
    if dialect == "sqlite":
        phrases = " AND ".join(f'"{" ".join(run)}"' for run in query.runs)
        matched = _fts.c[TRANSCRIPT_WORDS].op("MATCH", is_comparison=True)(f"{field} : ({phrases})")
        return select(_fts.c.rowid).where(matched)
    wanted = {_hash(mark, part) for run in query.runs for part in runs(run, min(len(run), LONGEST_RUN))}
    held: ColumnElement[bool] = _gin.c.grams.contains(literal(sorted(wanted), ARRAY(Integer)))
    return select(_gin.c.number).where(held)


def _hash(mark: str, run: Sequence[str]) -> int:
    return zlib.crc32(f"{mark}{' '.join(run)}".encode("utf-8", "replace")) - 2**31


async def index_line(session: AsyncSession, interview_id: str, line: str) -> None:
    """Add a line of the transcript, in the transaction that stores it."""
    number = await _number(session, interview_id)
    if _dialect(session) == "sqlite":
        document = fts_document([line])
        if document:
            await _add_fts(session, number, words=document)
    elif hashes := gram_hashes(line):
        await _add_gin(session, number, hashes)


async def index_names(session: AsyncSession, interview_id: str) -> None:
    """Make the interview found by its candidate's name and its invite's name and reference."""
    number = await _number(session, interview_id)
    query = (
        select(Interview.candidate_name, Invite.name, Invite.reference)
        .outerjoin(Invite, Invite.interview_id == Interview.id)
        .where(Interview.id == interview_id)
    )
    row = (await session.execute(query)).one()
    names = "\n".join(dict.fromkeys(name for name in row if name))
    if not names:
        return
    if _dialect(session) == "sqlite":
        await _add_fts(session, number, who=fts_document(names.split("\n")))
    else:
        await _add_gin(session, number, {each for name in names.split("\n") for each in who_hashes(name)})


async def reindex_names(session: AsyncSession, interview_id: str) -> None:
    """Make the interview found by the names it has now, and by no earlier one."""
    number = await _number(session, interview_id)
    if _dialect(session) == "sqlite":
        emptied = text(f"UPDATE {TRANSCRIPT_WORDS} SET who = '' WHERE rowid = :number")
        await session.execute(emptied, {"number": number})
    else:
        # Hashes don't tell where they came from, so all of them are made anew.
        emptied = text(f"UPDATE {TRANSCRIPT_WORDS} SET grams = '{{}}' WHERE number = :number")
        await session.execute(emptied, {"number": number})
        lines = await session.scalars(select(Utterance.text).where(Utterance.interview_id == interview_id))
        if hashes := {each for line in lines for each in gram_hashes(line)}:
            await _add_gin(session, number, hashes)
    await index_names(session, interview_id)


async def merge_deleted(database: Database, pages: int) -> bool:
    """Merge so many pages of SQLite's index, without deleted words; whether there was anything to merge."""
    merge = text(f"INSERT INTO {TRANSCRIPT_WORDS} ({TRANSCRIPT_WORDS}, rank) VALUES ('merge', :pages)")
    async with database.session() as session:
        before = await session.scalar(text("SELECT total_changes()"))
        await session.execute(merge, {"pages": pages})
        after = await session.scalar(text("SELECT total_changes()"))
    # The statement itself counts as one change.
    return bool(after - before > 1)


async def _number(session: AsyncSession, interview_id: str) -> int:
    """The interview's number, given on first use: a row id of SQLite may change, and a UUID is no row id."""
    number = await session.scalar(select(Interview.number).where(Interview.id == interview_id))
    if number is not None:
        return number
    if _dialect(session) == "sqlite":
        following = select(func.coalesce(func.max(Interview.number), 0) + 1).scalar_subquery()
    else:
        following = select(func.nextval(INTERVIEW_NUMBERS)).scalar_subquery()
    given = (
        update(Interview)
        .where(Interview.id == interview_id)
        .values(number=following)
        .returning(Interview.number)
        .execution_options(synchronize_session=False)
    )
    number = (await session.execute(given)).scalar_one()
    assert number is not None
    if _dialect(session) == "sqlite":
        await session.execute(
            text(f"INSERT INTO {TRANSCRIPT_WORDS} (rowid, words, who) VALUES (:number, '', '')"),
            {"number": number},
        )
    return number


async def _add_fts(session: AsyncSession, number: int, words: str = "", who: str = "") -> None:
    await session.execute(
        text(
            f"UPDATE {TRANSCRIPT_WORDS} SET"
            " words = words || CASE WHEN words = '' OR :words = '' THEN '' ELSE :gap END || :words,"
            " who = CASE WHEN :who = '' THEN who ELSE :who END WHERE rowid = :number"
        ),
        {"number": number, "words": words, "who": who, "gap": f" {_LINE_END} "},
    )


async def _add_gin(session: AsyncSession, number: int, hashes: set[int]) -> None:
    await session.execute(
        text(
            f"INSERT INTO {TRANSCRIPT_WORDS} AS held (number, grams)"
            " VALUES (:number, CAST(:grams AS integer[]))"
            " ON CONFLICT (number) DO UPDATE SET grams = held.grams || excluded.grams"
        ),
        {"number": number, "grams": sorted(hashes)},
    )


def _dialect(session: AsyncSession) -> str:
    return session.get_bind().dialect.name
