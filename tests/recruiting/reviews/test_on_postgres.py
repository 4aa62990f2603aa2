"""What SQLite can't show: two writers at a time, and queries in another dialect."""

import asyncio

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.recruiting.reviews.blind_reviews import BlindReviewService
from app.recruiting.reviews.errors import ChangedMeanwhileError
from app.recruiting.reviews.repository import hidden_from
from app.recruiting.reviews.schemas import NewVerdict
from app.recruiting.reviews.service import ReviewService
from app.settings import Settings
from tests.recruiting.reviews.conftest import point_of
from tests.recruiting.reviews.held import dispute, hold, reviewer


async def test_of_two_at_once_exactly_one_decides(settings: Settings, postgres_url: str) -> None:
    settings = settings.model_copy(update={"database_url": postgres_url})
    database = Database(create_engine(settings.async_database_url))
    try:
        await upgrade(database.engine)
        reviews, blind = ReviewService(database), BlindReviewService(database)
        ada, ben = [await reviewer(database, name) for name in ("ada", "ben")]
        held = await hold(database, settings)
        seen = point_of(await reviews.read(held, ada), "1/p1")
        verdict = NewVerdict(credit=0.5, reason="half of it", seen=seen.seen, mark=seen.mark)
        outcomes = await asyncio.gather(
            *(reviews.override(held, 1, "p1", verdict, who) for who in (ada, ben)), return_exceptions=True
        )
        assert [type(outcome) for outcome in outcomes if outcome] == [ChangedMeanwhileError]

        undecided = ben if outcomes[1] else ada
        await blind.start(held, undecided)
        async with database.reading() as session:
            hidden = [await hidden_from(session, who.id, [held]) for who in (ada, ben)]
        assert sorted(hidden, key=len) == [set(), {held}]
        assert await blind.waiting(undecided) == [held]

        first, second = [
            await dispute(database, held, 1, point, "Please look again.") for point in ("p2", "p3")
        ]
        decided = ada if undecided is ben else ben
        assert [each.id for each in (await reviews.open_disputes(decided)).disputes] == [first, second]
        assert [each.id for each in (await reviews.open_disputes(decided, first)).disputes] == [second]
        assert (await reviews.open_disputes(undecided)).disputes == []
    finally:
        await database.close()
