"""The API of banks for recruiters: import, search, versions. Their session's cookie is needed."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, status
from starlette.datastructures import UploadFile

from app.authoring.dependencies import Drafts
from app.authoring.difference import BankDiff
from app.authoring.schemas import DraftView, PublishedVersion, VersionView
from app.banks.schema import Difficulty, Kind
from app.dependencies import SAME_ORIGIN
from app.errors import BadInputError
from app.recruiting.accounts.dependencies import Recruiter, recruiter
from app.recruiting.drafts.routes import router as drafts_router
from app.recruiting.drafts.schemas import NOT_ALLOWED, NOT_FOUND, STALE
from app.search.dependencies import Questions
from app.search.service import MAX_HITS, Hit, search

MAX_FILE_BYTES = 20_000_000
_FORM_BYTES = 64_000

router = APIRouter(
    prefix="/api/v1", tags=["bank drafts"], dependencies=[Depends(recruiter)], responses=NOT_ALLOWED
)
router.include_router(drafts_router)


@router.post(
    "/banks/import",
    status_code=status.HTTP_201_CREATED,
    summary="Import a document as a draft",
    dependencies=SAME_ORIGIN,
    max_body_size=MAX_FILE_BYTES + _FORM_BYTES,
    responses={413: {"description": "Larger than 20 MB"}},
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {
                "multipart/form-data": {
                    "schema": {
                        "type": "object",
                        "required": ["file"],
                        "properties": {"file": {"type": "string", "format": "binary"}},
                    }
                }
            },
        }
    },
)
async def import_document(request: Request, service: Drafts, account: Recruiter) -> DraftView:
    """Text, Markdown, HTML, DOCX, PDF, XLSX, CSV, YAML or JSON up to 20 MB becomes a draft."""
    # Read here and not as a parameter: parameters are read before it is known who asks.
    async with request.form(max_files=1, max_fields=10) as form:
        file = form.get("file")
        if not isinstance(file, UploadFile):
            raise BadInputError("file: is missing", hint="Send a file as multipart/form-data.")
        content = await file.read()
        name = file.filename or ""
    return await service.create(name, content, account.id)


@router.get("/banks/search", summary="Search questions")
async def search_questions(
    index: Questions,
    q: Annotated[str, Query(description="A topic, a job description, a résumé excerpt, a reply.")],
    k: Annotated[int, Query(ge=1, le=MAX_HITS)] = 5,
    bank: str | None = None,
    section: str | None = None,
    kind: Kind | None = None,
    difficulty: Difficulty | None = None,
    competency: str | None = None,
    language: str | None = None,
    diverse: Annotated[float, Query(ge=0, le=1, description="How much to avoid hits that are alike.")] = 0.0,
    exclude: Annotated[list[str], Query(description="Ids of questions not wanted.")] = [],  # noqa: B006
) -> list[Hit]:
    """The questions that fit best, best first."""
    return await search(
        index,
        q,
        k,
        bank=bank,
        section=section,
        kind=kind,
        difficulty=difficulty,
        competency=competency,
        language=language,
        diverse=diverse,
        exclude=exclude,
    )


@router.get("/banks/{bank_id}/versions", summary="A bank's versions", responses=NOT_FOUND)
async def versions(bank_id: str, service: Drafts) -> list[VersionView]:
    """Newest first; one of them is `current`."""
    return await service.publisher.versions(bank_id)


@router.get("/banks/{bank_id}/difference", summary="Compare two versions of a bank", responses=NOT_FOUND)
async def compare(bank_id: str, before: str, after: str, service: Drafts) -> BankDiff:
    """Questions that came, went or changed, field by field."""
    return await service.publisher.difference(bank_id, before, after)


@router.post(
    "/banks/{bank_id}/versions/{version}/restore",
    status_code=status.HTTP_201_CREATED,
    summary="Bring an older version back",
    dependencies=SAME_ORIGIN,
    responses=STALE,
)
async def restore(bank_id: str, version: str, service: Drafts, account: Recruiter) -> PublishedVersion:
    """Its content is published as a new version."""
    return await service.publisher.restore(bank_id, version, account.id)
