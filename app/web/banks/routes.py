"""All pages of banks and their drafts."""

from fastapi import APIRouter

from app.web.banks import bank_pages, draft_pages, question_pages, structure_pages

router = APIRouter()
for pages in (bank_pages, draft_pages, question_pages, structure_pages):
    router.include_router(pages.router)
