"""Versions of banks: published from drafts, compared, and brought back."""

import asyncio
import re
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from app.authoring.assembly import Assembled, assemble
from app.authoring.catalogue import Catalogue, taken_ids
from app.authoring.difference import BankDiff, difference
from app.authoring.drafts import stale
from app.authoring.identifiers import raised, version_key
from app.authoring.repository import Drafts, Versions
from app.authoring.schemas import LeftOut, PublishedVersion, VersionView
from app.banks.fingerprint import bank_hash
from app.banks.schema import Bank
from app.db.audit import actor_with, audit
from app.db.engine import Database
from app.db.tables import BankVersion, now
from app.documents.draft import Draft
from app.errors import BadInputError, ConflictError, NotFoundError

FIRST_VERSION = "1.0.0"
_VERSION = re.compile(r"\d{1,6}\.\d{1,6}\.\d{1,6}")


@dataclass(frozen=True)
class CurrentVersion:
    """The current version of a bank, if there is one, and the number of its last publication, else 0."""

    bank: Bank | None
    number: int


@dataclass(frozen=True)
class Proposed:
    """What a publication would make of a draft."""

    current: CurrentVersion
    assembled: Assembled
    diff: BankDiff


class Publisher:
    """Publishes versions. Each publication is one transaction; the index and the library follow it."""

    def __init__(self, database: Database, catalogue: Catalogue) -> None:
        self._database = database
        self._catalogue = catalogue

    async def current(self, bank_id: str) -> CurrentVersion:
        """The bank as it stands, read from the database: another process may have published it just now."""
        async with self._database.reading() as session:
            row = await Versions(session).latest(bank_id)
        published = None if row is None else await asyncio.to_thread(Bank.model_validate_json, row.bank)
        return CurrentVersion(
            self._catalogue.served.one(bank_id, published), 0 if row is None else row.number
        )

    async def proposed(self, draft: Draft, bank_id: str) -> Proposed:
        """What publishing the draft would change. Raises `BadInputError` for details a bank can't have."""
        current = await self.current(bank_id)

        def compared() -> Proposed:
            taken = taken_ids(self._catalogue.library.banks, besides=bank_id)
            assembled = assemble(draft, bank_id, current.bank, taken)
            diff = difference(bank_id, current.bank, assembled.bank)
            diff.after = None
            return Proposed(current, assembled, diff)

        return await asyncio.to_thread(compared)

    async def publish(
        self,
        draft_id: str,
        revision: int,
        draft: Draft,
        bank_id: str,
        account_id: str | None,
        *,
        version: str | None = None,
        onto: str | None = None,
    ) -> PublishedVersion:
        """Publish a draft at a revision. `version` is the person's choice, `onto` what they compared with.

        Raises `BadInputError` when nothing can be published or nothing changed, and `ConflictError` when the
        draft or the bank is no longer what the person saw.
        """
        proposed = await self.proposed(draft, bank_id)
        bank, current = proposed.assembled.bank, proposed.current
        if onto is not None and onto != (current.bank.version if current.bank else ""):
            raise _outrun()
        if bank is None:
            raise _nothing_publishable(proposed.assembled.left_out)

        async def take_draft(drafts: Drafts, version: str) -> None:
            if not await drafts.publish(draft_id, revision, version):
                raise stale()

        number, published = await self._store(
            bank, current, proposed.diff, account_id, version, draft_id=draft_id, also=take_draft
        )
        return PublishedVersion(
            bank_id=bank_id,
            version=published,
            number=number,
            questions=len(bank.questions()),
            left_out=proposed.assembled.left_out,
        )

    async def restore(self, bank_id: str, version: str, account_id: str | None) -> PublishedVersion:
        """Publish an older version's content as a new one. Raises as `publish` does, and `NotFoundError`."""
        old, current = await self._bank(bank_id, version), await self.current(bank_id)
        diff = difference(bank_id, current.bank, old)
        number, published = await self._store(old, current, diff, account_id, None)
        return PublishedVersion(
            bank_id=bank_id, version=published, number=number, questions=len(old.questions())
        )

    async def versions(self, bank_id: str) -> list[VersionView]:
        """Every version of the bank, newest first. Raises `NotFoundError`."""
        async with self._database.reading() as session:
            rows = await Versions(session).of_bank(bank_id)
        views = [
            VersionView(
                bank_id=bank_id,
                version=row.version,
                number=row.number,
                questions=row.questions,
                current=False,
                published_at=row.published_at,
                published_by=name,
                draft_id=row.draft_id,
            )
            for row, name in rows
        ]
        file = self._catalogue.served.file_bank(bank_id)
        if file is not None and all(view.version != file.version for view in views):
            views.append(
                VersionView(
                    bank_id=bank_id,
                    version=file.version,
                    number=None,
                    questions=len(file.questions()),
                    current=False,
                )
            )
        if not views:
            raise NotFoundError(f"there is no question bank {bank_id[:80]!r}", hint="Check its id.")
        views.sort(key=lambda view: version_key(view.version), reverse=True)
        views[0].current = True
        return views

    async def difference(self, bank_id: str, before: str, after: str) -> BankDiff:
        """What differs between two versions of a bank. Raises `NotFoundError`."""
        old, new = await self._bank(bank_id, before), await self._bank(bank_id, after)
        return await asyncio.to_thread(difference, bank_id, old, new)

    async def number_of(self, bank_id: str, version: str) -> int:
        """The number of a published version, 0 when it is none."""
        async with self._database.reading() as session:
            return await Versions(session).number(bank_id, version) or 0

    async def _bank(self, bank_id: str, version: str) -> Bank:
        async with self._database.reading() as session:
            row = await Versions(session).get(bank_id, version)
        if row is not None:
            return await asyncio.to_thread(Bank.model_validate_json, row.bank)
        file = self._catalogue.served.file_bank(bank_id)
        if file is not None and file.version == version:
            return file
        raise NotFoundError(
            f"the bank {bank_id[:80]!r} has no version {version[:40]!r}", hint="Check its list of versions."
        )

    async def _store(
        self,
        bank: Bank,
        current: CurrentVersion,
        diff: BankDiff,
        account_id: str | None,
        wanted: str | None,
        *,
        draft_id: str | None = None,
        also: Callable[[Drafts, str], Awaitable[None]] | None = None,
    ) -> tuple[int, str]:
        version = _next_version(current.bank, diff, wanted)
        bank = bank.model_copy(update={"version": version})
        row = await asyncio.to_thread(_row, bank, draft_id, account_id)
        try:
            async with self._database.session() as session:
                versions = Versions(session)
                await versions.lock()
                if await versions.latest_number(bank.id) != current.number:
                    raise _outrun()
                if also is not None:
                    await also(Drafts(session), version)
                await self._keep_file(versions, current.bank)
                row.number = await versions.highest() + 1
                await versions.add(row)
                actor = await actor_with(session, row.published_by)
                audit(session, actor, "bank.publish", bank.id, version=version, questions=row.questions)
        except IntegrityError as error:
            raise _outrun() from error
        self._catalogue.wake()
        return row.number, version

    async def _keep_file(self, versions: Versions, current: Bank | None) -> None:
        """The version a file has goes into the history before another follows it: files get overwritten."""
        if current is not None and await versions.number(current.id, current.version) is None:
            row = await asyncio.to_thread(_row, current, None, None)
            row.number = await versions.highest() + 1
            await versions.add(row)


