"""Judgements kept in the service's database, so that the same reply is paid for once."""

import logging
from collections.abc import Sequence

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database
from app.db.tables import JudgementRow
from app.errors import StorageError
from app.scoring.judges.judge import Judgement

log = logging.getLogger(__name__)
_JUDGEMENTS = TypeAdapter(list[Judgement])


class DatabaseJudgements:
    """A `JudgementStore`. A database that refuses costs a call or a row, never a score."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> list[Judgement] | None:
        """The judgements kept under `key`; None too for rows that can't be read."""
        try:
            async with self._database.reading() as session:
                row = await session.get(JudgementRow, key)
            return None if row is None else _JUDGEMENTS.validate_python(row.judgements)
        except StorageError as error:
            log.warning("judgements not looked up: %s", error.detail)
        except ValidationError as error:
            log.warning("judgements %s can't be read: %s", key, error.errors(include_input=False)[0]["msg"])
        return None

    async def put(self, key: str, judgements: Sequence[Judgement]) -> None:
        """Keep them; a key that is there already keeps what it has."""
        row = JudgementRow(key=key, judgements=_JUDGEMENTS.dump_python(list(judgements), mode="json"))
        try:
            async with self._database.session() as session:
                session.add(row)
        except IntegrityError:
            log.debug("judgements %s were kept by another writer first", key)
        except StorageError as error:
            log.warning("judgements not kept: %s", error.detail)
