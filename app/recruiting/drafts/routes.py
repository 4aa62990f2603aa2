"""The API of drafts: looked through, corrected, published."""

from typing import Annotated

from fastapi import APIRouter, Query, status

from app.authoring.dependencies import Drafts
from app.authoring.difference import BankDiff
from app.authoring.schemas import (
    DetailsEdit,
    DraftListing,
    DraftStatus,
    DraftView,
    PublishedVersion,
    QuestionEdit,
)
from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.drafts.schemas import (
    NOT_FOUND,
    STALE,
    DetailsPatch,
    FlagSettling,
    NewQuestion,
    Publication,
    QuestionPatch,
    RepairSettling,
    RevisionQuery,
    SectionTitle,
    without_revision,
)

router = APIRouter(prefix="/drafts")


@router.get("", summary="List drafts")
async def drafts(
    service: Drafts,
    status: Annotated[list[DraftStatus], Query()] = ["open", "published"],  # noqa: B006
) -> list[DraftListing]:
    """Without their content, newest first."""
    return await service.list(tuple(status))


@router.get("/{draft_id}", summary="A draft", responses=NOT_FOUND)
async def draft(draft_id: str, service: Drafts) -> DraftView:
    """All that was understood, repaired and flagged, with questions of other banks that are much alike."""
    return await service.get(draft_id)


@router.patch("/{draft_id}", summary="Change a draft's details", dependencies=SAME_ORIGIN, responses=STALE)
async def edit_details(draft_id: str, patch: DetailsPatch, service: Drafts) -> DraftView:
    """Title, role, language, and the bank it becomes a version of."""
    return await service.edit_details(draft_id, without_revision(DetailsEdit, patch), patch.revision)


@router.delete(
    "/{draft_id}",
    status_code=status.HTTP_204_NO_CONTENT,
    summary="Discard a draft",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def discard(draft_id: str, service: Drafts, account: Recruiter, revision: int | None = None) -> None:
    """It is listed no longer."""
    await service.discard(draft_id, revision, account.id)


@router.post(
    "/{draft_id}/questions",
    status_code=status.HTTP_201_CREATED,
    summary="Add a question",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def add_question(draft_id: str, wanted: NewQuestion, service: Drafts) -> DraftView:
    """At the end of a section."""
    return await service.add_question(
        draft_id, wanted.section, without_revision(QuestionEdit, wanted), wanted.revision
    )


@router.patch(
    "/{draft_id}/questions/{key}", summary="Change a question", dependencies=SAME_ORIGIN, responses=STALE
)
async def edit_question(draft_id: str, key: str, patch: QuestionPatch, service: Drafts) -> DraftView:
    """Only the fields that are sent; `points` are all it then has."""
    return await service.edit_question(draft_id, key, without_revision(QuestionEdit, patch), patch.revision)


@router.delete(
    "/{draft_id}/questions/{key}", summary="Remove a question", dependencies=SAME_ORIGIN, responses=STALE
)
async def remove_question(draft_id: str, key: str, service: Drafts, revision: RevisionQuery) -> DraftView:
    """For good; `included` set to false keeps it in the draft."""
    return await service.remove_question(draft_id, key, revision)


@router.post(
    "/{draft_id}/sections",
    status_code=status.HTTP_201_CREATED,
    summary="Add a section",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def add_section(draft_id: str, wanted: SectionTitle, service: Drafts) -> DraftView:
    """At the end; a section without questions is not published."""
    return await service.add_section(draft_id, wanted.title, wanted.revision)


@router.patch(
    "/{draft_id}/sections/{key}", summary="Rename a section", dependencies=SAME_ORIGIN, responses=STALE
)
async def rename_section(draft_id: str, key: str, wanted: SectionTitle, service: Drafts) -> DraftView:
    """Its questions stay."""
    return await service.rename_section(draft_id, key, wanted.title, wanted.revision)


@router.post("/{draft_id}/flags", summary="Settle a flag", dependencies=SAME_ORIGIN, responses=STALE)
async def settle_flag(draft_id: str, wanted: FlagSettling, service: Drafts) -> DraftView:
    """A person has dealt with it; `settled` false takes that back."""
    return await service.settle_flag(
        draft_id, wanted.key, wanted.index, wanted.revision, settled=wanted.settled
    )


@router.post(
    "/{draft_id}/repairs/{number}", summary="Settle a repair", dependencies=SAME_ORIGIN, responses=STALE
)
async def settle_repair(draft_id: str, number: int, wanted: RepairSettling, service: Drafts) -> DraftView:
    """`number` is the repair's place in the draft, from 0. A text replaces it wherever it went."""
    return await service.settle_repair(draft_id, number, wanted.text, wanted.revision)


@router.post(
    "/{draft_id}/proposals",
    status_code=status.HTTP_202_ACCEPTED,
    summary="Let the language model propose points",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def propose(draft_id: str, service: Drafts) -> DraftView:
    """For questions that have none, in the background: the draft's `job` says how far it is."""
    return await service.propose_points(draft_id)


@router.delete(
    "/{draft_id}/proposals", summary="Cancel proposing", dependencies=SAME_ORIGIN, responses=NOT_FOUND
)
async def cancel(draft_id: str, service: Drafts) -> DraftView:
    """What was proposed so far stays."""
    return await service.cancel(draft_id)


@router.get("/{draft_id}/difference", summary="What publishing would change", responses=NOT_FOUND)
async def difference(draft_id: str, service: Drafts) -> BankDiff:
    """Against the current version of its bank."""
    return await service.difference(draft_id)


@router.post(
    "/{draft_id}/publish",
    status_code=status.HTTP_201_CREATED,
    summary="Publish a draft",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def publish(
    draft_id: str, wanted: Publication, service: Drafts, account: Recruiter
) -> PublishedVersion:
    """As the next version of its bank; `left_out` says which questions are not in it, and why."""
    return await service.publish(
        draft_id, account.id, wanted.revision, version=wanted.version, onto=wanted.onto
    )
