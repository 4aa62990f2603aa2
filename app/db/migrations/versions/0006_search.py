"""The index of words in transcripts, indexes of the recruiter's list, and both for interviews that exist."""

import json
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from app.db.word_index import INTERVIEW_NUMBERS, TRANSCRIPT_WORDS, fts_document, gram_hashes, who_hashes

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BATCH = 500
_LISTED = (
    *("number", "template_id", "bank_id", "mode", "status", "unscored", "disputed", "reviewed_at"),
    *("released_at", "blind"),
)
_INDEXES = {
    "ix_interviews_by_attention": ("attention", "created_at", "id", "share", "flagged", *_LISTED),
    "ix_interviews_by_time": ("created_at", "id", "share", "flagged", *_LISTED),
    "ix_interviews_by_share": ("share", "created_at", "id", "flagged", *_LISTED),
    "ix_interviews_by_flags": ("flagged", "created_at", "id", "share", *_LISTED),
}
_interviews = sa.table(
    "interviews",
    *(sa.column(name) for name in ("id", "candidate_name", "created_at", "share", "max_score")),
    *(sa.column(name) for name in ("number", "blind", "score", "flagged", "unscored", "attention")),
    *(sa.column(name) for name in ("machine_share", "judged", "doubted", "scorer_id")),
    sa.column("settings", sa.JSON()),
)
_lines = sa.table("utterances", *(sa.column(name) for name in ("interview_id", "seq", "text")))
_cards = sa.table(
    "question_scores",
    *(sa.column(name) for name in ("interview_id", "scorer_id")),
    sa.column("card", sa.JSON()),
)
_invites = sa.table("invites", *(sa.column(name) for name in ("interview_id", "name", "reference")))


