"""All pages of candidates."""

from fastapi import APIRouter

from app.web.candidate import chat_pages, invitation_pages, report_pages, rights_pages, start_pages

router = APIRouter()
for pages in (start_pages, invitation_pages, chat_pages, report_pages, rights_pages):
    router.include_router(pages.router)
