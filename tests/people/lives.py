"""An interview with a row in every table that can tell of its candidate, and searches for traces."""

import sqlite3
from pathlib import Path
from typing import Any

from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from app.db.engine import Database
from app.db.tables import (
    BlindReview,
    BlindVerdict,
    DeviceLink,
    Dispute,
    Interview,
    InterviewToken,
    Invite,
    JudgementRow,
    JudgementUse,
    LLMCall,
    Person,
    PointOverrideRow,
    ReplacedCard,
    RescoredInterview,
    RescoringRun,
    ReviewComment,
    Template,
    new_id,
    now,
)
from app.db.tables.accounts import Account
from app.interviews.access.repository import hash_token
from app.scoring.card import PointScore, QuestionScore, Quote
from tests.interviews.house import House

WORD = "zebrafinch"


async def lead_a_life(house: House, word: str = WORD, **wanted: Any) -> str:
    """Hold an interview whose candidate says `word`, and add all that reviewers write; its id."""
    created = await house.interview(**wanted)
    await house.say(created.id, f"I would apologise and ask for the order number, {word}", f"one-{word}")
    await house.say(created.id, f"I would offer a refund to {word}", f"two-{word}")
    await house.service.end(created.id)
    await add_rows(house.database, created.id, word)
    return created.id


async def add_rows(database: Database, interview_id: str, word: str) -> None:
    """One row in every table that hangs on an interview, each with the candidate's word where text fits."""
    card = QuestionScore(
        status="scored",
        score=2.0,
        max_score=6.0,
        points=[PointScore(id="p1", credit=1.0, quotes=[Quote(seq=2, start=0, end=len(word), text=word)])],
        fingerprint="an earlier one",
    ).model_dump()
    async with database.session() as session:
        account = Account(name=f"reviewer of {interview_id[:8]}", password_hash="-", role="recruiter")
        template = Template(
            name="A template", content={}, **{_pinned_column(): [] if _pinned_column() == "questions" else {}}
        )
        run = RescoringRun(scope={}, scorer={}, author="someone")
        person = Person(token_hash=hash_token(f"cookie of {interview_id}"))
        session.add_all(
            [account, template, run, person, JudgementRow(key=key_of(interview_id), judgements=[card])]
        )
        await session.flush()
        interview = await session.get_one(Interview, interview_id)
        interview.candidate_name, interview.person_id = word, person.id
        review = BlindReview(interview_id=interview_id, account_id=account.id)
        session.add(review)
        await session.flush()
        session.add_all(
            [
                Invite(
                    template_id=template.id,
                    token_hash=hash_token(f"invite to {interview_id}"),
                    name=word,
                    email=f"{word}@example.org",
                    reference=f"applicant {word}",
                    expires_at=now(),
                    used_at=now(),
                    interview_id=interview_id,
                ),
                BlindVerdict(review_id=review.id, number=1, point_id="p1", credit=1.0, machine_credit=0.5),
                PointOverrideRow(
                    interview_id=interview_id,
                    number=1,
                    point_id="p1",
                    credit=1.0,
                    reason=word,
                    author="someone",
                ),
                ReviewComment(interview_id=interview_id, text=word, author="someone"),
                Dispute(interview_id=interview_id, number=1, point_id="p1", text=word, outcome=word),
                DeviceLink(token_hash=new_id(), interview_id=interview_id, expires_at=now()),
                InterviewToken(token_hash=new_id(), interview_id=interview_id, expires_at=now()),
                ReplacedCard(interview_id=interview_id, number=1, card=card, scored_at=now()),
                RescoredInterview(run_id=run.id, interview_id=interview_id, place=1, cards={"1": card}),
                JudgementUse(key=key_of(interview_id), interview_id=interview_id),
                call_about(f"{interview_id}/2"),
                call_about(f"{interview_id}/0"),
            ]
        )


def _pinned_column() -> str:
    return "drawing" if hasattr(Template, "drawing") else "questions"


def key_of(interview_id: str) -> str:
    """The key of the judgement kept for the interview."""
    return interview_id * 2


def call_about(about: str) -> LLMCall:
    """A call to a language model."""
    return LLMCall(
        purpose="judge",
        model="scripted",
        prompt_hash="-",
        prompt_tokens=1,
        cached_tokens=0,
        completion_tokens=1,
        seconds=0.1,
        outcome="ok",
        about=about,
    )


async def traces(database: Database, word: str) -> set[str]:
    """Names of the tables, those of the search index too, in which any column of any row holds `word`."""
    async with database.engine.connect() as connection:
        tables = await connection.run_sync(_all_tables)
        return {table.name for table in tables if await _holds(connection, table, word)}


def _all_tables(connection: Any) -> list[Table]:
    metadata = MetaData()
    metadata.reflect(connection)
    return list(metadata.tables.values())


async def _holds(connection: AsyncConnection, table: Table, word: str) -> bool:
    rows = await connection.execute(select(text("*")).select_from(table))
    return any(word in str(value) for row in rows for value in row)


def traces_in_files(folder: Path, word: str) -> set[str]:
    """Names of the files below `folder` whose bytes hold `word`."""
    return {path.name for path in folder.rglob("*") if path.is_file() and word.encode() in path.read_bytes()}


def rows_of(path: Path, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table of a SQLite file."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute(f"SELECT * FROM {table}").fetchall()
    finally:
        connection.close()