def _outrun() -> ConflictError:
    """Another version of the bank came between."""
    return ConflictError(
        "another version of this bank was published meanwhile",
        hint="The draft is kept: look at what now differs, then publish again.",
    )


def _next_version(current: Bank | None, diff: BankDiff, wanted: str | None) -> str:
    """The version to publish: the wanted one if it is higher than the current one, else the next."""
    if current is not None and diff.is_empty:
        raise BadInputError(
            f"nothing differs from version {current.version}", hint="There is nothing to publish."
        )
    if wanted is not None:
        if not _VERSION.fullmatch(wanted):
            raise BadInputError(
                f"version: {wanted[:40]!r} is none", hint="Write three numbers such as 1.2.0."
            )
        if current is not None and version_key(wanted) <= version_key(current.version):
            raise BadInputError(
                f"version: {wanted} is not higher than {current.version}", hint="Choose a higher one."
            )
        return wanted
    if current is None:
        return FIRST_VERSION
    return raised(current.version, minor=diff.changes_questions)


def _nothing_publishable(left_out: list[LeftOut]) -> BadInputError:
    reasons = Counter(reason for question in left_out for reason in question.reasons)
    if not reasons:
        return BadInputError("the draft has no question", hint="Add questions, then publish.")
    listed = ", ".join(f"{reason} ({count})" for reason, count in reasons.most_common())
    return BadInputError(
        f"no question can be published yet: {listed}",
        hint="Settle these flags, write points and include questions; then publish.",
    )


def _row(bank: Bank, draft_id: str | None, account_id: str | None) -> BankVersion:
    return BankVersion(
        bank_id=bank.id,
        version=bank.version,
        bank=bank.model_dump_json(),
        content_hash=bank_hash(bank),
        questions=len(bank.questions()),
        draft_id=draft_id,
        published_by=account_id,
        published_at=now(),
    )
