from typing import Any

import pytest

from app.db.engine import Database
from app.db.tables import Account, Interview, now
from app.errors import BadInputError
from app.recruiting.desk.filters import PAGE_LENGTH, ListRequest
from app.recruiting.desk.neighbours import Neighbour
from app.recruiting.desk.service import DeskService
from tests.recruiting.desk.interviewed import id_of, interview, store


async def cursors(database: Database, reader: Account, **query: Any) -> dict[int, str]:
    """Every interview on the page by its number, with its place."""
    page = await DeskService(database).page(ListRequest(**query), reader)
    return {int(each.id, 16): each.cursor for each in page.interviews}


def number(neighbour: Neighbour | None) -> int | None:
    return None if neighbour is None else int(neighbour.id, 16)


@pytest.mark.parametrize("sort", ["attention", "newest", "oldest", "flags"])
async def test_one_walks_through_a_whole_list_and_back(
    database: Database, reader: Account, sort: str
) -> None:
    await store(database, *(interview(n, minute=n // 4, flagged=n % 3, attention=n % 2) for n in range(28)))
    page = ListRequest(sort=sort, status="ended")
    desk = DeskService(database)
    shown = await desk.page(page, reader)
    here = Neighbour(shown.interviews[0].id, shown.interviews[0].cursor, page)
    listed = [each.id for each in shown.interviews]
    while shown.next:
        shown = await desk.page(page.model_copy(update={"after": shown.next}), reader)
        listed += [each.id for each in shown.interviews]
    walked = [here]
    while (beside := await DeskService(database).beside(here.page, here.place, here.id, reader)).next:
        here = beside.next
        walked.append(here)
    assert [each.id for each in walked] == listed
    # Each stands on the page that one would go back to.
    for each in walked:
        shown = await desk.page(each.page, reader)
        assert each.id in [one.id for one in shown.interviews]
    back = [here]
    while (beside := await DeskService(database).beside(here.page, here.place, here.id, reader)).previous:
        here = beside.previous
        back.append(here)
        shown = await desk.page(here.page, reader)
        assert here.id in [one.id for one in shown.interviews]
    assert [each.id for each in back] == listed[::-1]


async def test_within_a_page_one_goes_back_to_the_same_page(database: Database, reader: Account) -> None:
    await store(database, *(interview(n) for n in range(PAGE_LENGTH + 2)))
    places = await cursors(database, reader, sort="oldest")
    page = ListRequest(sort="oldest")
    inside = await DeskService(database).beside(page, places[3], id_of(3), reader)
    assert inside.next is not None
    assert inside.next.page == page
    last = PAGE_LENGTH - 1
    turned = await DeskService(database).beside(page, places[last], id_of(last), reader)
    assert turned.next is not None
    assert turned.next.page.after == places[last]


async def test_what_was_reviewed_meanwhile_does_not_lose_the_place(
    database: Database, reader: Account
) -> None:
    await store(database, *(interview(n, attention=1) for n in range(5)))
    places = await cursors(database, reader, reviewed="no")
    async with database.session() as session:
        row = await session.get(Interview, id_of(2))
        assert row is not None
        row.attention, row.reviewed_at = 0, now()
    beside = await DeskService(database).beside(ListRequest(reviewed="no"), places[2], id_of(2), reader)
    assert (number(beside.previous), number(beside.next)) == (3, 1)


async def test_what_moved_in_the_list_is_not_its_own_neighbour(database: Database, reader: Account) -> None:
    await store(database, *(interview(n, attention=n // 2) for n in range(4)))
    places = await cursors(database, reader)
    async with database.session() as session:
        row = await session.get(Interview, id_of(2))
        assert row is not None
        row.attention = 0
    beside = await DeskService(database).beside(ListRequest(), places[2], id_of(2), reader)
    assert (number(beside.previous), number(beside.next)) == (3, 1)


async def test_a_filtered_list_is_walked_as_it_is_filtered(database: Database, reader: Account) -> None:
    await store(database, *(interview(n, disputed=n % 2) for n in range(7)))
    places = await cursors(database, reader, disputed="yes", sort="oldest")
    page = ListRequest(disputed="yes", sort="oldest")
    beside = await DeskService(database).beside(page, places[3], id_of(3), reader)
    assert (number(beside.previous), number(beside.next)) == (1, 5)


async def test_a_place_of_another_order_is_refused(database: Database, reader: Account) -> None:
    await store(database, interview(1))
    places = await cursors(database, reader, sort="oldest")
    with pytest.raises(BadInputError):
        await DeskService(database).beside(ListRequest(sort="newest"), places[1], id_of(1), reader)
