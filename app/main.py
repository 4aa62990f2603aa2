"""The map of the house: `create_app` is the one place that knows every room."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline

from app import __version__
from app.banks.drafts.service import DraftService
from app.banks.drafts.shelf import Shelf
from app.banks.embedding import Embedder, build_embedder, build_index_embedder, release_encoders
from app.banks.index import QuestionIndex
from app.banks.routes import router as banks_router
from app.db.opening import open_database
from app.errors import AppError
from app.health import router as health_router
from app.interviews.interviewer import Interviewer
from app.interviews.routes import router as interviews_router
from app.interviews.service import InterviewService
from app.llm.factory import ChatModel, build_llm
from app.llm.progress import show_progress
from app.llm.prompts import PromptLibrary
from app.memory import give_back_unused
from app.middleware import add_middleware
from app.problems import add_problem_handlers
from app.recruiting.accounts.service import AccountService
from app.recruiting.banks.routes import router as recruiting_banks_router
from app.scoring.judges.judgement_store import DatabaseJudgements
from app.scoring.routes import router as scoring_router
from app.scoring.scorer import Scorer, build_scorer
from app.settings import Settings, get_settings
from app.usage import UsageLedger
from app.web.assets import AssetFiles
from app.web.banks.bank_pages import router as bank_pages_router
from app.web.banks.draft_pages import router as draft_pages_router
from app.web.banks.question_pages import router as question_pages_router
from app.web.candidate.model_status import router as model_status_router
from app.web.candidate.pages import router as pages_router
from app.web.desk.pages import router as recruiter_router
from app.web.rendering import render_error

log = logging.getLogger("interviewer")

MAX_BODY_BYTES = 2_000_000

DESCRIPTION = """
A mock interviewer. It asks questions from question banks, follows up on what a reply left out, and scores
every reply rubric point by rubric point, each credit backed by the candidate's own words.

Errors are RFC 9457 problem details with a `hint` that says what to change.
"""


@dataclass(frozen=True)
class Parts:
    """Parts that replace those the settings name, which tests use; None: as the settings say."""

    llm: ChatModel | None = None
    embedder: Embedder | None = None
    scorer: Scorer | None = None
    interviewer: Interviewer | None = None


def create_app(settings: Settings | None = None, parts: Parts | None = None) -> FastAPI:
    """The service."""
    settings = settings or get_settings()
    parts = parts or Parts()

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            try:
                await _open_rooms(app, settings, parts, stack)
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
        recruiting_banks_router,
        interviews_router,
        scoring_router,
        model_status_router,
        recruiter_router,
        bank_pages_router,
        draft_pages_router,
        question_pages_router,
        pages_router,
    ):
        app.include_router(router)
    app.mount("/static", AssetFiles(), name="static")
    return app


async def _open_rooms(app: FastAPI, settings: Settings, parts: Parts, stack: AsyncExitStack) -> None:
    database = await stack.enter_async_context(open_database(settings))
    ledger = UsageLedger(database)
    await ledger.start()
    stack.push_async_callback(ledger.close)
    llm = parts.llm or build_llm(settings, ledger.record)
    await llm.start()
    stack.push_async_callback(llm.close)
    progress = asyncio.create_task(show_progress(llm))
    stack.callback(progress.cancel)

    prompts = PromptLibrary(settings.prompts_dir)
    questions = QuestionIndex(settings, parts.embedder or build_index_embedder(settings))
    stack.callback(questions.close)
    shelf = Shelf(settings.banks_dir, database, questions)
    synced = await shelf.open()
    banks = shelf.library
    for problem in banks.problems:
        log.error("%s", problem)
    for notice in synced.notices:
        log.warning("%s", notice)
    drafts = DraftService(database=database, shelf=shelf, index=questions, llm=llm, prompts=prompts)
    store = DatabaseJudgements(database)
    scorer = parts.scorer or build_scorer(settings, llm, prompts, build_embedder(settings), store=store)

    interviews = InterviewService(
        settings=settings,
        database=database,
        banks=banks,
        questions=questions,
        scorer=scorer,
        interviewer=parts.interviewer or Interviewer(llm, prompts),
    )
    accounts = AccountService(database)
    first_password = await accounts.ensure_first_account()
    if first_password is not None:
        print(
            f"\nRecruiter's desk: /recruiter  name: recruiter  password: {first_password}\n"
            "This password is shown only now; keep it.\n",
            flush=True,
        )

    for name, room in {
        "settings": settings,
        "database": database,
        "prompts": prompts,
        "llm": llm,
        "banks": banks,
        "questions": questions,
        "shelf": shelf,
        "drafts": drafts,
        "scorer": scorer,
        "interviews": interviews,
        "accounts": accounts,
    }.items():
        setattr(app.state, name, room)

    await interviews.start()
    stack.push_async_callback(interviews.close)
    stack.push_async_callback(drafts.close)
    stack.push_async_callback(shelf.close)
    shelf.start()
    release_encoders()
    give_back_unused()
