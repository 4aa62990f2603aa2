"""Entries of the index of words in transcripts whose texts are cut into other units than they were.

These are of Thai, Lao, Khmer and Myanmar, which are cut into characters, and texts with combining marks,
which stay with their letters. All other entries are as they would be made today.
"""

import re
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

from app.db.word_index import TRANSCRIPT_WORDS, fts_document, gram_hashes, who_hashes
from app.text.fold import fold
from app.text.units import units

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BATCH = 500
# What entries were cut by before.
_UNSPACED = "\u2e80-\u2fdf\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff"
_UNSPACED += "\U00020000-\U0003ffff"
_UNIT = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
# Characters that are cut as they were, which nearly all texts are made of: others need not be folded.
_THE_SAME = re.compile(
    "[\0-\u02ff\u2010-\u206f\u3000-\u3029\u3041-\u3096\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff5e]*"
)

_interviews = sa.table("interviews", *(sa.column(name) for name in ("id", "number", "candidate_name")))
_lines = sa.table("utterances", *(sa.column(name) for name in ("interview_id", "seq", "text")))
_invites = sa.table("invites", *(sa.column(name) for name in ("interview_id", "name", "reference")))


def upgrade() -> None:
    connection = op.get_bind()
    on_sqlite = connection.dialect.name == "sqlite"
    given = "grams = CAST(:grams AS integer[]) WHERE number = :number"
    if on_sqlite:
        given = "words = :words, who = :who WHERE rowid = :number"
    for number, lines, names in _texts():
        if not any(map(_is_cut_otherwise, (*lines, *names))):
            continue
        hashes = {each for line in lines for each in gram_hashes(line)}
        hashes |= {each for name in names for each in who_hashes(name)}
        entry = {"words": fts_document(lines), "who": fts_document(names)}
        values = entry if on_sqlite else {"grams": sorted(hashes)}
        connection.execute(sa.text(f"UPDATE {TRANSCRIPT_WORDS} SET {given}"), {"number": number, **values})


def downgrade() -> None:
    """Entries stay as they are: those of before were found by less."""


def _texts() -> Iterator[tuple[int, list[str], list[str]]]:
    """The number of each interview in the index, its lines, and its names."""
    connection = op.get_bind()
    numbered = sa.select(_interviews).where(_interviews.c.number.is_not(None)).order_by(_interviews.c.number)
    rows = connection.execute(numbered).all()
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        ids = [row.id for row in batch]
        lines: dict[str, list[str]] = {}
        said = sa.select(_lines).where(_lines.c.interview_id.in_(ids)).order_by(_lines.c.seq)
        for line in connection.execute(said):
            lines.setdefault(line.interview_id, []).append(line.text)
        invited: dict[str, list[str]] = {}
        for invite in connection.execute(sa.select(_invites).where(_invites.c.interview_id.in_(ids))):
            invited.setdefault(invite.interview_id, []).extend((invite.name, invite.reference))
        for row in batch:
            names = dict.fromkeys((row.candidate_name, *invited.get(row.id, [])))
            yield row.number, lines.get(row.id, []), [name for name in names if name]


def _is_cut_otherwise(text: str) -> bool:
    if _THE_SAME.fullmatch(text):
        return False
    folded = fold(text).text
    return _UNIT.findall(folded) != units(folded, halves=True)
