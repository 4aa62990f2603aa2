"""All pages of the recruiter's desk but those of banks."""

from fastapi import APIRouter

from app.web.desk import (
    audit_pages,
    blind_review_pages,
    bulk_invite_pages,
    candidate_pages,
    compare_pages,
    invite_pages,
    list_pages,
    login_pages,
    people_pages,
    rescoring_pages,
    review_pages,
    template_pages,
    trust_pages,
)

router = APIRouter()
for pages in (
    login_pages,
    list_pages,
    template_pages,
    bulk_invite_pages,
    invite_pages,
    review_pages,
    blind_review_pages,
    compare_pages,
    rescoring_pages,
    trust_pages,
    people_pages,
    audit_pages,
    candidate_pages,
):
    router.include_router(pages.router)
