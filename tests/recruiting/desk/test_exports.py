import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from app.db.engine import Database
from app.db.tables import Account, AuditEvent, Dispute, PointOverrideRow
from app.interviews.repository import Interviews
from app.recruiting.desk.export_records import Column
from app.recruiting.desk.exports import Export, ExportService
from app.scoring.card import ScorerIdentity
from tests.recruiting.desk.interviewed import card, id_of, interview, say, scored, store


@pytest.fixture
def exports(database: Database) -> ExportService:
    return ExportService(database)


async def taken(exports: ExportService, reader: Account, **wanted: Any) -> bytes:
    file = await exports.open(Export.model_validate(wanted), reader)
    return b"".join([piece async for piece in file.content])


def rows_of(table: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"))))


async def test_a_table_holds_every_interview_once_in_order_of_time(
    database: Database, exports: ExportService, reader: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.recruiting.desk.exports.ROWS_AT_ONCE", 3)
    await store(database, *(scored(number, 0.25, minute=number % 4) for number in range(1, 11)))
    rows = rows_of(await taken(exports, reader))
    assert sorted(row["id"] for row in rows) == [id_of(number) for number in range(1, 11)]
    assert [row["created_at"] for row in rows] == sorted(row["created_at"] for row in rows)
    assert (rows[0]["score"], rows[0]["max_score"], rows[0]["percent"]) == ("2.5", "10.0", "25.0")


async def test_spreadsheets_are_told_the_encoding(exports: ExportService, reader: Account) -> None:
    assert (await taken(exports, reader)).startswith(b"\xef\xbb\xbfid,candidate")


async def test_headings_may_be_in_the_readers_language(exports: ExportService, reader: Account) -> None:
    headings = {column: column.value.upper() for column in Column}
    file = await exports.open(Export(), reader, headings)
    assert b"".join([piece async for piece in file.content]).startswith(b"\xef\xbb\xbfID,CANDIDATE")


@pytest.mark.parametrize("name", ['=HYPERLINK("http://evil.test")', "+1", "-1", "@SUM(A1)", "\t=1"])
async def test_a_name_is_never_a_formula(
    database: Database, exports: ExportService, reader: Account, name: str
) -> None:
    await store(database, interview(1, candidate_name=name))
    (row,) = rows_of(await taken(exports, reader))
    assert row["candidate"] == f"'{name}"
    book = openpyxl.load_workbook(io.BytesIO(await taken(exports, reader, format="xlsx")))
    cell = next(cell for cell in book.active[2] if cell.column == list(Column).index(Column.CANDIDATE) + 1)
    assert (cell.value, cell.data_type) == (f"'{name}", "s")


async def test_a_workbook_holds_numbers_as_numbers(
    database: Database, exports: ExportService, reader: Account
) -> None:
    await store(database, scored(1, 0.5, candidate_name="林晓"), scored(2, None))
    book = openpyxl.load_workbook(io.BytesIO(await taken(exports, reader, format="xlsx")))
    heading, first, second = book.active.iter_rows(values_only=True)
    assert dict(zip(heading, first, strict=True)).items() >= {"candidate": "林晓", "score": 5}.items()
    assert dict(zip(heading, second, strict=True))["score"] in (None, "")


async def test_filters_and_chosen_interviews_say_what_is_taken(
    database: Database, exports: ExportService, reader: Account
) -> None:
    await store(database, interview(1), interview(2, status="open"), interview(3, status="open"))
    assert [row["id"] for row in rows_of(await taken(exports, reader, status="open"))] == [id_of(2), id_of(3)]
    chosen = await taken(exports, reader, ids=[id_of(3), id_of(1), "unknown"], status="paused")
    assert [row["id"] for row in rows_of(chosen)] == [id_of(1), id_of(3)]


async def test_lines_tell_everything_of_an_interview(
    database: Database, exports: ExportService, reader: Account
) -> None:
    await store(database, interview(1))
    await say(database, 1, ["What happened?", "<b>I listened</b>"])
    async with database.session() as session:
        for score in (2.0, 4.0):
            given = card(int(score), score)
            await Interviews(session).save_card(id_of(1), 1, given, ScorerIdentity(judge={"model": "m"}))
        override = {"number": 1, "point_id": "0", "author": "ann", "reason": "said so"}
        session.add(PointOverrideRow(interview_id=id_of(1), credit=0.5, machine_credit=1.0, **override))
        session.add(Dispute(interview_id=id_of(1), number=1, point_id="1", text="I did"))
    (record,) = map(json.loads, (await taken(exports, reader, format="jsonl")).splitlines())
    assert [line["text"] for line in record["transcript"]] == ["What happened?", "<b>I listened</b>"]
    point = record["cards"][0]["points"][0]
    assert (point["credit"], point["machine_credit"], point["overridden"]) == (0.5, 1.0, True)
    assert [each["author"] for each in record["overrides"]] == ["ann"]
    assert [each["card"]["score"] for each in record["history"]] == [2.0]
    assert [each["text"] for each in record["disputes"]] == ["I did"]


async def test_what_is_to_be_judged_blind_is_hidden_in_the_file_too(
    database: Database, exports: ExportService, reader: Account
) -> None:
    await store(database, scored(1, 0.5, candidate_name="林晓", blind=True))
    (row,) = rows_of(await taken(exports, reader))
    assert (row["candidate"], row["score"], row["percent"], row["hidden"]) == ("", "", "", "1")
    (record,) = map(json.loads, (await taken(exports, reader, format="jsonl")).splitlines())
    assert (record["candidate"], record["score"], record["cards"], record["history"]) == (None,) * 4


async def test_the_log_says_what_was_taken_but_not_what_was_searched(
    database: Database, exports: ExportService, reader: Account
) -> None:
    await store(database, interview(1, candidate_name="林晓"), interview(2))
    await taken(exports, reader, q="林晓", status="ended", format="jsonl")
    async with database.reading() as session:
        (event,) = await session.scalars(select(AuditEvent))
    assert (event.action, event.account_id) == ("list.export", reader.id)
    assert event.detail == {
        "format": "jsonl",
        "count": 1,
        "selected": False,
        "filters": {"status": "ended"},
        "searched": True,
    }
