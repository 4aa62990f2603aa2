"""Judgements kept by what they depend on: the same reply under the same judge is paid for once."""

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from pydantic import TypeAdapter, ValidationError
from sqlalchemy.exc import IntegrityError

from app.db.engine import Database
from app.errors import StorageError
from app.llm.metering import asked_about
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.repository import Judgements
from app.scoring.rubric import Answer, Item, RubricPoint

log = logging.getLogger(__name__)
_ID_LENGTH = 32


class JudgementStore(Protocol):
    """Where judgements are kept; what it keeps never changes."""

    async def get(self, key: str) -> list[Judgement] | None:
        """The judgements kept under `key`, one a point asked for, or None."""
        ...

    async def put(self, key: str, judgements: Sequence[Judgement]) -> None:
        """Keep them; a key that is there already keeps what it has."""
        ...


class CachingJudge:
    """A judge that asks its store first. What failed is not kept, so that it is tried again."""

    def __init__(self, judge: Judge, store: JudgementStore) -> None:
        self._judge = judge
        self._store = store

    def identity(self, language: str) -> Mapping[str, str]:
        return self._judge.identity(language)

    async def prepare(self, item: Item) -> None:
        await self._judge.prepare(item)

    async def judge(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        key = judgement_key(self.identity(item.language), item, answer, points)
        known = await self._store.get(key)
        if known is not None and len(known) == len(points):
            return known
        judgements = await self._judge.judge(item, answer, points)
        if all(judgement.credit is not None for judgement in judgements):
            await self._store.put(key, judgements)
        return judgements


def judgement_key(
    identity: Mapping[str, str], item: Item, answer: Answer, points: Sequence[RubricPoint]
) -> str:
    """64 hex digits over all that judgements depend on; a reply's place in its transcript is not of it."""
    parts = {
        "judge": dict(identity),
        "question": item.question,
        "points": [[point.id, point.text] for point in item.points],
        "reference_answer": item.reference_answer,
        "language": item.language,
        "replies": [part.text for part in answer],
        "asked": [point.id for point in points],
    }
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


_JUDGEMENTS = TypeAdapter(list[Judgement])


class DatabaseJudgements:
    """A `JudgementStore`. A database that refuses costs a call or a row, never a score.

    It notes which interview asked, as `calls_about` says, since judgements quote what a candidate wrote and
    are deleted with the last interview that used them.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, key: str) -> list[Judgement] | None:
        """The judgements kept under `key`; None too for rows that can't be read."""
        interview_id, is_noted = _asking_interview(), True
        try:
            async with self._database.reading() as session:
                judgements = Judgements(session)
                kept = await judgements.get(key)
                if kept is not None and interview_id is not None:
                    is_noted = await judgements.is_used(key, interview_id)
            if not is_noted:
                await self._note_use(key, interview_id)
            return None if kept is None else _JUDGEMENTS.validate_python(kept)
        except StorageError as error:
            log.warning("judgements not looked up: %s", error.detail)
        except ValidationError as error:
            log.warning("judgements %s can't be read: %s", key, error.errors(include_input=False)[0]["msg"])
        return None

    async def put(self, key: str, judgements: Sequence[Judgement]) -> None:
        """Keep them; a key that is there already keeps what it has. Of a deleted interview none are kept."""
        kept = _JUDGEMENTS.dump_python(list(judgements), mode="json")
        interview_id = _asking_interview()
        try:
            async with self._database.session() as session:
                await Judgements(session).add(key, kept, interview_id)
        except IntegrityError:
            log.debug("judgements %s were kept by another writer first, or their interview is gone", key)
            await self._note_use(key, interview_id)
        except StorageError as error:
            log.warning("judgements not kept: %s", error.detail)

    async def _note_use(self, key: str, interview_id: str | None) -> None:
        if interview_id is None:
            return
        try:
            async with self._database.session() as session:
                await Judgements(session).note_use(key, interview_id)
        except IntegrityError:
            log.debug("judgements %s are gone, or the interview that used them", key)
        except StorageError as error:
            log.warning("use of judgements not noted: %s", error.detail)


def _asking_interview() -> str | None:
    """The interview whose reply is being judged: `calls_about` names it before a slash."""
    interview_id, slash, _ = asked_about().partition("/")
    return interview_id if slash and len(interview_id) == _ID_LENGTH else None
