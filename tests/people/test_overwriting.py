from sqlalchemy import text

from app.db.audit import CANDIDATE
from app.people.erasure import Eraser, Overwriter, erase
from tests.interviews.house import House
from tests.people.lives import WORD, lead_a_life, traces, traces_in_files


async def test_what_a_killed_process_left_is_overwritten_by_the_next(sqlite_house: House) -> None:
    interview_id = await lead_a_life(sqlite_house)
    async with sqlite_house.database.session() as session:
        await erase(session, CANDIDATE, [interview_id])
    assert await traces(sqlite_house.database, WORD) == {"transcript_words_data"}
    assert await Overwriter(sqlite_house.database).overwrite()
    assert await traces(sqlite_house.database, WORD) == set()
    assert traces_in_files(sqlite_house.settings.data_dir, WORD) == set()


async def test_while_someone_reads_the_log_waits_for_the_next_time(sqlite_house: House) -> None:
    interview_id = await lead_a_life(sqlite_house)
    eraser = Eraser(sqlite_house.database, sqlite_house.service)
    async with sqlite_house.database.reading() as session:
        await session.execute(text("SELECT COUNT(*) FROM utterances"))
        await eraser.erase(CANDIDATE, [interview_id])
        assert eraser.overwriter.is_due
    assert await eraser.overwriter.overwrite()
    assert traces_in_files(sqlite_house.settings.data_dir, WORD) == set()


async def test_with_nothing_deleted_there_is_nothing_to_do(house: House) -> None:
    overwriter = Overwriter(house.database)
    assert await overwriter.overwrite()
    assert not overwriter.is_due
    assert await overwriter.overwrite()
