"""Takes interviews out as a file: in batches, so that memory stays the same however many there are."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import orjson
from pydantic import Field

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, Interview, now
from app.pagination import Place
from app.recruiting.desk.export_records import Column, cells, records
from app.recruiting.desk.filters import MOST_SELECTED, Filters, Sort
from app.recruiting.desk.repository import DeskInterviews
from app.recruiting.desk.schemas import ListedInterview
from app.recruiting.desk.service import listed
from app.recruiting.reviews.repository import hidden_from
from app.spreadsheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, csv_rows, xlsx_file

Format = Literal["csv", "xlsx", "jsonl"]
MEDIA_TYPES: dict[Format, str] = {
    "csv": CSV_TYPE,
    "xlsx": XLSX_TYPE,
    "jsonl": "application/jsonl",
}
ROWS_AT_ONCE = 500
_WHOLE_AT_ONCE = 25
# In the order of time, which never changes, no interview is missed or taken twice while others are scored.
_ORDER: Sort = "oldest"
# Nothing is given out whose candidate took their consent back.
_CONSENTED = Interview.consent_withdrawn_at.is_(None)

Batches = AsyncIterator[list[ListedInterview]]


class Export(Filters):
    """What to take out: the interviews of `ids` if there are any, else all that the filters leave."""

    format: Format = "csv"
    ids: list[str] = Field([], max_length=MOST_SELECTED)


@dataclass(frozen=True)
class ExportFile:
    """A file that is written while it is read."""

    name: str
    media_type: str
    content: AsyncIterator[bytes]


class ExportService:
    """Exports interviews as one account may see them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(
        self, wanted: Export, account: Account, headings: Mapping[Column, str] | None = None
    ) -> ExportFile:
        """The file, noted in the audit log. `headings` name a table's columns in the reader's language."""
        filters = _filters(wanted)
        async with self._database.session() as session:
            interviews = DeskInterviews(session, account.id)
            conditions = [*await interviews.conditions(filters, _ORDER, wanted.ids), _CONSENTED]
            count = await interviews.count(conditions)
            narrowed = filters.given()
            # What was searched for may be a name, and the log holds none.
            searched = narrowed.pop("q", None) is not None
            audit(
                session,
                Actor.of(account),
                "list.export",
                format=wanted.format,
                count=count,
                selected=bool(wanted.ids),
                filters=narrowed,
                searched=searched,
            )
        if wanted.format == "jsonl":
            content = self._lines(wanted, account)
        elif wanted.format == "csv":
            content = _csv(self._tables(wanted, account, headings))
        else:
            content = xlsx_file(self._tables(wanted, account, headings))
        name = f"interviews-{now():%Y%m%d-%H%M%S}.{wanted.format}"
        return ExportFile(name, MEDIA_TYPES[wanted.format], content)

    async def _batches(self, wanted: Export, account: Account, size: int) -> Batches:
        """The interviews, `size` at a time, each batch read in a transaction of its own."""
        place: Place | None = None
        while True:
            async with self._database.reading() as session:
                interviews = DeskInterviews(session, account.id)
                conditions = await interviews.conditions(_filters(wanted), _ORDER, wanted.ids)
                conditions = [*conditions, _CONSENTED]
                ids = await interviews.ids(conditions, _ORDER, size, place)
                found = await interviews.found(ids)
                hidden = await hidden_from(session, account.id, ids)
            if found:
                place = interviews.place(found[-1].interview, _ORDER)
                yield [listed(each, each.interview.id in hidden) for each in found]
            if len(ids) < size:
                return

    async def _tables(
        self, wanted: Export, account: Account, headings: Mapping[Column, str] | None
    ) -> AsyncIterator[Sequence[Sequence[Cell]]]:
        """The rows of a table a batch at a time, its headings first."""
        yield [[headings[column] if headings else column.value for column in Column]]
        async for batch in self._batches(wanted, account, ROWS_AT_ONCE):
            yield [cells(interview) for interview in batch]

    async def _lines(self, wanted: Export, account: Account) -> AsyncIterator[bytes]:
        async for batch in self._batches(wanted, account, _WHOLE_AT_ONCE):
            async with self._database.reading() as session:
                whole = await records(DeskInterviews(session, account.id), batch)
            yield b"".join(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE) for record in whole)


def _filters(wanted: Export) -> Filters:
    """Chosen interviews are taken whatever the list was narrowed to."""
    if wanted.ids:
        return Filters()
    return Filters(**{name: getattr(wanted, name) for name in Filters.model_fields})


async def _csv(tables: AsyncIterator[Sequence[Sequence[Cell]]]) -> AsyncIterator[bytes]:
    write = csv_file
    async for rows in tables:
        yield write(rows).encode("utf-8", "replace")
        write = csv_rows
