"""A draft in the database: kept with a bank suggested for it, read, and closed or stale for a change."""

import asyncio
from typing import Any, cast

from app.authoring.checks import recheck, summarise
from app.authoring.identifiers import LONGEST_BANK_ID, free_id, slug
from app.authoring.repository import Drafts
from app.authoring.schemas import DraftStatus, DraftSummary
from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.db.audit import actor_with, audit
from app.db.engine import Database
from app.db.tables import BankDraft, new_id
from app.documents.draft import Draft
from app.errors import BadInputError, ConflictError
from app.text.fold import words

MOST_QUESTIONS = 5000
"""A draft is read and written as a whole: of this size an edit takes a second, measured on two cores."""

_DIGITS = 8


async def keep_draft(
    database: Database, library: BankLibrary, name: str, draft: Draft, account_id: str | None = None
) -> str:
    """Store a draft made of the file `name`; its id. `library` is asked for a bank it may be a version of.

    Raises `BadInputError` for more than 5,000 questions.
    """
    count = len(draft.questions())
    if count > MOST_QUESTIONS:
        raise BadInputError(
            f"the document holds {count:,} questions, and a draft takes at most {MOST_QUESTIONS:,}",
            hint="Split it into several documents; each becomes a bank.",
        )
    async with database.reading() as session:
        known = await Drafts(session).bank_of_name(name)
    row = BankDraft(
        id=new_id(), name=name, sha256=draft.source.sha256, status="open", revision=1, created_by=account_id
    )

    def fill() -> None:
        for _, question in draft.questions():
            recheck(question)
        row.bank_id = draft.bank_id or suggested_bank_id(draft, library, known)
        row.draft = draft.model_dump_json()
        row.summary = summarise(draft).model_dump_json()

    await asyncio.to_thread(fill)
    async with database.session() as session:
        await Drafts(session).add(row)
        actor = await actor_with(session, account_id)
        audit(session, actor, "draft.import", row.id, bank=row.bank_id, questions=count)
    return row.id


def suggested_bank_id(draft: Draft, library: BankLibrary, known: str | None = None) -> str:
    """The bank of the same title, or `known` if it has one of the questions; else the title spelt in letters.

    Spelt in letters it is the id of no other bank.
    """
    title = words(draft.title)
    for bank in library.banks.values():
        if title and words(bank.title) == title:
            return bank.id
    if known is not None and _share_questions(draft, library.banks.get(known)):
        return known
    wanted = slug(draft.title, LONGEST_BANK_ID - 4) or f"bank-{draft.source.sha256[:_DIGITS]}"
    return free_id(wanted, library.banks.keys())


def _share_questions(draft: Draft, bank: Bank | None) -> bool:
    if bank is None:
        return False
    theirs = {words(question.text) for _, question in bank.questions()}
    return any(words(question.text) in theirs for _, question in draft.questions())


def stale() -> ConflictError:
    """The draft is no longer at the revision that was changed."""
    return ConflictError(
        "someone else changed this draft meanwhile",
        hint="Their change is kept and yours was not made: load the draft again, then repeat it.",
    )


def closed(status: str) -> ConflictError:
    """The draft was published or discarded."""
    return ConflictError(f"this draft is {status}", hint="Import the document again to change it.")


def content_of(row: BankDraft) -> Draft:
    """What the draft holds. Blocks for up to a second."""
    return Draft.model_validate_json(row.draft)


def listing(row: BankDraft, author: str | None) -> dict[str, Any]:
    """The fields of a `DraftListing`; `author` is the name of the account that made it."""
    summary = DraftSummary.model_validate_json(row.summary)
    return {
        "id": row.id,
        "name": row.name,
        "title": summary.title,
        "status": cast(DraftStatus, row.status),
        "revision": row.revision,
        "bank_id": row.bank_id,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
        "created_by": author,
        "published_version": row.published_version,
        "summary": summary,
    }
