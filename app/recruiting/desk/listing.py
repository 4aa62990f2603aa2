"""The recruiter's list: a page of interviews with what their score cards add up to."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.db.engine import Database
from app.db.tables import Interview
from app.errors import BadInputError
from app.recruiting.desk.repository import DeskInterviews, Filters, Place
from app.scoring.card import QuestionScore

PAGE_LENGTH = 25


@dataclass(frozen=True)
class Row:
    """One interview: `score` of `max_score` marks over its scored questions, `flagged` points to review."""

    interview: Interview
    score: float | None
    max_score: float
    scored: int
    unscored: int
    flagged: int

    @property
    def share(self) -> float | None:
        """The score as a share of the marks, 0..1."""
        return self.score / self.max_score if self.score is not None and self.max_score > 0 else None


@dataclass(frozen=True)
class Page:
    """A page of the list; `next` is the cursor of the one after it, None on the last."""

    rows: list[Row]
    next: str | None
    banks: list[tuple[str, str]]


async def read_page(database: Database, filters: Filters, cursor: str | None) -> Page:
    """The page after `cursor`, or the first. Raises `BadInputError` for a cursor that is none."""
    after = _decode(cursor) if cursor else None
    async with database.reading() as session:
        interviews = DeskInterviews(session)
        found = await interviews.page(filters, after, PAGE_LENGTH + 1)
        shown = found[:PAGE_LENGTH]
        cards = await interviews.cards([interview.id for interview in shown])
        banks = await interviews.banks()
    more = len(found) > PAGE_LENGTH
    return Page(
        rows=[_row(interview, cards[interview.id]) for interview in shown],
        next=_encode(Place(shown[-1].created_at, shown[-1].id)) if more else None,
        banks=banks,
    )


def _row(interview: Interview, cards: Sequence[QuestionScore]) -> Row:
    scored = [(card.score, card.max_score) for card in cards if card.score is not None]
    return Row(
        interview=interview,
        score=round(sum(score for score, _ in scored), 2) if scored else None,
        max_score=round(sum(max_score for _, max_score in scored), 2),
        scored=len(scored),
        unscored=len(cards) - len(scored),
        flagged=sum(point.needs_review for card in cards for point in card.points),
    )


def _encode(place: Place) -> str:
    return base64.urlsafe_b64encode(f"{place.created_at.isoformat()} {place.id}".encode()).decode()


def _decode(cursor: str) -> Place:
    try:
        at, _, interview_id = base64.urlsafe_b64decode(cursor.encode()).decode().rpartition(" ")
        return Place(datetime.fromisoformat(at), interview_id)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise BadInputError("after: is no place in the list", hint="Start from the first page.") from error
