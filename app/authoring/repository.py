"""All queries of drafts, of published versions and of work on drafts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.db.tables import Account, BankDraft, BankDraftJob, BankVersion, now

# Any number that no other program uses for an advisory lock on the same database.
_PUBLISHING = 0x1A7E_2714


@dataclass(frozen=True)
class Change:
    """What a draft is to hold next."""

    draft: str
    summary: str
    bank_id: str


class Drafts:
    """Drafts inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, draft: BankDraft) -> None:
        self._session.add(draft)
        await self._session.flush()

    async def get(self, draft_id: str) -> tuple[BankDraft, str | None] | None:
        """The draft with the name of the account that made it."""
        query = (
            select(BankDraft, Account.name)
            .outerjoin(Account, Account.id == BankDraft.created_by)
            .where(BankDraft.id == draft_id)
        )
        row = (await self._session.execute(query)).one_or_none()
        return None if row is None else (row[0], row[1])

    async def list(self, statuses: Sequence[str]) -> Sequence[tuple[BankDraft, str | None]]:
        """Drafts of these statuses without their content, with their authors' names, newest first."""
        query = (
            select(BankDraft, Account.name)
            .options(defer(BankDraft.draft, raiseload=True))
            .outerjoin(Account, Account.id == BankDraft.created_by)
            .where(BankDraft.status.in_(statuses))
            .order_by(BankDraft.created_at.desc(), BankDraft.id)
        )
        return [(draft, name) for draft, name in await self._session.execute(query)]

    async def change(self, draft_id: str, revision: int, change: Change) -> bool:
        """Put `change` in the place of an open draft's content; False when it is not at that revision."""
        return await self._set(
            draft_id, revision, draft=change.draft, summary=change.summary, bank_id=change.bank_id
        )

    async def publish(self, draft_id: str, revision: int, version: str) -> bool:
        """Mark an open draft as published; False when it is not at that revision."""
        return await self._set(draft_id, revision, status="published", published_version=version)

    async def discard(self, draft_id: str, revision: int) -> bool:
        """Mark an open draft as discarded; False when it is not at that revision."""
        return await self._set(draft_id, revision, status="discarded")

    async def bank_of_name(self, name: str) -> str | None:
        """The bank that the newest published draft of a file of that name went to."""
        query = (
            select(BankDraft.bank_id)
            .where(BankDraft.name == name, BankDraft.status == "published")
            .order_by(BankDraft.updated_at.desc())
            .limit(1)
        )
        return await self._session.scalar(query)

    async def _set(self, draft_id: str, revision: int, **values: str) -> bool:
        query = (
            update(BankDraft)
            .where(BankDraft.id == draft_id, BankDraft.revision == revision, BankDraft.status == "open")
            .values(revision=revision + 1, updated_at=now(), **values)
            .returning(BankDraft.id)
        )
        return (await self._session.execute(query)).one_or_none() is not None


class Versions:
    """Published versions inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def lock(self) -> None:
        """Nobody else publishes until the transaction ends; so numbers are committed in their order."""
        if self._session.get_bind().dialect.name == "postgresql":
            await self._session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _PUBLISHING})

    async def highest(self) -> int:
        """The highest number, 0 before the first publication."""
        return await self._session.scalar(select(func.max(BankVersion.number))) or 0

    async def add(self, version: BankVersion) -> None:
        self._session.add(version)
        await self._session.flush()

    async def latest(self, bank_id: str) -> BankVersion | None:
        """The version of the bank published last."""
        query = select(BankVersion).where(BankVersion.bank_id == bank_id)
        return await self._session.scalar(query.order_by(BankVersion.number.desc()).limit(1))

    async def latest_number(self, bank_id: str) -> int:
        """The number of the bank's last publication, 0 when there is none."""
        query = select(func.max(BankVersion.number)).where(BankVersion.bank_id == bank_id)
        return await self._session.scalar(query) or 0

    async def number(self, bank_id: str, version: str) -> int | None:
        """The number of a version, if it was published."""
        query = select(BankVersion.number).where(
            BankVersion.bank_id == bank_id, BankVersion.version == version
        )
        return await self._session.scalar(query)

    async def get(self, bank_id: str, version: str) -> BankVersion | None:
        query = select(BankVersion).where(BankVersion.bank_id == bank_id, BankVersion.version == version)
        return await self._session.scalar(query)

    async def newest(self, above: int) -> list[BankVersion]:
        """The latest version of each bank that was published above a number, in the order of numbers."""
        latest = select(func.max(BankVersion.number)).group_by(BankVersion.bank_id)
        query = select(BankVersion).where(BankVersion.number.in_(latest), BankVersion.number > above)
        return list(await self._session.scalars(query.order_by(BankVersion.number)))

    async def of_bank(self, bank_id: str) -> list[tuple[BankVersion, str | None]]:
        """Every version of a bank without its content, with who published it, newest first."""
        query = (
            select(BankVersion, Account.name)
            .options(defer(BankVersion.bank, raiseload=True))
            .outerjoin(Account, Account.id == BankVersion.published_by)
            .where(BankVersion.bank_id == bank_id)
            .order_by(BankVersion.number.desc())
        )
        return [(version, name) for version, name in await self._session.execute(query)]


class Jobs:
    """Work on drafts inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def get(self, draft_id: str) -> BankDraftJob | None:
        return await self._session.get(BankDraftJob, draft_id)

    async def start(self, job: BankDraftJob, silent_since: datetime) -> bool:
        """Begin a job unless one is under way on its draft, which is one seen after `silent_since`."""
        over = (BankDraftJob.failed.is_not(None)) | (BankDraftJob.seen_at < silent_since)
        await self._session.execute(
            delete(BankDraftJob).where(BankDraftJob.draft_id == job.draft_id).where(over)
        )
        if await self.get(job.draft_id) is not None:
            return False
        self._session.add(job)
        await self._session.flush()
        return True

    async def seen(self, job_id: str, done: int, total: int) -> bool:
        """Note how far a job is; whether it is to go on."""
        query = (
            update(BankDraftJob)
            .where(BankDraftJob.id == job_id)
            .values(done=done, total=total, seen_at=now())
            .returning(BankDraftJob.stopping)
        )
        stopping = await self._session.scalar(query)
        return stopping is False

    async def stop(self, draft_id: str) -> None:
        """Ask for the end of a job, and forget one that failed."""
        failed = BankDraftJob.failed.is_not(None)
        await self._session.execute(delete(BankDraftJob).where(BankDraftJob.draft_id == draft_id, failed))
        await self._session.execute(
            update(BankDraftJob).where(BankDraftJob.draft_id == draft_id).values(stopping=True)
        )

    async def end(self, job_id: str, failed: str | None = None) -> None:
        """Forget a job that ended well, or keep why it failed."""
        if failed is None:
            await self._session.execute(delete(BankDraftJob).where(BankDraftJob.id == job_id))
        else:
            await self._session.execute(
                update(BankDraftJob).where(BankDraftJob.id == job_id).values(failed=failed)
            )
