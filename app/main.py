"""The map of the house: `create_app` is the one place that knows every room."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.banks.routes import router as banks_router
from app.dependencies import SAME_ORIGIN
from app.errors import AppError
from app.health import router as health_router
from app.interviews.routes import router as interviews_router
from app.llm.routes import router as llm_router
from app.middleware import add_middleware
from app.people.routes import router as people_router
from app.problems import add_problem_handlers
from app.recruiting.accounts.dependencies import may_score
from app.recruiting.routes import router as recruiting_router
from app.rooms import Parts, open_rooms
from app.scoring.routes import router as scoring_router
from app.settings import Settings, get_settings
from app.web.assets import AssetFiles
from app.web.banks.routes import router as bank_pages_router
from app.web.candidate.routes import router as candidate_pages_router
from app.web.desk.routes import router as desk_pages_router
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
        llm_router,
        banks_router,
        interviews_router,
        people_router,
        recruiting_router,
        candidate_pages_router,
        desk_pages_router,
        bank_pages_router,
    ):
        app.include_router(router)
    # Who may ask is the recruiters' business, not the scorer's.
    app.include_router(scoring_router, dependencies=[Depends(may_score), *SAME_ORIGIN])
    app.mount("/static", AssetFiles(), name="static")
    return app
