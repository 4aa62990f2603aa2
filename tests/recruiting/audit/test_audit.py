import ast
import csv
import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import delete, select, text, update
from sqlalchemy.exc import DBAPIError

from app.db.audit import SYSTEM, Actor, audit, was_noted
from app.db.engine import Database
from app.db.tables import AuditEvent
from app.errors import StorageError
from app.recruiting.audit.repository import AuditFilter
from app.recruiting.audit.service import AuditService
from app.web.wording import wording

SOURCES = Path(__file__).parents[3] / "app"
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
ANN = Actor("Ann")


async def fill(database: Database, number: int) -> None:
    """Events an hour apart; every third by Ann, of two actions in turn, on five subjects."""
    async with database.session() as session:
        for place in range(number):
            session.add(
                AuditEvent(
                    at=NOON + timedelta(hours=place),
                    actor="Ann" if place % 3 == 0 else "system",
                    action=("invite.create", "invite.revoke")[place % 2],
                    subject=f"s{place % 5}",
                    detail={"place": place},
                )
            )
            await session.flush()


async def places(database: Database, wanted: AuditFilter, size: int = 4) -> list[int]:
    """All pages of a filter, one after another."""
    found: list[int] = []
    before: int | None = None
    while True:
        page = await AuditService(database).page(wanted, before, size)
        assert len(page.events) <= size
        found += [event.detail["place"] for event in page.events]
        before = page.next
        if before is None:
            return found


@pytest.mark.parametrize("size", [1, 4, 19, 20, 21])
async def test_pages_show_every_event_once_newest_first(each_database: Database, size: int) -> None:
    await fill(each_database, 20)
    assert await places(each_database, AuditFilter(), size) == list(range(19, -1, -1))


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        (AuditFilter(actor="Ann"), lambda place: place % 3 == 0),
        (AuditFilter(action="invite.revoke"), lambda place: place % 2 == 1),
        (AuditFilter(subject="s2"), lambda place: place % 5 == 2),
        (AuditFilter(since=NOON + timedelta(hours=7)), lambda place: place >= 7),
        (AuditFilter(until=NOON + timedelta(hours=7)), lambda place: place < 7),
        (AuditFilter("Ann", "invite.create", "s0"), lambda place: place % 30 == 0),
        (AuditFilter(actor="ann"), lambda place: False),
    ],
)
async def test_filters_narrow_the_log(each_database: Database, wanted: AuditFilter, kept: object) -> None:
    await fill(each_database, 20)
    assert callable(kept)
    assert await places(each_database, wanted) == [place for place in range(19, -1, -1) if kept(place)]


async def test_an_unknown_place_is_the_end(each_database: Database) -> None:
    await fill(each_database, 2)
    assert (await AuditService(each_database).page(AuditFilter(), 999, 5)).events == []


async def test_what_happened_is_never_changed_and_never_deleted(each_database: Database) -> None:
    await fill(each_database, 1)
    for statement in (update(AuditEvent).values(actor="Ben"), delete(AuditEvent)):
        with pytest.raises((StorageError, DBAPIError), match="only ever added to"):
            async with each_database.session() as session:
                await session.execute(statement)
    if each_database.is_shared:
        with pytest.raises((StorageError, DBAPIError), match="only ever added to"):
            async with each_database.session() as session:
                await session.execute(text("TRUNCATE audit_events"))
    async with each_database.reading() as session:
        assert await session.scalar(select(AuditEvent.actor)) == "Ann"


async def test_the_export_is_whole_harmless_and_itself_in_the_log(database: Database) -> None:
    await fill(database, 3)
    async with database.session() as session:
        audit(session, Actor("=1+1"), "invite.create", "@x", note="好")
    await AuditService(database).note_export(ANN, AuditFilter(action="invite.create"))
    written = "".join([part async for part in AuditService(database).csv_lines(AuditFilter())])
    assert written.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(written.removeprefix("\ufeff"))))
    assert len(rows) == 5
    (exported,) = [row for row in rows if row["action"] == "audit.export"]
    assert exported["detail"] == '{"filtered_by": ["action"]}'
    (typed,) = [row for row in rows if "1+1" in row["actor"]]
    assert (typed["actor"], typed["subject"], typed["detail"]) == ("'=1+1", "'@x", '{"note": "好"}')


async def test_a_repeated_event_is_found_by_action_subject_and_time(database: Database) -> None:
    async with database.session() as session:
        audit(session, SYSTEM, "account.log_in_refused", "x")
    async with database.reading() as session:
        recently = datetime.now(UTC) - timedelta(minutes=1)
        assert await was_noted(session, "account.log_in_refused", "x", recently)
        assert not await was_noted(session, "account.log_in_refused", "y", recently)
        assert not await was_noted(session, "account.log_in_refused", "x", recently + timedelta(minutes=2))


def actions_in_the_code() -> set[str]:
    """Every action that is written out in a call of `audit`."""
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit" and len(node.args) > 2:
                constants = (each for each in ast.walk(node.args[2]) if isinstance(each, ast.Constant))
                found |= {each.value for each in constants if isinstance(each.value, str)}
    return found


def details_in_the_code() -> set[str]:
    """Every name under which a call of `audit` keeps something."""
    found: set[str] = set()
    for path in SOURCES.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit":
                found |= {keyword.arg for keyword in node.keywords if keyword.arg is not None}
    return found


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_everything_kept_about_an_event_has_a_name_people_can_read(language: str) -> None:
    t = wording(language)
    assert {name for name in details_in_the_code() if f"audit.detail.{name}" not in t} == set()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_action_has_a_name_people_can_read(language: str) -> None:
    t = wording(language)
    assert {action for action in actions_in_the_code() if f"audit.action.{action}" not in t} == set()
