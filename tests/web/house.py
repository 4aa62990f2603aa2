"""The pages on a real server in a thread, with real service, database and index; only words are scripted."""

import asyncio
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import cast

import numpy as np
import uvicorn
import yaml
from fastapi import FastAPI
from numpy.typing import NDArray

from app.banks.drafts.service import DraftService
from app.banks.drafts.shelf import Shelf
from app.banks.index import QuestionIndex
from app.db.engine import Database, create_engine
from app.db.migrate import upgrade
from app.interviews.flow import NextMove
from app.interviews.interviewer import Interviewer, WordingContext
from app.interviews.routes import router as interviews_router
from app.interviews.service import InterviewService
from app.llm.factory import ChatModel
from app.llm.prompts import PromptLibrary
from app.llm.status import LLMStatus
from app.main import MAX_BODY_BYTES
from app.middleware import add_middleware
from app.problems import add_problem_handlers
from app.recruiting.accounts import AccountService
from app.scoring.card import PointScore, QuestionScore, Quote
from app.scoring.rubric import AnswerPart, Item
from app.scoring.scorer import Scorer
from app.scoring.tally import total
from app.settings import Settings
from app.web.assets import AssetFiles
from app.web.bank_pages import router as bank_pages_router
from app.web.draft_pages import router as draft_pages_router
from app.web.model_status import router as model_status_router
from app.web.pages import router as pages_router
from app.web.question_pages import router as question_pages_router
from app.web.recruiter import router as recruiting_router
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import tiny_bank

READY = LLMStatus("ready", "ready", "scripted")


class CharacterEmbedder:
    """Counts characters of every script: cheap, and texts that share few are far apart."""

    name = "characters"
    dimension = 128

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        vectors = np.full((len(texts), self.dimension), 1e-3, dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for character in text.casefold():
                row[ord(character) % self.dimension] += 1
        return cast(NDArray[np.float32], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    embed_passages = embed_queries


class ScriptedInterviewer:
    """Says the move and the question, after `opening`. While `held`, it stops after its first piece."""

    def __init__(self) -> None:
        self.held = False
        self.opening = ""

    async def words(self, move: NextMove, context: WordingContext) -> AsyncIterator[str]:
        yield f"[{move.move.value}] "
        while self.held:
            await asyncio.sleep(0.01)
        for word in f"{self.opening}{context.question.text if context.question else 'goodbye'}".split(" "):
            yield f"{word} "


class QuotingScorer:
    """Credits the n-th point with the n-th clause, and flags the second; when `down`, it scores nothing."""

    def __init__(self) -> None:
        self.down = False

    async def prepare(self, item: Item) -> None:
        return None

    def fingerprint(self, item: Item) -> str:
        return "quoting-1"

    async def score(
        self,
        item: Item,
        answer: Sequence[AnswerPart],
        kept: Sequence[PointScore] = (),
        elsewhere: Sequence[str] = (),
    ) -> QuestionScore:
        clauses = [
            Quote(seq=part.seq, start=found.start(), end=found.end(), text=found.group())
            for part in answer
            for found in re.finditer(r"[^,.]{4,}", part.text)
        ]
        points = [
            PointScore(
                id=point.id,
                text=point.text,
                credit=None if self.down else (1.0 if place == 0 else 0.5) if place < len(clauses) else 0.0,
                confidence=None if self.down else 0.9,
                needs_review=place == 1 and not self.down,
                quotes=clauses[place : place + 1],
            )
            for place, point in enumerate(item.points)
        ]
        score = total([point.credit for point in points], [1.0] * len(points), item.max_score)
        return QuestionScore(
            status="not_scored" if score is None else "scored",
            score=score,
            max_score=item.max_score,
            points=points,
            fingerprint="quoting-1",
            reason="llm-unavailable: switched off" if self.down else None,
        )


@dataclass
class ScriptedModel:
    """What the pages are told of the language model."""

    now: LLMStatus = READY

    def status(self) -> LLMStatus:
        return self.now


@dataclass
class House:
    """A running server and the strings a test can pull."""

    settings: Settings
    interviewer: ScriptedInterviewer = field(default_factory=ScriptedInterviewer)
    scorer: QuotingScorer = field(default_factory=QuotingScorer)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    proposer: ScriptedLLM = field(default_factory=ScriptedLLM)
    url: str = ""
    password: str = ""
    app: FastAPI | None = None

    def reset(self) -> None:
        """Everything as at the start; interviews stay."""
        self.interviewer.held = False
        self.interviewer.opening = ""
        self.scorer.down = False
        self.model.now = READY

    @asynccontextmanager
    async def lifespan(self, app: FastAPI) -> AsyncIterator[None]:
        self.settings.data_dir.mkdir(parents=True, exist_ok=True)
        database = Database(create_engine(self.settings.async_database_url))
        await upgrade(database.engine)
        folder = self.settings.data_dir / "banks"
        folder.mkdir(exist_ok=True)
        tiny = yaml.safe_dump(tiny_bank().model_dump(mode="json", exclude_none=True))
        (folder / "tiny.yaml").write_text(tiny, encoding="utf-8")
        questions = QuestionIndex(self.settings, CharacterEmbedder())
        shelf = Shelf(folder, database, questions)
        await shelf.open()
        banks = shelf.library
        drafts = DraftService(
            database=database,
            shelf=shelf,
            index=questions,
            llm=cast(ChatModel, self.proposer),
            prompts=PromptLibrary(self.settings.prompts_dir),
        )
        interviews = InterviewService(
            settings=self.settings,
            database=database,
            banks=banks,
            questions=questions,
            scorer=cast(Scorer, self.scorer),
            interviewer=cast(Interviewer, self.interviewer),
        )
        accounts = AccountService(database)
        self.password = await accounts.ensure_first_account() or ""
        app.state.settings = self.settings
        app.state.database = database
        app.state.banks = banks
        app.state.llm = self.model
        app.state.questions = questions
        app.state.drafts = drafts
        app.state.interviews = interviews
        app.state.accounts = accounts
        await interviews.start()
        shelf.start()
        try:
            yield
        finally:
            await interviews.close()
            await drafts.close()
            await shelf.close()
            questions.close()
            await database.close()


@contextmanager
def open_house(settings: Settings) -> Iterator[House]:
    """Serve on a free port of the loopback until the block ends."""
    house = House(settings)
    app = FastAPI(lifespan=house.lifespan, max_body_size=MAX_BODY_BYTES)
    add_middleware(app)
    add_problem_handlers(app)
    for router in (
        interviews_router,
        model_status_router,
        recruiting_router,
        bank_pages_router,
        draft_pages_router,
        question_pages_router,
        pages_router,
    ):
        app.include_router(router)
    app.mount("/static", AssetFiles())
    house.app = app
    with socket.create_server(("127.0.0.1", 0)) as listener:
        house.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                thread.join(0.02)
            yield house
        finally:
            server.should_exit = True
            thread.join()
