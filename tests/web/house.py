"""The whole service on a real server in a thread; only the words and the verdicts are scripted."""

import asyncio
import io
import re
import socket
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from typing import Any, cast

import numpy as np
import uvicorn
import yaml
from fastapi import FastAPI
from numpy.typing import NDArray

from app.authoring.proposals import Proposer, propose_points
from app.authoring.service import Importer, import_document
from app.banks.schema import Bank, Question
from app.interviews.flow.moves import NextMove
from app.interviews.speaking.interviewer import Interviewer, Response
from app.interviews.speaking.occasion import Hearing, Occasion
from app.languages.files import LanguageFolder
from app.llm.base import ChatModel, LLMStatus
from app.main import create_app
from app.rooms import Parts, Rooms
from app.scoring.card import PointScore, QuestionScore, Quote, ScorerIdentity
from app.scoring.rubric import AnswerPart, Item
from app.scoring.scorer import Scorer
from app.scoring.tally import total
from app.settings import PROJECT_DIR, Settings
from tests.fakes.passwords import quick_passwords
from tests.fakes.scripted import ScriptedLLM, plain_speaker
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


def asked_by(move: NextMove, occasion: Occasion) -> Question | None:
    """The question that a move leaves waiting."""
    return occasion.question if occasion.number == move.state.question else occasion.following


class ScriptedInterviewer:
    """Says the move and the question, after `opening`. While `held`, it stops after its first piece.

    `pace` is how many seconds it takes over a word.
    """

    def __init__(self) -> None:
        self.held = False
        self.opening = ""
        self.pace = 0.0

    def hear(self, occasion: Occasion) -> Hearing:
        return plain_speaker(LanguageFolder(PROJECT_DIR / "prompts")).hear(occasion)

    async def words(
        self, move: NextMove, occasion: Occasion, response: Response | None = None
    ) -> AsyncIterator[str]:
        """Without a response nobody is made to wait."""
        yield f"[{move.move.value}] "
        while self.held and response is not None:
            await asyncio.sleep(0.01)
        question = asked_by(move, occasion)
        for word in f"{self.opening}{question.text if question else 'goodbye'}".split(" "):
            if self.pace and response is not None:
                await asyncio.sleep(self.pace)
            yield f"{word} "


class QuotingScorer:
    """Credits the n-th point with the n-th clause, and flags the second; when `down`, it scores nothing."""

    def __init__(self) -> None:
        self.down = False

    async def prepare(self, item: Item) -> None:
        return None

    def identity(self, language: str) -> ScorerIdentity:
        return ScorerIdentity(judge={"model": "scripted", "language": language})

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


class ScriptedModel(ScriptedLLM):
    """A language model that says what it is told to, and is in the state it is told to be in."""

    def __init__(self) -> None:
        super().__init__()
        self.now = READY

    async def start(self) -> None:
        return None

    async def close(self) -> None:
        return None

    def status(self) -> LLMStatus:
        return self.now


@dataclass
class House:
    """A running server and the strings a test can pull."""

    settings: Settings
    interviewer: ScriptedInterviewer = field(default_factory=ScriptedInterviewer)
    scorer: QuotingScorer = field(default_factory=QuotingScorer)
    model: ScriptedModel = field(default_factory=ScriptedModel)
    importer: Importer = import_document
    proposer: Proposer = propose_points
    url: str = ""
    password: str = ""
    app: FastAPI | None = None

    @property
    def rooms(self) -> Rooms:
        """What the service opened."""
        assert self.app is not None
        return cast(Rooms, self.app.state.rooms)

    @contextmanager
    def set(self, **settings: Any) -> Iterator[None]:
        """Pages read these settings until the block ends."""
        assert self.app is not None
        opened = self.rooms
        self.app.state.rooms = replace(opened, settings=opened.settings.model_copy(update=settings))
        try:
            yield
        finally:
            self.app.state.rooms = opened

    def reset(self) -> None:
        """Everything as at the start; interviews stay."""
        self.interviewer.held = False
        self.interviewer.opening = ""
        self.interviewer.pace = 0.0
        self.scorer.down = False
        self.model.now = READY
        self.importer, self.proposer = import_document, propose_points


@contextmanager
def open_house(
    settings: Settings,
    *,
    banks: Sequence[Bank] | None = None,
    interviewer: ScriptedInterviewer | None = None,
) -> Iterator[House]:
    """Serve on a free port of the loopback until the block ends; without `banks` it has the tiny one."""
    folder = settings.data_dir / "banks"
    folder.mkdir(parents=True, exist_ok=True)
    for bank in [tiny_bank()] if banks is None else banks:
        content = yaml.safe_dump(bank.model_dump(mode="json", exclude_none=True), allow_unicode=True)
        (folder / f"{bank.id}.yaml").write_text(content, encoding="utf-8")
    settings = settings.model_copy(update={"banks_dir": folder})
    house = House(settings, interviewer or ScriptedInterviewer())
    parts = Parts(
        passwords=quick_passwords(),
        llm=cast(ChatModel, house.model),
        embedder=CharacterEmbedder(),
        scorer=cast(Scorer, house.scorer),
        interviewer=cast(Interviewer, house.interviewer),
        importer=lambda name, content: house.importer(name, content),
        proposer=lambda *asked: house.proposer(*asked),
    )
    house.app = create_app(settings, parts)
    printed = io.StringIO()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        house.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        server = uvicorn.Server(uvicorn.Config(house.app, log_level="warning", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        with redirect_stdout(printed):
            thread.start()
            while not server.started:
                assert thread.is_alive(), "the server did not start"
                thread.join(0.02)
        house.password = printed.getvalue().partition("password: ")[2].split()[0]
        try:
            yield house
        finally:
            server.should_exit = True
            thread.join()
