"""A small house for the interview tests: a bank of three questions and plain stand-ins."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.db.engine import Database, create_engine
from app.db.opening import upgrade
from app.interviews.flow.moves import NextMove
from app.interviews.planning.translating import Translator
from app.interviews.schemas import CreatedInterview, NewInterview, NewReply, TranscriptLine
from app.interviews.service import InterviewService
from app.interviews.speaking.interviewer import Interviewer, Response
from app.interviews.speaking.occasion import Hearing, Occasion
from app.interviews.turns.live import Event
from app.languages.files import LanguageFolder
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.scoring.card import PointScore, QuestionScore, ScorerIdentity
from app.scoring.rubric import AnswerPart, Item
from app.scoring.scorer import Scorer
from app.scoring.tally import total
from app.search.index import QuestionIndex
from app.settings import PROJECT_DIR, Settings
from app.workflows.workflows import Workflows
from tests.fakes.scripted import ScriptedLLM, plain_speaker
from tests.waiting import until

POINTS = ("apologise", "ask for the order number", "offer a refund")


def tiny_bank() -> Bank:
    """Three questions of one section, each with three points that an answer states in their own words."""
    return Bank.model_validate(
        {
            "id": "tiny",
            "title": "A tiny bank",
            "role": "support agent",
            "language": "en",
            "version": "1.0.0",
            "competencies": [{"id": "care", "title": "Care for people"}],
            "sections": [
                {
                    "id": "only",
                    "title": "The only section",
                    "questions": [
                        {
                            "id": f"tiny.q{number}",
                            "text": f"Question text {number} {words}?",
                            "kind": "situational",
                            "competencies": ["care"],
                            "max_score": 6,
                            "examines": "Whether people come first.",
                            "reference_answer": "All three things.",
                            "points": [{"id": f"p{k}", "text": text} for k, text in enumerate(POINTS, 1)],
                        }
                        for number, words in enumerate(
                            ("late parcel", "broken screen shown on camera", "rude colleague at night"), 1
                        )
                    ],
                }
            ],
        }
    )


def plain_translator(settings: Settings, llm: LLM | None = None) -> Translator:
    """One that asks a scripted model."""
    return Translator(llm or ScriptedLLM(), PromptLibrary(settings.prompts_dir))


class LetterEmbedder:
    """Counts letters: cheap, and different texts get different vectors."""

    name = "letters"
    dimension = 26

    def embed_queries(self, texts: list[str]) -> NDArray[np.float32]:
        counts = [[text.lower().count(chr(97 + i)) + 0.01 * i for i in range(26)] for text in texts]
        vectors = np.array(counts, dtype=np.float32)
        return cast(NDArray[np.float32], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))

    embed_passages = embed_queries


class PlainInterviewer:
    """Says the move and the question; `gate` lets a test stop it between pieces, `fault` makes it fail."""

    def __init__(self) -> None:
        self.moves: list[NextMove] = []
        self.occasions: list[Occasion] = []
        self.responses: list[Response] = []
        self.gate: asyncio.Event | None = None
        self.gates_all = False
        self.fault: Exception | None = None

    def hear(self, occasion: Occasion) -> Hearing:
        return plain_speaker(LanguageFolder(PROJECT_DIR / "prompts")).hear(occasion)

    async def words(
        self, move: NextMove, occasion: Occasion, response: Response | None = None
    ) -> AsyncIterator[str]:
        """Without a response nobody is made to wait, unless it `gates_all`."""
        self.moves.append(move)
        self.occasions.append(occasion)
        self.responses.append(response or Response())
        yield f"[{move.move.value}] "
        if self.gate is not None and (response is not None or self.gates_all):
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        question = occasion.question if occasion.number == move.state.question else occasion.following
        yield question.text if question else "goodbye"


@dataclass
class PlainScorer:
    """Credits a point when an answer states its words. `answers` holds what it was given to judge."""

    answers: list[list[AnswerPart]] = field(default_factory=list)
    prepared: list[str] = field(default_factory=list)
    kept: list[list[PointScore]] = field(default_factory=list)
    elsewhere: list[list[str]] = field(default_factory=list)
    fault: Exception | None = None
    status: str = "scored"
    gate: asyncio.Event | None = None

    async def prepare(self, item: Item) -> None:
        self.prepared.append(item.question)

    def identity(self, language: str) -> ScorerIdentity:
        return ScorerIdentity(judge={"model": "scripted", "language": language})

    def fingerprint(self, item: Item) -> str:
        return "plain-1"

    async def score(
        self,
        item: Item,
        answer: Sequence[AnswerPart],
        kept: Sequence[PointScore] = (),
        elsewhere: Sequence[str] = (),
    ) -> QuestionScore:
        self.answers.append(list(answer))
        self.kept.append(list(kept))
        self.elsewhere.append(list(elsewhere))
        if self.gate is not None:
            await self.gate.wait()
        if self.fault is not None:
            raise self.fault
        said = " ".join(part.text for part in answer).lower()
        credits = [1.0 if point.text in said else 0.0 for point in item.points]
        scored = self.status == "scored"
        return QuestionScore(
            status="scored" if scored else "not_scored",
            score=total(credits, [1.0] * len(credits), item.max_score) if scored else None,
            max_score=item.max_score,
            points=[
                PointScore(id=point.id, text=point.text, credit=credit if scored else None)
                for point, credit in zip(item.points, credits, strict=True)
            ],
            fingerprint=self.fingerprint(item),
            reason=None if scored else "llm-error",
        )


@dataclass
class House:
    """A running interview service and its parts."""

    service: InterviewService
    workflows: Workflows
    database: Database
    settings: Settings
    interviewer: PlainInterviewer
    scorer: PlainScorer

    async def interview(self, **wanted: Any) -> CreatedInterview:
        """A new interview whose greeting was said."""
        created = await self.service.create(NewInterview(**({"bank": "tiny", "seed": 1} | wanted)))
        await self.settled(created.id)
        return created

    async def say(self, interview_id: str, text: str, turn: str | None = None, **more: Any) -> list[Event]:
        """Reply and take in all events of the turn."""
        reply = NewReply(text=text, client_turn_id=turn or f"turn-{text}"[:40].replace(" ", "_"), **more)
        seq = await self.service.reply(interview_id, reply)
        return [event async for event in self.service.events_of_turn(interview_id, seq) if event]

    async def lines(self, interview_id: str) -> list[TranscriptLine]:
        return (await self.service.view(await self.service.find(interview_id))).transcript

    async def settled(self, interview_id: str) -> list[TranscriptLine]:
        """The transcript as soon as the interviewer spoke last."""

        async def spoken() -> list[TranscriptLine]:
            lines = await self.lines(interview_id)
            return lines if lines and lines[-1].speaker == "interviewer" else []

        return await until(spoken)

    async def at_rest(self) -> None:
        """Until no turn is under way, and none has anything left to write."""
        await until(lambda: not self.service.at_work)

    async def at_the_gate(self, moves: int = 2) -> None:
        """Until the interviewer has begun so many moves; with a gate it says no more than their beginning."""
        await until(lambda: len(self.interviewer.moves) >= moves)


@asynccontextmanager
async def open_house(
    settings: Settings,
    questions: QuestionIndex,
    *,
    banks: BankLibrary | None = None,
    interviewer: Interviewer | None = None,
    scorer: Scorer | None = None,
    llm: LLM | None = None,
    before: Callable[[House], None] | None = None,
) -> AsyncIterator[House]:
    """Start the service on the settings' database.

    The bank is the tiny one, interviewer and scorer plain ones unless others are given; `before` may change
    the parts first.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    database = Database(create_engine(settings.async_database_url))
    await upgrade(database.engine)
    plain, plain_scorer = PlainInterviewer(), PlainScorer()
    workflows = Workflows(settings, database)
    service = InterviewService(
        settings=settings,
        database=database,
        workflows=workflows,
        banks=banks or BankLibrary({"tiny": tiny_bank()}),
        questions=questions,
        scorer=scorer or cast(Scorer, plain_scorer),
        interviewer=interviewer or cast(Interviewer, plain),
        translator=plain_translator(settings, llm),
    )
    house = House(service, workflows, database, settings, plain, plain_scorer)
    if before is not None:
        before(house)
    try:
        await workflows.open()
        yield house
    finally:
        await service.close()
        await workflows.close()
        await database.close()
