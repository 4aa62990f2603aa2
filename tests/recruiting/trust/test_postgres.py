import pytest

from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.recruiting.desk.service import DeskService
from app.recruiting.trust.service import TrustService
from app.settings import Settings
from tests.recruiting.seeding import (
    add_account,
    seed_blind_reviews,
    seed_calls,
    seed_interviews,
    seed_overrides,
)


@pytest.mark.postgres
async def test_all_figures_can_be_read_from_postgres(postgres_url: str) -> None:
    settings = Settings(_env_file=None, database_url=postgres_url)  # type: ignore[call-arg]
    database = Database(create_engine(settings.async_database_url))
    try:
        await upgrade(database.engine)
        ann = await add_account(database, "ann")
        seeded = await seed_interviews(database, 20)
        await seed_blind_reviews(database, seeded, [ann], seeded.interviews[:10])
        overridden = await seed_overrides(database, seeded, ann, seeded.interviews[10:])
        await seed_calls(database, seeded)
        report = await TrustService(database).report()
        assert (report.interviews, report.blind.verdicts) == (20, 300)
        assert report.overridden == report.overrides.verdicts == overridden
        assert sum(series.total.interviews for series in report.drift.scorers) == 20
        assert report.running.replies.count == 120
        assert len((await DeskService(database).compare(seeded.interviews[:5], ann)).counted) == 6
    finally:
        await database.close()
