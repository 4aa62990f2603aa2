"""The map of the house: `create_app` is the one place that knows every room."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.banks.routes import router as banks_router
from app.errors import AppError
from app.health import router as health_router
from app.interviews.routes import router as interviews_router
from app.llm.routes import router as model_status_router
from app.middleware import add_middleware
from app.people.desk_routes import router as people_router
from app.people.routes import router as rights_router
from app.problems import add_problem_handlers
from app.recruiting.accounts.dependencies import may_score
from app.recruiting.accounts.routes import router as accounts_router
from app.recruiting.audit.routes import router as audit_router
from app.recruiting.banks.routes import router as recruiting_banks_router
from app.recruiting.comparing.routes import router as comparing_router
from app.recruiting.desk.routes import router as desk_router
from app.recruiting.invites.routes import router as invites_router
from app.recruiting.rescoring.routes import router as rescoring_router
from app.recruiting.reviews.routes import disputes_router
from app.recruiting.reviews.routes import router as reviewing_router
from app.recruiting.templates.routes import router as templates_router
from app.recruiting.trust.routes import router as trust_router
from app.rooms import Parts, open_rooms
from app.same_origin import require_same_origin
from app.scoring.routes import router as scoring_router
from app.settings import Settings, get_settings
from app.web.assets import AssetFiles
from app.web.banks.bank_pages import router as bank_pages_router
from app.web.banks.draft_pages import router as draft_pages_router
from app.web.banks.question_pages import router as question_pages_router
from app.web.banks.structure_pages import router as structure_pages_router
from app.web.candidate.chat_pages import router as chat_pages_router
from app.web.candidate.invitation_pages import router as invitation_pages_router
from app.web.candidate.report_pages import router as report_pages_router
from app.web.candidate.rights_pages import router as rights_pages_router
from app.web.candidate.start_pages import router as pages_router
from app.web.desk.audit_pages import router as audit_pages_router
from app.web.desk.blind_review_pages import router as blind_review_pages_router
from app.web.desk.bulk_invite_pages import router as bulk_invite_pages_router
from app.web.desk.candidate_pages import router as deletion_pages_router
from app.web.desk.compare_pages import router as compare_pages_router
from app.web.desk.invite_pages import router as invite_pages_router
from app.web.desk.list_pages import router as recruiter_router
from app.web.desk.login_pages import router as account_pages_router
from app.web.desk.people_pages import router as people_pages_router
from app.web.desk.rescoring_pages import router as rescoring_pages_router
from app.web.desk.review_pages import router as review_pages_router
from app.web.desk.template_pages import router as template_pages_router
from app.web.desk.trust_pages import router as trust_pages_router
from app.web.rendering import render_error

MAX_BODY_BYTES = 2_000_000

DESCRIPTION = """
A mock interviewer. It asks questions from question banks, follows up on what a reply left out, and scores
every reply rubric point by rubric point, each credit backed by the candidate's own words.

Errors are RFC 9457 problem details with a `hint` that says what to change.
"""


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """The service."""
    settings = settings or get_settings()
    parts = parts or Parts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            try:
                app.state.rooms = await stack.enter_async_context(open_rooms(settings, parts))
            except AppError as error:
                # Whoever runs the server tells people; the server itself only knows that it could not start.
                app.state.startup_error = error
                raise
            yield

    # Documentation pages whose assets come from this server, as all others do.
    app = FastAPIOffline(
        title="Interviewer",
        version=__version__,
        description=DESCRIPTION,
        lifespan=lifespan,
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
    )
    add_middleware(app)
    add_problem_handlers(app, page=render_error)
    for router in (
        health_router,
        banks_router,
        templates_router,
        invites_router,
        template_pages_router,
        bulk_invite_pages_router,
        invite_pages_router,
        invitation_pages_router,
        recruiting_banks_router,
        interviews_router,
        rights_router,
        people_router,
        comparing_router,
        compare_pages_router,
        trust_router,
        trust_pages_router,
        rescoring_router,
        rescoring_pages_router,
        reviewing_router,
        disputes_router,
        desk_router,
        model_status_router,
        accounts_router,
        audit_router,
        account_pages_router,
        people_pages_router,
        audit_pages_router,
        recruiter_router,
        review_pages_router,
        blind_review_pages_router,
        bank_pages_router,
        draft_pages_router,
        question_pages_router,
        structure_pages_router,
        pages_router,
        chat_pages_router,
        report_pages_router,
        rights_pages_router,
        deletion_pages_router,
    ):
        app.include_router(router)
    # Who may ask is the recruiters' business, not the scorer's.
    app.include_router(scoring_router, dependencies=[Depends(may_score), Depends(require_same_origin)])
    app.mount("/static", AssetFiles(), name="static")
    return app
