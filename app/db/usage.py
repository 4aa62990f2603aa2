"""The ledger of LLM calls: into the metrics at once, into the database in the background."""

import logging

from prometheus_client import Counter, Histogram
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.background import PeriodicJob
from app.db.engine import Database
from app.db.tables import Interview, LLMCall
from app.errors import StorageError
from app.llm.base import Usage

log = logging.getLogger("interviewer.usage")

CALLS = Counter("interviewer_llm_calls_total", "LLM calls.", ["purpose", "outcome"])
TOKENS = Counter("interviewer_llm_tokens_total", "LLM tokens.", ["purpose", "kind"])
SECONDS = Histogram("interviewer_llm_seconds", "Duration of LLM calls.", ["purpose"])
FIRST_TOKEN_SECONDS = Histogram(
    "interviewer_llm_first_token_seconds", "Time to the first token.", ["purpose"]
)

_WRITE_EVERY_SECONDS = 1.0


class UsageLedger:
    """Keeps one row a call. Recording never waits; a database that refuses loses rows, not interviews."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: list[Usage] = []
        self._writing = PeriodicJob("recording LLM calls", _WRITE_EVERY_SECONDS, self._write)

    def record(self, usage: Usage) -> None:
        """Count one call."""
        CALLS.labels(usage.purpose, usage.outcome).inc()
        TOKENS.labels(usage.purpose, "prompt").inc(usage.prompt_tokens)
        TOKENS.labels(usage.purpose, "cached").inc(usage.cached_tokens)
        TOKENS.labels(usage.purpose, "completion").inc(usage.completion_tokens)
        SECONDS.labels(usage.purpose).observe(usage.seconds)
        if usage.first_token_seconds is not None:
            FIRST_TOKEN_SECONDS.labels(usage.purpose).observe(usage.first_token_seconds)
        self._pending.append(usage)

    def start(self) -> None:
        self._writing.start()

    async def close(self) -> None:
        """Stop writing and store what is pending."""
        await self._writing.close(finish=True)
        await self._write()

    async def _write(self) -> None:
        if not self._pending:
            return
        batch, self._pending = self._pending, []
        try:
            async with self._database.session() as session:
                deleted = await _deleted_interviews(session, {_asking(usage) for usage in batch})
                session.add_all(_row(usage, deleted) for usage in batch)
        except StorageError as error:
            log.error("%d LLM calls not recorded: %s", len(batch), error.detail)


def _asking(usage: Usage) -> str:
    """What a call was for: an interview's id, or the `score` API."""
    return usage.about.partition("/")[0]


async def _deleted_interviews(session: AsyncSession, asking: set[str]) -> set[str]:
    """Those that are no interview (any more); the others can't be deleted until the transaction ends."""
    found = await session.scalars(
        select(Interview.id).where(Interview.id.in_(asking)).with_for_update(read=True, key_share=True)
    )
    return asking - {"score"} - set(found)


def _row(usage: Usage, deleted: set[str]) -> LLMCall:
    return LLMCall(
        purpose=usage.purpose,
        model=usage.model,
        prompt_hash=usage.prompt_hash,
        prompt_tokens=usage.prompt_tokens,
        cached_tokens=usage.cached_tokens,
        completion_tokens=usage.completion_tokens,
        seconds=usage.seconds,
        outcome=usage.outcome,
        about="" if _asking(usage) in deleted else usage.about,
    )
