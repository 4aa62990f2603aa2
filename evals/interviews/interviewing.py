"""Whole interviews through the production service, in this process, on a database that is thrown away."""

import asyncio
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.banks.library import BankLibrary
from app.db.opening import open_database
from app.interviews.flow.moves import FlowState, Move
from app.interviews.planning.translating import Translator
from app.interviews.schemas import NewInterview, NewReply, QuestionReport, Report, TranscriptLine
from app.interviews.service import InterviewService
from app.interviews.speaking.interviewer import Interviewer
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
    """A reply and the interviewer's answer to it.

    `asked` is the line before the reply and `asked_about` the point that it aimed at, `taken_as` the kind the
    service stored of the reply; `answer`, of kind `move`, aims at `aimed_at`. `used` are question number and
    follow-ups before and after.
    """

    question_id: str
    asked: str
    asked_about: str | None
    reply: str
    taken_as: str
    move: str
    answer: str
    aimed_at: str | None
    used: tuple[tuple[int, int], tuple[int, int]]


Answering = Callable[[str, str | None], str]
"""The reply at a question, given its id and the point that the interviewer's line aims at."""


@asynccontextmanager
async def interview_service(
    bench: Bench, banks: BankLibrary, interviewer: Interviewer
) -> AsyncIterator[InterviewService]:
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
                    interviewer=interviewer,
                    translator=Translator(bench.llm, bench.prompts),
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
    """One interview to its end.

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
        before = FlowState.from_dict(interview.state)
        reply = answer(asked.question_id, before.pending_point)
        seq = await service.reply(created.id, NewReply(text=reply, client_turn_id=f"turn-{turn}"))
        await _spoken(service.events_of_turn(created.id, seq))
        interview = await service.find(created.id)
        *_, typed, said = (await service.view(interview)).transcript
        after = FlowState.from_dict(interview.state)
        used = (before.question, before.follow_ups_used), (after.question, after.follow_ups_used)
        aimed_at = after.pending_point if said.kind == Move.FOLLOW_UP else None
        exchanges.append(
            Exchange(
                asked.question_id, line.text, before.pending_point, reply, typed.kind, said.kind, said.text,
                aimed_at, used,
            )
        )  # fmt: skip
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