def upgrade() -> None:
    op.add_column("interviews", sa.Column("number", sa.Integer(), nullable=True))
    op.add_column("interviews", sa.Column("blind", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.create_index("ix_interviews_number", "interviews", ["number"], unique=True)
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        op.execute(f"CREATE VIRTUAL TABLE {TRANSCRIPT_WORDS} USING fts5(words, who, tokenize = 'ascii')")
        op.execute(
            "CREATE TRIGGER interviews_forget_words AFTER DELETE ON interviews WHEN old.number IS NOT NULL "
            f"BEGIN DELETE FROM {TRANSCRIPT_WORDS} WHERE rowid = old.number; END"
        )
    else:
        op.execute(f"CREATE SEQUENCE {INTERVIEW_NUMBERS} AS integer")
        op.execute(
            f"CREATE TABLE {TRANSCRIPT_WORDS} (number integer PRIMARY KEY "
            "REFERENCES interviews (number) ON DELETE CASCADE, grams integer[] NOT NULL)"
        )
        # Its tuples stay small, and what they hold, which nothing reads, is kept elsewhere.
        op.execute(f"ALTER TABLE {TRANSCRIPT_WORDS} ALTER COLUMN grams SET STORAGE EXTERNAL")
        op.execute(f"ALTER TABLE {TRANSCRIPT_WORDS} SET (toast_tuple_target = 128)")
    for ids in _batches():
        _fill(ids, on_sqlite)
    if not on_sqlite:
        # Entries not yet sorted in are read one by one by every search: there should be few.
        op.execute(
            f"CREATE INDEX ix_{TRANSCRIPT_WORDS}_grams ON {TRANSCRIPT_WORDS} "
            "USING gin (grams) WITH (gin_pending_list_limit = 512)"
        )
    for name, columns in _INDEXES.items():
        op.create_index(name, "interviews", columns)


def downgrade() -> None:
    for name in _INDEXES:
        op.drop_index(name, "interviews")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TRIGGER interviews_forget_words")
    op.execute(f"DROP TABLE {TRANSCRIPT_WORDS}")
    if op.get_bind().dialect.name != "sqlite":
        op.execute(f"DROP SEQUENCE {INTERVIEW_NUMBERS}")
    op.drop_index("ix_interviews_number", "interviews")
    op.drop_column("interviews", "number")
    op.drop_column("interviews", "blind")


def _batches() -> Iterator[list[str]]:
    """The ids of all interviews, oldest first, some hundreds at a time."""
    connection = op.get_bind()
    ids = list(connection.scalars(sa.select(_interviews.c.id).order_by(_interviews.c.created_at)))
    for start in range(0, len(ids), _BATCH):
        yield ids[start : start + _BATCH]


def _fill(ids: list[str], on_sqlite: bool) -> None:
    """Number these interviews, index their words, and add up their cards."""
    connection = op.get_bind()
    first = (connection.scalar(sa.select(sa.func.max(_interviews.c.number))) or 0) + 1
    numbers = {interview_id: number for number, interview_id in enumerate(ids, first)}
    lines = _grouped(sa.select(_lines).where(_lines.c.interview_id.in_(ids)).order_by(_lines.c.seq))
    cards = _grouped(sa.select(_cards).where(_cards.c.interview_id.in_(ids)))
    invites = _grouped(sa.select(_invites).where(_invites.c.interview_id.in_(ids)))
    names: dict[str, list[str]] = {}
    for row in connection.execute(sa.select(_interviews).where(_interviews.c.id.in_(ids))).all():
        invited = [each for invite in invites.get(row.id, []) for each in (invite.name, invite.reference)]
        names[row.id] = list(dict.fromkeys(each for each in (row.candidate_name, *invited) if each))
        values: dict[str, Any] = {
            "number": numbers[row.id],
            "blind": bool((row.settings or {}).get("blind")),
        }
        if row.share is None and not row.max_score:
            values |= _standing(cards.get(row.id, []))
        connection.execute(sa.update(_interviews).where(_interviews.c.id == row.id).values(values))
    entries = [
        _entry(numbers[id], [line.text for line in lines.get(id, [])], names.get(id, []), on_sqlite)
        for id in ids
    ]
    given = "(number, grams) VALUES (:number, CAST(:grams AS integer[]))"
    if on_sqlite:
        given = "(rowid, words, who) VALUES (:number, :words, :who)"
    connection.execute(sa.text(f"INSERT INTO {TRANSCRIPT_WORDS} {given}"), entries)
    if not on_sqlite:
        connection.execute(sa.text(f"SELECT setval('{INTERVIEW_NUMBERS}', {first + len(ids) - 1})"))


def _grouped(query: sa.Select[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in op.get_bind().execute(query):
        found.setdefault(row.interview_id, []).append(row)
    return found


def _entry(number: int, lines: list[str], names: list[str], on_sqlite: bool) -> dict[str, Any]:
    if on_sqlite:
        return {"number": number, "words": fts_document(lines), "who": fts_document(names)}
    hashes = {each for line in lines for each in gram_hashes(line)}
    hashes |= {each for name in names for each in who_hashes(name)}
    return {"number": number, "grams": sorted(hashes)}


def _standing(cards: list[Any]) -> dict[str, Any]:
    """What `app.interviews.totals` keeps, before anyone has overridden or disputed anything."""
    read = [json.loads(row.card) if isinstance(row.card, str) else row.card for row in cards]
    scored = [card for card in read if card["score"] is not None]
    points = [point for card in read for point in card["points"]]
    judged = [point for point in points if point["credit"] is not None]
    score = round(sum(card["score"] for card in scored), 4)
    most = round(sum(card["max_score"] for card in scored), 4)
    flagged = sum(bool(point["needs_review"]) for point in points)
    scorers = {row.scorer_id for row in cards}
    return {
        "score": score if scored else None,
        "max_score": most,
        "share": score / most if scored and most else None,
        "machine_share": score / most if scored and most else None,
        "flagged": flagged,
        "unscored": len(read) - len(scored),
        "attention": 1 if flagged else 0,
        "judged": len(judged),
        "doubted": sum(bool(point["needs_review"]) for point in judged),
        "scorer_id": next(iter(scorers)) if len(scorers) == 1 else None,
    }
