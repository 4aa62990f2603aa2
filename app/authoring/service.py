"""What recruiters do with drafts: made from documents, corrected, published. Every edit is safe to repeat."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

from app.authoring import editing, repairs
from app.authoring.catalogue import Catalogue
from app.authoring.checks import summarise
from app.authoring.difference import BankDiff
from app.authoring.drafts import closed, content_of, keep_draft, listing, stale
from app.authoring.duplicates import DuplicateFinder
from app.authoring.proposals import ProposalJobs, Proposer, job_view, propose_points
from app.authoring.publishing import Publisher
from app.authoring.repository import Change, Drafts, Jobs
from app.authoring.schemas import (
    DetailsEdit,
    DraftListing,
    DraftStatus,
    DraftView,
    JobView,
    PublishedVersion,
    QuestionEdit,
)
from app.db.audit import actor_with, audit
from app.db.engine import Database
from app.db.tables import BankDraft
from app.documents.bank_import import draft_from
from app.documents.draft import Draft
from app.errors import BadInputError, NotFoundError
from app.llm.base import ChatModel
from app.llm.prompts import PromptLibrary
from app.search.index import QuestionIndex
from app.text.quoting import clean

# Each may hold a document of 20 MB and what is understood of it.
IMPORTS_AT_ONCE = 2
_LONGEST_NAME = 200

Importer = Callable[[str, bytes], Draft]
"""Makes a draft of a document, given its name and content. Blocks."""


def import_document(name: str, content: bytes) -> Draft:
    """As `importing.import_document`, the importer of the house."""
    # Importing brings dictionaries with it, which nothing else needs.
    from app.documents import importing

    return importing.import_document(name, content)


class DraftService:
    """Drafts, and by its `publisher` versions. A change names the `revision` it was made to.

    An old revision is refused with `ConflictError`, an unknown draft with `NotFoundError`. No method leaves
    anything half stored.
    """

    def __init__(
        self,
        *,
        database: Database,
        catalogue: Catalogue,
        index: QuestionIndex,
        llm: ChatModel,
        prompts: PromptLibrary,
        importer: Importer = import_document,
        proposer: Proposer = propose_points,
    ) -> None:
        """`importer` reads documents, `proposer` proposes points."""
        self._database = database
        self._catalogue = catalogue
        self.publisher = Publisher(database, catalogue)
        self._duplicates = DuplicateFinder(index)
        self._proposals = ProposalJobs(database, llm, prompts, proposer)
        self._import = importer
        self._importing = asyncio.Semaphore(IMPORTS_AT_ONCE)

    async def close(self) -> None:
        """Stop the work in the background."""
        await self._proposals.close()
        await self._duplicates.close()

    async def create(self, name: str, content: bytes, account_id: str | None = None) -> DraftView:
        """Import a document. Raises `BadInputError` and `BankError` for what can't be imported."""
        name = " ".join(clean(name).split())[-_LONGEST_NAME:] or "document"
        async with self._importing:
            draft = await asyncio.to_thread(self._import, name, content)
        return await self.get(await self._keep(name, draft, account_id))

    async def draft_of(self, bank_id: str, account_id: str | None) -> str:
        """A draft of a bank in use, to become its next version; its id. Raises `NotFoundError`."""
        bank = self._catalogue.library.get(bank_id)
        name = f"{bank.id}-{bank.version}.yaml"
        draft = await asyncio.to_thread(draft_from, bank, name)
        return await self._keep(name, draft, account_id)

    async def get(self, draft_id: str) -> DraftView:
        """The draft, with the questions of other banks that it repeats."""
        return await self._view(draft_id, look=True)

    async def edit_question(self, draft_id: str, key: str, edit: QuestionEdit, revision: int) -> DraftView:
        """Set the fields that `edit` sets."""
        return await self._edit(draft_id, revision, lambda draft: editing.edit_question(draft, key, edit))

    async def add_question(self, draft_id: str, section: str, edit: QuestionEdit, revision: int) -> DraftView:
        """A new question at the end of the section of that key."""
        return await self._edit(draft_id, revision, lambda draft: editing.add_question(draft, section, edit))

    async def remove_question(self, draft_id: str, key: str, revision: int) -> DraftView:
        """Take a question out for good."""
        return await self._edit(draft_id, revision, lambda draft: editing.remove_question(draft, key))

    async def add_section(self, draft_id: str, title: str, revision: int) -> DraftView:
        """A new section at the end."""
        return await self._edit(draft_id, revision, lambda draft: editing.add_section(draft, title))

    async def rename_section(self, draft_id: str, key: str, title: str, revision: int) -> DraftView:
        """Give a section another title."""
        return await self._edit(draft_id, revision, lambda draft: editing.rename_section(draft, key, title))

    async def edit_details(self, draft_id: str, edit: DetailsEdit, revision: int) -> DraftView:
        """Change title, role, language, or the bank it becomes a version of."""

        def change(draft: Draft) -> None:
            draft.title = draft.title if edit.title is None else clean(edit.title)
            draft.role = draft.role if edit.role is None else clean(edit.role)
            draft.language = edit.language or draft.language

        return await self._edit(draft_id, revision, change, edit.bank_id)

    async def settle_flag(
        self, draft_id: str, key: str | None, index: int, revision: int, *, settled: bool = True
    ) -> DraftView:
        """Settle a flag of a question, or of the draft for None; `index` is its place there, from 0."""
        return await self._edit(
            draft_id, revision, lambda draft: editing.settle_flag(draft, key, index, settled=settled)
        )

    async def settle_repair(self, draft_id: str, number: int, text: str | None, revision: int) -> DraftView:
        """Settle the draft's repair at place `number`, from 0: None, it is right; else what belongs there."""
        return await self._edit(draft_id, revision, lambda draft: repairs.settle_repair(draft, number, text))

    async def propose_points(self, draft_id: str) -> DraftView:
        """Let the LLM propose points where there are none; the view's `job` shows how far it is."""
        row, _ = await self._row(draft_id)
        if row.status != "open":
            raise closed(row.status)
        await self._proposals.start(draft_id, await asyncio.to_thread(content_of, row))
        return await self._view(draft_id)

    async def cancel(self, draft_id: str) -> DraftView:
        """Cancel proposing, or take note that it failed."""
        await self._proposals.cancel(draft_id)
        return await self._view(draft_id)

    async def discard(
        self, draft_id: str, revision: int | None = None, account_id: str | None = None
    ) -> None:
        """Put a draft away. Raises `ConflictError` for one that is published."""
        row, _ = await self._row(draft_id)
        if row.status == "discarded":
            return
        if row.status != "open":
            raise closed(row.status)
        await self._proposals.cancel(draft_id)
        async with self._database.session() as session:
            if not await Drafts(session).discard(draft_id, row.revision if revision is None else revision):
                raise stale()
            audit(session, await actor_with(session, account_id), "draft.discard", draft_id)

    async def difference(self, draft_id: str) -> BankDiff:
        """What publishing the draft would change in its bank."""
        row, _ = await self._row(draft_id)
        draft = await asyncio.to_thread(content_of, row)
        return (await self.publisher.proposed(draft, row.bank_id)).diff

    async def publish(
        self,
        draft_id: str,
        account_id: str | None,
        revision: int,
        *,
        version: str | None = None,
        onto: str | None = None,
    ) -> PublishedVersion:
        """Publish the draft's publishable questions as the next version of its bank, or as `version`.

        `onto` is the version it was compared with, "" for none. Raises `BadInputError` when nothing can be
        published, `ConflictError` when the draft or the bank is no longer what the person saw.
        """
        row, _ = await self._row(draft_id)
        if row.status != "open":
            raise closed(row.status)
        if row.revision != revision:
            raise stale()
        draft = await asyncio.to_thread(content_of, row)
        return await self.publisher.publish(
            draft_id, revision, draft, row.bank_id, account_id, version=version, onto=onto
        )

    async def list(self, statuses: tuple[DraftStatus, ...] = ("open", "published")) -> list[DraftListing]:
        """Drafts of these statuses without their content, newest first."""
        async with self._database.reading() as session:
            rows = await Drafts(session).list(statuses)
        return [DraftListing(**listing(row, author)) for row, author in rows]

    async def _keep(self, name: str, draft: Draft, account_id: str | None) -> str:
        return await keep_draft(self._database, self._catalogue.library, name, draft, account_id)

    async def _row(self, draft_id: str) -> tuple[BankDraft, str | None]:
        async with self._database.reading() as session:
            found = await Drafts(session).get(draft_id)
        if found is None:
            raise NotFoundError(f"there is no draft {draft_id[:40]!r}", hint="Check the address.")
        return found

    async def _edit(
        self, draft_id: str, revision: int, change: Callable[[Draft], Any], bank_id: str | None = None
    ) -> DraftView:
        row, _ = await self._row(draft_id)

        def changed() -> Change:
            draft = content_of(row)
            change(draft)
            summary = summarise(draft).model_dump_json()
            return Change(draft.model_dump_json(), summary, bank_id or row.bank_id)

        # What the draft does not have is not found, be the revision old or not.
        refused: BadInputError | None = None
        try:
            stored = await asyncio.to_thread(changed)
        except BadInputError as error:
            refused = error
        if row.status != "open":
            raise closed(row.status)
        if row.revision != revision:
            raise stale()
        if refused is not None:
            raise refused
        async with self._database.session() as session:
            if not await Drafts(session).change(draft_id, revision, stored):
                raise stale()
        return await self._view(draft_id)

    async def _view(self, draft_id: str, *, look: bool = False) -> DraftView:
        # The job before the draft: one that is over by then has left its points in what is read after it.
        async with self._database.reading() as session:
            job = await Jobs(session).get(draft_id)
        row, author = await self._row(draft_id)
        draft = await asyncio.to_thread(content_of, row)
        duplicates, pending = await self._duplicates.of(
            row.id, draft, row.bank_id, self._catalogue.number, look=look and row.status == "open"
        )
        return DraftView(
            **listing(row, author),
            draft=draft,
            job=await self._indexing(row) if row.status == "published" else job and job_view(job),
            duplicates=duplicates,
            duplicates_pending=pending if row.status == "open" else 0,
        )

    async def _indexing(self, row: BankDraft) -> JobView | None:
        """The way of a published version into this process's index and library; None once it serves."""
        if await self.publisher.number_of(row.bank_id, row.published_version or "") <= self._catalogue.number:
            return None
        failure, indexing = self._catalogue.failure, self._catalogue.indexing
        if indexing is None or failure is not None:
            return JobView(kind="index", done=0, total=0, failed=failure.detail if failure else None)
        left = None
        if indexing.done:
            seconds = time.monotonic() - indexing.started
            left = round(seconds / indexing.done * (indexing.total - indexing.done), 1)
        return JobView(kind="index", done=indexing.done, total=indexing.total, seconds_left=left)
