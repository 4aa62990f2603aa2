from datetime import timedelta
from typing import Any

import pytest

from app.db.engine import Database
from app.db.tables import Account, BlindReview, Dispute, Template, now
from app.errors import BadInputError
from app.interviews.repository import Interviews
from app.recruiting.desk.filters import PAGE_LENGTH, ListRequest
from app.recruiting.desk.schemas import InterviewList
from app.recruiting.desk.service import DeskService
from tests.recruiting.desk.interviewed import BEGIN, card, card_row, id_of, interview, scored, store


@pytest.fixture
def desk(database: Database) -> DeskService:
    return DeskService(database)


async def read(desk: DeskService, reader: Account, **query: Any) -> InterviewList:
    return await desk.page(ListRequest.model_validate(query), reader)


async def numbers(desk: DeskService, reader: Account, **query: Any) -> list[int]:
    """The numbers of the interviews on the first page."""
    return [int(each.id, 16) for each in (await read(desk, reader, **query)).interviews]


async def walk(desk: DeskService, reader: Account, **query: Any) -> list[list[int]]:
    """The numbers on each page, from the first to the last."""
    pages: list[list[int]] = []
    cursor = None
    while True:
        page = await read(desk, reader, **query, after=cursor)
        pages.append([int(each.id, 16) for each in page.interviews])
        if page.next is None:
            return pages
        cursor = page.next


async def test_an_empty_desk_has_an_empty_page(desk: DeskService, reader: Account) -> None:
    page = await read(desk, reader)
    assert (page.interviews, page.previous, page.next, page.total) == ([], None, None, 0)


async def test_pages_hold_every_interview_once(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, *(interview(number) for number in range(2 * PAGE_LENGTH + 3)))
    pages = await walk(desk, reader, sort="newest")
    assert [len(page) for page in pages] == [PAGE_LENGTH, PAGE_LENGTH, 3]
    assert [number for page in pages for number in page] == list(reversed(range(2 * PAGE_LENGTH + 3)))


@pytest.mark.parametrize("sort", ["attention", "newest", "oldest", "score_down", "score_up", "flags"])
async def test_every_order_leads_forth_and_back_again(
    database: Database, desk: DeskService, reader: Account, sort: str
) -> None:
    # Many stand in the same place but for their ids.
    many = [
        scored(number, number % 3 / 4, minute=number % 4, flagged=number % 2, attention=number % 3)
        for number in range(2 * PAGE_LENGTH + 1)
    ]
    await store(database, *many)
    first = await read(desk, reader, sort=sort)
    second = await read(desk, reader, sort=sort, after=first.next)
    third = await read(desk, reader, sort=sort, after=second.next)
    back = await read(desk, reader, sort=sort, before=third.previous)
    assert [each.id for each in back.interviews] == [each.id for each in second.interviews]
    back = await read(desk, reader, sort=sort, before=back.previous)
    assert [each.id for each in back.interviews] == [each.id for each in first.interviews]
    assert (back.previous, third.next) == (None, None)
    seen = [each.id for page in (first, second, third) for each in page.interviews]
    assert sorted(seen) == [each.id for each in many]


async def test_pages_stay_whole_while_interviews_begin(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, *(interview(number) for number in range(PAGE_LENGTH + 2)))
    first = await read(desk, reader, sort="newest")
    await store(database, *(interview(number) for number in range(100, 103)))
    second = await read(desk, reader, sort="newest", after=first.next)
    assert [int(each.id, 16) for each in second.interviews] == [1, 0]
    # Back at the beginning there is a whole page, with what is new.
    back = await read(desk, reader, sort="newest", before=second.previous)
    assert len(back.interviews) == PAGE_LENGTH
    assert back.previous is not None
    back = await read(desk, reader, sort="newest", before=back.previous)
    assert (int(back.interviews[0].id, 16), len(back.interviews)) == (102, PAGE_LENGTH)


async def test_a_full_last_page_has_no_next(database: Database, desk: DeskService, reader: Account) -> None:
    await store(database, *(interview(number) for number in range(PAGE_LENGTH)))
    assert (await read(desk, reader)).next is None


