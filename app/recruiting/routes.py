"""The whole API of recruiters."""

from fastapi import APIRouter

from app.recruiting.accounts import routes as accounts
from app.recruiting.audit import routes as audit
from app.recruiting.banks import routes as banks
from app.recruiting.desk import routes as desk
from app.recruiting.invites import routes as invites
from app.recruiting.rescoring import routes as rescoring
from app.recruiting.reviews import routes as reviews
from app.recruiting.templates import routes as templates
from app.recruiting.trust import routes as trust

router = APIRouter()
for each in (accounts, audit, banks, desk, invites, rescoring, reviews, templates, trust):
    router.include_router(each.router)
