"""Whole interviews through the production service, in this process, on a database that is thrown away."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.banks.library import BankLibrary
from app.db.opening import open_database
from app.interviews.flow.moves import FlowState
from app.interviews.schemas import NewInterview, NewReply, QuestionReport, Report, TranscriptLine
from app.interviews.service import InterviewService
from app.interviews.speaking.interviewer import build_interviewer
from app.interviews.turns.live import Event, StreamPosition
from app.search.embedding import build_index_embedder
from app.search.index import QuestionIndex
from app.workflows.workflows import Workflows
from evals.bench import Bench

MOST_TURNS = 60


class InterviewFailedError(Exception):
    """A turn of the interview could not be finished; the message says why."""


@dataclass(frozen=True)
class Exchange:
    """One utterance of the interviewer and the reply to it.

    `aimed_at` is the point the service recorded as the follow-up's aim. `credits` are the question's after
    the reply was judged, None where a point was not scored.
    """

    question_id: str
    kind: str
    utterance: str
    aimed_at: str | None
    reply: str
    credits: Mapping[str, float | None]


Answering = Callable[[str, TranscriptLine], str]
"""The reply to an interviewer's line about a question, given the question's id."""


@asynccontextmanager
async def interview_service(bench: Bench, banks: BankLibrary) -> AsyncIterator[InterviewService]:
    """The service on the bench's model and scorer, with `banks` and a folder of its own."""
    with tempfile.TemporaryDirectory(prefix="interviews-") as folder:
        own = {"data_dir": Path(folder), "database_url": None, "chroma_url": None}
        settings = bench.settings.model_copy(update=own)
        questions = QuestionIndex(settings, bench.embedder or build_index_embedder(settings))
        async with open_database(settings) as database:
            try:
                await asyncio.to_thread(questions.sync, banks)
                workflows = Workflows(settings, database)
                service = InterviewService(
                    settings=settings,
                    database=database,
                    workflows=workflows,
                    banks=banks,
                    questions=questions,
                    scorer=bench.scorer,
                    interviewer=build_interviewer(settings, bench.prompts, bench.llm),
                )
                try:
                    await workflows.open()
                    yield service
                finally:
                    await service.close()
                    await workflows.close()
            finally:
                await asyncio.to_thread(questions.close)


async def hold_interview(
    service: InterviewService, wanted: NewInterview, answer: Answering
) -> list[Exchange]:
    """One interview to its end: its exchanges, the closing words left out.

    Raises `InterviewFailedError` when a turn fails or the interview does not come to an end.
    """
    created = await service.create(wanted)
    await _spoken(service.events(created.id, StreamPosition()))
    exchanges: list[Exchange] = []
    for turn in range(MOST_TURNS):
        interview = await service.find(created.id)
        line = (await service.view(interview)).transcript[-1]
        if interview.status == "ended" or line.question is None:
            return exchanges
        asked = _card(await service.report(created.id, full=True), line.question)
        reply = answer(asked.question_id, line)
        aimed_at = FlowState.from_dict(interview.state).pending_point
        seq = await service.reply(created.id, NewReply(text=reply, client_turn_id=f"turn-{turn}"))
        await _spoken(service.events_of_turn(created.id, seq))
        card = _card(await service.report(created.id, full=True), line.question)
        credits = {point.id: point.credit for point in card.points}
        exchanges.append(Exchange(asked.question_id, line.kind, line.text, aimed_at, reply, credits))
    raise InterviewFailedError(f"not at its end after {MOST_TURNS} turns")


def _card(report: Report, number: int) -> QuestionReport:
    return next(question for question in report.questions if question.number == number)


def _is_interviewers(message: Event) -> bool:
    return TranscriptLine.model_validate_json(message.body).speaker == "interviewer"


async def _spoken(events: AsyncIterator[Event | None]) -> None:
    """Wait until the interviewer has spoken. Raises `InterviewFailedError` if it could not."""
    async for event in events:
        if event is not None and event.name == "error":
            raise InterviewFailedError(event.body)
        if event is not None and event.name == "message" and _is_interviewers(event):
            break
    if isinstance(events, AsyncGenerator):
        await events.aclose()
