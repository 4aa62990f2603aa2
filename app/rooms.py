"""The rooms of the house: all that is open while the service runs, opened in order and closed in reverse."""

import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from app.authoring.catalogue import Catalogue
from app.authoring.proposals import Proposer, propose_points
from app.authoring.service import DraftService, Importer, import_document
from app.background import TaskSet
from app.banks.library import BankLibrary
from app.db.engine import Database
from app.db.opening import open_database
from app.db.usage import UsageLedger
from app.interviews.disputes import DisputeService
from app.interviews.planning.translating import Translator
from app.interviews.practice.service import PracticeService
from app.interviews.service import InterviewService
from app.interviews.speaking.interviewer import Interviewer, build_interviewer
from app.llm.base import ChatModel
from app.llm.cli import show_progress
from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.memory import give_back_unused
from app.people.erasure import Eraser
from app.people.finding import PeopleFinder
from app.people.retention import Retention
from app.people.service import PeopleService
from app.recruiting.accounts.credentials import Passwords
from app.recruiting.accounts.service import AccountService
from app.recruiting.audit.service import AuditService
from app.recruiting.desk.exports import ExportService
from app.recruiting.desk.service import DeskService
from app.recruiting.invites.invitation import InvitationService
from app.recruiting.invites.service import InviteService
from app.recruiting.rescoring.scorers import ScorerSource
from app.recruiting.rescoring.service import RescoringService
from app.recruiting.rescoring.workflow import DurableRescoring
from app.recruiting.reviews.blind_reviews import BlindReviewService
from app.recruiting.reviews.service import ReviewService
from app.recruiting.templates.service import TemplateService
from app.recruiting.trust.service import TrustService
from app.scoring.judges.judgement_cache import DatabaseJudgements
from app.scoring.scorer import Scorer, build_scorer
from app.search.embedding import Embedder, build_embedder, build_index_embedder, release_encoders
from app.search.index import QuestionIndex
from app.settings import Settings
from app.workflows.workflows import Workflows

log = logging.getLogger("interviewer")


@dataclass(frozen=True)
class Parts:
    """Parts that replace those the settings name, which tests use; None: as the settings say."""

    llm: ChatModel | None = None
    embedder: Embedder | None = None
    scorer: Scorer | None = None
    interviewer: Interviewer | None = None
    importer: Importer | None = None
    proposer: Proposer | None = None
    passwords: Passwords | None = None


@dataclass(frozen=True)
class Rooms:
    """What routes may ask for, each by its type, of which there is one (`app.dependencies`)."""

    settings: Settings
    database: Database
    prompts: PromptLibrary
    llm: ChatModel
    banks: BankLibrary
    questions: QuestionIndex
    catalogue: Catalogue
    drafts: DraftService
    scorer: Scorer
    interviews: InterviewService
    translator: Translator
    disputes: DisputeService
    practices: PracticeService
    rescoring: RescoringService
    reviews: ReviewService
    blind_reviews: BlindReviewService
    trust: TrustService
    audit: AuditService
    accounts: AccountService
    templates: TemplateService
    invites: InviteService
    invitations: InvitationService
    desk: DeskService
    exports: ExportService
    people: PeopleService
    people_finder: PeopleFinder


@asynccontextmanager
async def open_rooms(settings: Settings, parts: Parts) -> AsyncIterator[Rooms]:
    """The open rooms. Raises `AppError` for what can't be opened, with all that was opened closed again."""
    async with AsyncExitStack() as stack:
        yield await _open(settings, parts, stack)


async def _open(settings: Settings, parts: Parts, stack: AsyncExitStack) -> Rooms:
    database = await stack.enter_async_context(open_database(settings))
    ledger = UsageLedger(database)
    ledger.start()
    stack.push_async_callback(ledger.close)
    llm = parts.llm or build_llm(settings, ledger.record)
    await llm.start()
    stack.push_async_callback(llm.close)
    tasks = TaskSet()
    stack.push_async_callback(tasks.close)
    tasks.spawn(show_progress(llm))

    prompts = PromptLibrary(settings.prompts_dir)
    questions = QuestionIndex(settings, parts.embedder or build_index_embedder(settings))
    stack.callback(questions.close)
    catalogue = Catalogue(settings.banks_dir, database, questions)
    synced = await catalogue.open()
    banks = catalogue.library
    for problem in banks.problems:
        log.error("%s", problem)
    for notice in synced.notices:
        log.warning("%s", notice)
    store = DatabaseJudgements(database)
    embedder = build_embedder(settings)
    scorer = parts.scorer or build_scorer(settings, llm, prompts, embedder, store=store)
    scorers = ScorerSource(settings, scorer, llm, embedder, store, ledger.record)
    workflows = Workflows(settings, database)
    stack.push_async_callback(workflows.close)
    translator = Translator(llm, prompts)
    interviews = InterviewService(
        settings=settings,
        database=database,
        workflows=workflows,
        banks=banks,
        questions=questions,
        scorer=scorer,
        interviewer=parts.interviewer or build_interviewer(settings, prompts, llm),
        translator=translator,
    )
    eraser = Eraser(database, interviews)
    people = PeopleService(database, interviews, eraser, settings)
    templates = TemplateService(settings, database, banks, translator)
    rooms = Rooms(
        settings=settings,
        database=database,
        prompts=prompts,
        llm=llm,
        banks=banks,
        questions=questions,
        catalogue=catalogue,
        drafts=DraftService(
            database=database,
            catalogue=catalogue,
            index=questions,
            llm=llm,
            prompts=prompts,
            importer=parts.importer or import_document,
            proposer=parts.proposer or propose_points,
        ),
        scorer=scorer,
        interviews=interviews,
        translator=translator,
        disputes=DisputeService(database),
        practices=PracticeService(database),
        rescoring=RescoringService(database, scorers, DurableRescoring(workflows, database, scorers)),
        reviews=ReviewService(database),
        blind_reviews=BlindReviewService(database),
        trust=TrustService(database),
        audit=AuditService(database),
        accounts=AccountService(database, passwords=parts.passwords),
        templates=templates,
        invites=InviteService(database),
        invitations=InvitationService(database, templates, interviews),
        desk=DeskService(database),
        exports=ExportService(database),
        people=people,
        people_finder=PeopleFinder(database, people, eraser, settings),
    )
    await _tell_first_password(rooms.accounts)
    await _start(rooms, workflows, Retention(database, eraser, settings), stack)
    release_encoders()
    give_back_unused()
    return rooms


async def _start(rooms: Rooms, workflows: Workflows, retention: Retention, stack: AsyncExitStack) -> None:
    """Let what works in the background begin."""
    stack.push_async_callback(rooms.interviews.close)
    await workflows.open()
    retention.start()
    stack.push_async_callback(retention.close)
    stack.push_async_callback(rooms.drafts.close)
    stack.push_async_callback(rooms.catalogue.close)
    rooms.catalogue.start()


async def _tell_first_password(accounts: AccountService) -> None:
    first_password = await accounts.ensure_first_account()
    if first_password is not None:
        print(
            f"\nRecruiter's desk: /recruiter  name: recruiter  password: {first_password}\n"
            "This password is shown only now; keep it.\n",
            flush=True,
        )
