from app.recruiting.reviews.repository import Reviews, hidden_from, is_hidden
from tests.recruiting.reviews.conftest import Desk


async def hidden(desk: Desk, account_id: str, *interview_ids: str) -> set[str]:
    """What is hidden, asked of many at once and of each alone."""
    async with desk.database.reading() as session:
        found = await hidden_from(session, account_id, interview_ids)
        for each in interview_ids:
            review = await Reviews(session).blind_review(each, account_id)
            assert is_hidden(await desk.interview(each), review) == (each in found)
    return found


async def test_an_ordinary_interview_is_open_to_everyone(desk: Desk) -> None:
    assert await hidden(desk, desk.ada.id, await desk.hold()) == set()


async def test_one_held_for_blind_review_is_hidden_from_everyone(desk: Desk) -> None:
    blind, open_one = await desk.hold(blind=True), await desk.hold()
    assert await hidden(desk, desk.ada.id, blind, open_one) == {blind}


async def test_a_review_of_ones_own_accord_hides_it_from_oneself_only(desk: Desk) -> None:
    held = await desk.hold()
    await desk.blind.start(held, desk.ada)
    assert await hidden(desk, desk.ada.id, held) == {held}
    assert await hidden(desk, desk.ben.id, held) == set()


async def test_finishing_shows_it_to_oneself_only(desk: Desk) -> None:
    held = await desk.hold(blind=True, questions=1)
    for point in ("p1", "p2", "p3"):
        await desk.blind.judge(held, 1, point, 1.0, desk.ada)
    await desk.blind.finish(held, desk.ada)
    assert await hidden(desk, desk.ada.id, held) == set()
    assert await hidden(desk, desk.ben.id, held) == {held}