async def test_disputes_come_first_then_doubts_then_the_newest(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(
        database,
        interview(1, attention=1),
        interview(2, attention=2),
        interview(3),
        interview(4, attention=1),
    )
    assert await numbers(desk, reader) == [2, 4, 1, 3]


async def test_sorted_by_score_only_the_scored_are_listed(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, scored(1, 0.5), scored(2, None), scored(3, 0.9), scored(4, 0.0))
    assert await numbers(desk, reader, sort="score_down") == [3, 1, 4]
    assert await numbers(desk, reader, sort="score_up") == [4, 1, 3]


FOUND: list[tuple[dict[str, Any], list[int]]] = [
    ({"template": "t1"}, [1]),
    ({"bank": "other"}, [2]),
    ({"mode": "assessment"}, [1]),
    ({"status": "open"}, [3]),
    ({"least": 50}, [2, 1]),
    ({"least": 50, "most": 80}, [1]),
    ({"most": 100}, [3, 2, 1]),
    ({"flagged": "yes"}, [1]),
    ({"flagged": "no"}, [3, 2]),
    ({"disputed": "yes"}, [2]),
    ({"unscored": "yes"}, [3]),
    ({"reviewed": "yes"}, [1]),
    ({"reviewed": "no"}, [3, 2]),
    ({"released": "yes"}, [2]),
    ({"since": "2026-01-02"}, [3, 2]),
    ({"until": "2026-01-02"}, [2, 1]),
    ({"since": "2026-01-02", "until": "2026-01-02", "bank": "other"}, [2]),
    ({"bank": "other", "status": "open"}, []),
    ({"bank": "", "status": "", "least": "", "sort": ""}, [2, 3, 1]),
]


async def test_filters_narrow_the_list(database: Database, desk: DeskService, reader: Account) -> None:
    day = 24 * 60
    await store(
        database,
        scored(1, 0.5, minute=1, template_id="t1", mode="assessment", flagged=2, reviewed_at=BEGIN),
        scored(2, 1.0, minute=day, bank_id="other", disputed=1, attention=2, released_at=BEGIN),
        scored(3, 0.2, minute=2 * day, status="open", unscored=1),
    )
    for query, found in FOUND:
        assert await numbers(desk, reader, **{"sort": "newest", **query}) == found, query


async def test_the_score_is_what_the_cards_add_up_to(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, interview(1))
    async with database.session() as session:
        session.add_all(
            [
                card_row(id_of(1), 1, card(1, 4.5, flags=2)),
                card_row(id_of(1), 2, card(2, 6, flags=1)),
                card_row(id_of(1), 3, card(3, None)),
                Dispute(interview_id=id_of(1), number=1, point_id="0", text="no"),
            ]
        )
        await Interviews(session).update_totals(id_of(1))
    (row,) = (await read(desk, reader)).interviews
    assert (row.score, row.max_score, row.share) == (10.5, 16, 10.5 / 16)
    assert (row.flagged, row.unscored, row.disputed) == (3, 1, 1)


async def test_the_distribution_counts_all_that_the_filters_leave(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(
        database,
        *(scored(number, number / 10) for number in range(11)),
        scored(20, None),
        scored(21, 0.55, status="open"),
    )
    page = await read(desk, reader)
    assert page.distribution.counts == [1, 1, 1, 1, 1, 2, 1, 1, 1, 2]
    assert (page.distribution.without, page.total) == (1, 13)
    page = await read(desk, reader, status="open")
    assert (page.distribution.counts[5], page.total) == (1, 1)
    # To choose another score there must be something to choose from.
    page = await read(desk, reader, least=90, most=100)
    assert (page.distribution.counts[5], page.total) == (2, 2)


async def test_what_is_to_be_judged_blind_shows_neither_name_nor_score(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(
        database,
        scored(1, 0.9, candidate_name="林晓", flagged=1, blind=True),
        scored(2, 0.4, candidate_name="陈安", flagged=1),
    )
    page = await read(desk, reader, sort="newest")
    row = page.interviews[1]
    assert row.hidden
    assert (row.candidate, row.score, row.share, row.flagged, row.unscored) == (None, None, None, None, None)
    assert (page.distribution.counts[9], page.distribution.counts[4], page.distribution.without) == (0, 1, 1)
    # Nor can it be found out by what it stands among.
    for query in (
        {"sort": "score_down"},
        {"sort": "flags"},
        {"least": 80},
        {"flagged": "yes"},
        {"q": "林晓"},
    ):
        assert 1 not in await numbers(desk, reader, **query), query


async def test_a_finished_blind_review_shows_all(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, scored(1, 0.9, candidate_name="林晓", blind=True), scored(2, 0.3))
    async with database.session() as session:
        session.add(BlindReview(interview_id=id_of(1), account_id=reader.id, finished_at=now()))
        session.add(BlindReview(interview_id=id_of(2), account_id=reader.id))
    page = await read(desk, reader, sort="oldest")
    assert [(row.candidate, row.share) for row in page.interviews] == [("林晓", 0.9), (None, None)]
    assert await numbers(desk, reader, sort="score_down") == [1]
    assert await numbers(desk, reader, q="林晓") == [1]


async def test_the_choices_are_the_banks_asked_from_and_the_templates(
    database: Database, desk: DeskService
) -> None:
    await store(database, interview(1), interview(2, bank_id="other", bank_title="Other"))
    async with database.session() as session:
        session.add(Template(id="t1", name="Front desk", content={}, drawing={}))
    choices = await desk.choices()
    assert choices.banks == [("other", "Other"), ("tiny", "Tiny")]
    assert choices.templates == [("t1", "Front desk")]


async def test_the_cursor_of_another_order_is_refused(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, *(interview(number) for number in range(PAGE_LENGTH + 1)))
    cursor = (await read(desk, reader)).next
    with pytest.raises(BadInputError):
        await read(desk, reader, sort="newest", after=cursor)


def test_the_last_day_there_is_has_no_end() -> None:
    assert ListRequest.model_validate({"until": "9999-12-31"}).until_moment is None
    first = ListRequest.model_validate({"until": "2026-01-01"}).until_moment
    assert first == BEGIN + timedelta(days=1)
