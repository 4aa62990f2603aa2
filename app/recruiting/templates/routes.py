"""The API of templates. The cookie of a recruiter's log-in is needed."""

from typing import Any

from fastapi import APIRouter, Depends, status

from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter, recruiter
from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.dependencies import Templates
from app.recruiting.templates.schemas import (
    Archived,
    Archiving,
    TemplateChange,
    TemplateListing,
    TemplateView,
)

router = APIRouter(
    prefix="/api/v1/templates",
    tags=["templates"],
    dependencies=[Depends(recruiter)],
    responses={401: {"description": "Nobody is logged in"}},
)
_UNKNOWN: dict[int | str, dict[str, Any]] = {404: {"description": "No such template"}}
_STALE: dict[int | str, dict[str, Any]] = {
    **_UNKNOWN,
    409: {"description": "Someone else was quicker, or it is archived"},
}


@router.get("", summary="List templates")
async def templates(service: Templates, archived: bool = False) -> list[TemplateListing]:
    """Those in use, or those archived; last changed first."""
    return await service.list(archived=archived)


@router.post("", status_code=status.HTTP_201_CREATED, summary="Create a template", dependencies=SAME_ORIGIN)
async def create(content: TemplateContent, service: Templates, account: Recruiter) -> TemplateView:
    """Its questions are drawn at once."""
    return await service.create(content, account)


@router.get("/{template_id}", summary="A template", responses=_UNKNOWN)
async def template(template_id: str, service: Templates) -> TemplateView:
    """With the questions it pinned, or the strata every draw fills."""
    return await service.get(template_id)


@router.put("/{template_id}", summary="Change a template", dependencies=SAME_ORIGIN, responses=_STALE)
async def update(
    template_id: str, change: TemplateChange, service: Templates, account: Recruiter
) -> TemplateView:
    """Interviews that were begun keep what they were planned from."""
    return await service.update(template_id, change.revision, change.content, account, change.questions)


@router.post(
    "/{template_id}/duplicate",
    status_code=status.HTTP_201_CREATED,
    summary="Copy a template",
    dependencies=SAME_ORIGIN,
    responses=_UNKNOWN,
)
async def duplicate(template_id: str, service: Templates, account: Recruiter) -> TemplateView:
    """The copy asks the same questions."""
    return await service.duplicate(template_id, account)


@router.post(
    "/{template_id}/archive", summary="Archive a template", dependencies=SAME_ORIGIN, responses=_UNKNOWN
)
async def archive(template_id: str, wanted: Archiving, service: Templates, account: Recruiter) -> Archived:
    """No more invites; links that were given out work on unless they are revoked."""
    revoked = await service.archive(template_id, account, revoke_links=wanted.revoke_links)
    return Archived(revoked_links=revoked)


@router.post(
    "/{template_id}/restore", summary="Use a template again", dependencies=SAME_ORIGIN, responses=_UNKNOWN
)
async def restore(template_id: str, service: Templates, account: Recruiter) -> TemplateView:
    """It takes invites again."""
    await service.restore(template_id, account)
    return await service.get(template_id)
