from datetime import UTC, datetime, timedelta

import pytest

from app.db.engine import Database
from app.db.tables import Interview, QuestionScoreRow
from app.errors import BadInputError
from app.recruiting.desk.listing import PAGE_LENGTH, Row, read_page
from app.recruiting.desk.repository import Filters
from app.scoring.card import PointScore, QuestionScore

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)


def interview(
    number: int, *, bank: str = "tiny", status: str = "ended", minute: int | None = None
) -> Interview:
    return Interview(
        id=f"{number:032x}",
        token_hash="0" * 64,
        bank_id=bank,
        bank_title=bank.title(),
        bank_version="1.0.0",
        language="en",
        mode="practice",
        status=status,
        settings={},
        state={},
        created_at=BEGIN + timedelta(minutes=number if minute is None else minute),
        expires_at=BEGIN + timedelta(days=1),
        paused_seconds=0.0,
    )


def card(interview: Interview, number: int, score: float | None, flags: int = 0) -> QuestionScoreRow:
    points = [PointScore(id=str(i), credit=1, needs_review=i < flags) for i in range(3)]
    status = "not_scored" if score is None else "scored"
    full = QuestionScore(status=status, score=score, max_score=8, points=points, fingerprint="f")
    return QuestionScoreRow(
        interview_id=interview.id,
        number=number,
        status=status,
        score=score,
        max_score=8,
        fingerprint="f",
        card=full.model_dump(),
    )


async def store(database: Database, *rows: object) -> None:
    async with database.session() as session:
        session.add_all(row for row in rows if isinstance(row, Interview))
        await session.flush()
        session.add_all(row for row in rows if not isinstance(row, Interview))


async def ids(database: Database, filters: Filters = Filters()) -> list[list[str]]:
    """The ids on each page."""
    pages, cursor = [], None
    while True:
        page = await read_page(database, filters, cursor)
        pages.append([row.interview.id for row in page.rows])
        if page.next is None:
            return pages
        cursor = page.next


async def test_an_empty_desk_has_an_empty_page(database: Database) -> None:
    assert await ids(database) == [[]]


async def test_pages_hold_every_interview_once_newest_first(database: Database) -> None:
    many = [interview(number) for number in range(2 * PAGE_LENGTH + 3)]
    await store(database, *many)
    pages = await ids(database)
    assert [len(page) for page in pages] == [PAGE_LENGTH, PAGE_LENGTH, 3]
    assert [id for page in pages for id in page] == [each.id for each in reversed(many)]


async def test_interviews_of_the_same_moment_are_not_lost_between_pages(database: Database) -> None:
    many = [interview(number, minute=0) for number in range(PAGE_LENGTH + 5)]
    await store(database, *many)
    assert sorted(id for page in await ids(database) for id in page) == [each.id for each in many]


async def test_a_full_last_page_has_no_next(database: Database) -> None:
    await store(database, *(interview(number) for number in range(PAGE_LENGTH)))
    assert len(await ids(database)) == 1


async def test_filters_narrow_the_list(database: Database) -> None:
    await store(database, interview(1), interview(2, bank="other"), interview(3, bank="other", status="open"))
    assert await ids(database, Filters(bank="other")) == [[f"{3:032x}", f"{2:032x}"]]
    assert await ids(database, Filters(bank="other", status="ended")) == [[f"{2:032x}"]]
    page = await read_page(database, Filters(status="paused"), None)
    assert page.rows == []
    assert page.banks == [("other", "Other"), ("tiny", "Tiny")]


async def read_row(database: Database) -> Row:
    (row,) = (await read_page(database, Filters(), None)).rows
    return row


async def test_a_row_sums_its_cards(database: Database) -> None:
    one = interview(1)
    await store(database, one, card(one, 1, 4.5, flags=2), card(one, 2, 6, flags=1))
    row = await read_row(database)
    assert (row.score, row.max_score, row.share, row.flagged, row.unscored) == (10.5, 16, 10.5 / 16, 3, 0)


async def test_an_unscored_question_is_no_zero(database: Database) -> None:
    one = interview(1)
    await store(database, one, card(one, 1, 4), card(one, 2, None))
    row = await read_row(database)
    assert (row.score, row.max_score, row.unscored) == (4, 8, 1)


async def test_nothing_scored_has_no_score(database: Database) -> None:
    await store(database, interview(1))
    row = await read_row(database)
    assert (row.score, row.share) == (None, None)


@pytest.mark.parametrize("cursor", ["x", "!!!", "4pyT", "bm8gdGltZQ==", "é"])
async def test_a_forged_cursor_is_refused(database: Database, cursor: str) -> None:
    with pytest.raises(BadInputError):
        await read_page(database, Filters(), cursor)
