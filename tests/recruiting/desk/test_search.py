import pytest
from sqlalchemy import delete, text

from app.db.engine import Database
from app.db.tables import Account, Interview, Invite, Template
from app.db.word_index import TRANSCRIPT_WORDS, index_names
from app.recruiting.desk.filters import ListRequest
from app.recruiting.desk.schemas import Match
from app.recruiting.desk.service import DeskService
from tests.recruiting.desk.interviewed import BEGIN, id_of, interview, say, store


@pytest.fixture
def desk(database: Database) -> DeskService:
    return DeskService(database)


@pytest.fixture
async def spoken(database: Database) -> None:
    """Three interviews about complaints."""
    await store(database, interview(1, candidate_name="欧阳晓明"), interview(2), interview(3))
    await say(database, 1, ["请讲一件客户投诉。", "我先听完，再退款。客户的问题解决了。"])
    await say(database, 2, ["請講一件客戶投訴。", "不，滿意的話我會 Follow Up，訂單號是 AB12_34。"])
    await say(database, 3, ["How did it begin?", "不满 he was, and I was 满意."])


async def found(desk: DeskService, reader: Account, typed: str) -> list[int]:
    page = await desk.page(ListRequest(q=typed, sort="oldest"), reader)
    return [int(each.id, 16) for each in page.interviews]


FOUND: dict[str, list[int]] = {
    "退": [1],
    "退款": [1],
    "投诉": [1, 2],
    "投訴": [1, 2],
    "客户投诉": [1, 2],
    "一件客户投诉": [1, 2],
    "一件客户退款": [],
    "客户 退款": [1],
    "退款 客户 问题解决": [1],
    "退款 订单": [],
    "不满意": [2],
    "不满 满意": [2, 3],
    "follow": [2],
    "FOLLOW up": [2],
    "ollow": [],
    "ab12": [2],
    "ＡＢ１２": [2],
    "欧阳": [1],
    "晓明": [1],
    "欧阳 退款": [],
    "鱻": [],
    "，。!": [],
    '"客户" OR *': [],
    "-客户": [1, 2],
    "00000000000000000000000000000003": [3],
    id_of(2)[:31]: [1, 2, 3],
    "000": [],
}


@pytest.mark.usefixtures("spoken")
async def test_words_lead_to_the_interviews_in_which_all_of_them_were_said(
    desk: DeskService, reader: Account
) -> None:
    # One database for all cases: making one takes longer than all of them.
    assert {typed: await found(desk, reader, typed) for typed in FOUND} == FOUND


async def test_no_run_reaches_from_one_line_into_the_next(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, interview(1))
    await say(database, 1, ["我退", "款了"])
    assert await found(desk, reader, "退款") == []
    assert await found(desk, reader, "我退 款了") == [1]


async def test_an_invites_reference_leads_to_its_interview(
    database: Database, desk: DeskService, reader: Account
) -> None:
    await store(database, interview(1), interview(2))
    async with database.session() as session:
        session.add(Template(id="t1", name="Front desk", content={}, drawing={}))
        await session.flush()
        session.add(
            Invite(
                template_id="t1",
                token_hash="0" * 64,
                name="Ann Lee",
                reference="HR-2026/17",
                expires_at=BEGIN,
                interview_id=id_of(2),
            )
        )
        await session.flush()
        await index_names(session, id_of(2))
    assert await found(desk, reader, "hr-2026/17") == [2]
    assert await found(desk, reader, "lee") == [2]


async def test_a_deleted_interview_leaves_no_words_behind(database: Database) -> None:
    await store(database, interview(1), interview(2))
    await say(database, 1, ["退款"])
    await say(database, 2, ["退款"])
    async with database.session() as session:
        await session.execute(delete(Interview).where(Interview.id == id_of(1)))
    async with database.reading() as session:
        left = await session.scalar(text(f"SELECT count(*) FROM {TRANSCRIPT_WORDS}"))
    assert left == 1


async def test_more_matches_than_are_looked_up_singly_are_all_found(
    database: Database, desk: DeskService, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.recruiting.desk.repository.FEW", 3)
    await store(database, *(interview(number) for number in range(1, 9)))
    for number in range(1, 9):
        await say(database, number, ["退款" if number % 4 else "换货"])
    assert await found(desk, reader, "退款") == [1, 2, 3, 5, 6, 7]
    page = await desk.page(ListRequest(q="退款"), reader)
    assert page.total == 6


def shown(match: Match | None) -> str:
    assert match is not None
    return "".join(f"[{piece.text}]" if piece.marked else piece.text for piece in match.pieces)


@pytest.mark.usefixtures("spoken")
async def test_the_words_are_shown_where_they_were_said(desk: DeskService, reader: Account) -> None:
    page = await desk.page(ListRequest(q="客户 退款", sort="oldest"), reader)
    match = page.interviews[0].match
    assert shown(match) == "我先听完，再[退款]。[客户]的问题解决了。"
    assert match is not None
    assert (match.seq, match.speaker) == (2, "candidate")
    page = await desk.page(ListRequest(q="不满意"), reader)
    assert shown(page.interviews[0].match).startswith("[不，滿意]的話")
