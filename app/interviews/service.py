"""Interviews: planned, taken part in, ended."""

import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Mapping
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.banks.library import BankLibrary
from app.db.engine import Database
from app.db.tables import Interview, Utterance, now
from app.errors import BadInputError, ConflictError
from app.interviews.access.admission import admit
from app.interviews.access.devices import DeviceLinks
from app.interviews.access.repository import Persons, hash_token
from app.interviews.flow.intents import IntentLexicon
from app.interviews.flow.moves import FlowState
from app.interviews.planning.plan import Plan
from app.interviews.planning.planner import Planner, Terms, planned_interview
from app.interviews.planning.translating import Translator
from app.interviews.reports.report import load_report
from app.interviews.reports.star import StarReader
from app.interviews.repository import OPENING, Interviews
from app.interviews.schemas import (
    BankName,
    CreatedInterview,
    InterviewView,
    NewInterview,
    NewReply,
    Report,
    StateView,
)
from app.interviews.speaking.interviewer import Interviewer
from app.interviews.state import line_view, question_place, state_view
from app.interviews.turns.answering import ReplyAnswerer
from app.interviews.turns.followers import Followers
from app.interviews.turns.judging import ReplyJudge
from app.interviews.turns.live import Event, LiveUtterances, StreamPosition
from app.interviews.turns.workflow import DurableTurns
from app.scoring.scorer import Scorer
from app.search.index import QuestionIndex
from app.settings import Settings
from app.workflows.workflows import Workflows


class InterviewEndedError(ConflictError):
    """The interview is over; nothing is added to it."""


class OvertakenError(ConflictError):
    """The transcript went on since the line that the reply follows, as from another window."""


class InterviewService:
    """What people can do with interviews. Every method opens its own short transactions."""

    def __init__(
        self,
        *,
        settings: Settings,
        database: Database,
        workflows: Workflows,
        banks: BankLibrary,
        questions: QuestionIndex,
        scorer: Scorer,
        interviewer: Interviewer,
        translator: Translator,
    ) -> None:
        self._settings = settings
        self._database = database
        self.planner = Planner(settings, banks, questions)
        self._translator = translator
        self._lexicon = IntentLexicon.from_folder(settings.prompts_dir)
        self.live = LiveUtterances()
        self._judge = ReplyJudge(database, scorer)
        self._answerer = ReplyAnswerer(database, interviewer, self._judge, self.live, questions)
        self._turns = DurableTurns(workflows, database, self._judge, self._answerer, self.live)
        self._followers = Followers(database, self.live)
        self._stars = StarReader(database, scorer, settings.prompts_dir)
        self.devices = DeviceLinks(database)

    async def close(self) -> None:
        """Stop what is done beside the turns."""
        await self._stars.close()
        await self._turns.close()

    @property
    def at_work(self) -> bool:
        """Whether this process is at a turn or prepares the next one."""
        return self._turns.at_work

    def is_at(self, interview_id: str, turn_seq: int) -> bool:
        """Whether this process is at the turn after that line."""
        return self._turns.is_at(interview_id, turn_seq)

    async def create(self, wanted: NewInterview, terms: Terms | None = None) -> CreatedInterview:
        """Plan an interview and let the interviewer open it. Raises `NotFoundError`, `BadInputError`."""
        plan, origin = await self._planned(wanted)
        terms = terms or Terms(mode=wanted.mode, follow_ups=wanted.follow_ups, language=wanted.language)
        return await self.create_planned(plan, terms, origin)

    async def begin(
        self, wanted: NewInterview, person_token: str | None
    ) -> tuple[CreatedInterview, str | None]:
        """Start an interview of the person whose cookie is given, or of a new one, whose token comes back.

        Raises `NotFoundError`, `BadInputError`.
        """
        plan, origin = await self._planned(wanted)
        async with self._database.session() as session:
            person, fresh = await Persons(session).welcome(person_token)
        terms = Terms(
            mode=wanted.mode,
            follow_ups=wanted.follow_ups,
            language=wanted.language,
            person_id=person.id,
            consented_at=now(),
        )
        return await self.create_planned(plan, terms, origin), fresh

    async def _planned(self, wanted: NewInterview) -> tuple[Plan, dict[str, Any]]:
        """The plan, and where it came from."""
        seed = secrets.randbelow(2**31) if wanted.seed is None else wanted.seed
        plan = await self._translator.in_language(await self.planner.plan(wanted, seed), wanted.language)
        return plan, {"request": wanted.model_dump(mode="json"), "seed": seed}

    async def create_planned(
        self,
        plan: Plan,
        terms: Terms,
        origin: Mapping[str, Any] | None = None,
        along: Callable[[AsyncSession, str], Awaitable[None]] | None = None,
    ) -> CreatedInterview:
        """Store an interview that asks `plan`, in the language of the terms, and let the interviewer open it.

        `origin` is kept in the interview's settings for whoever asks how it came about. `along` gets its id
        and writes in the same transaction; if it raises, there is no interview.
        Raises `BadInputError` for a language it can't be held in, `LLMError` if translating failed.
        """
        plan = await self._translator.in_language(plan, terms.language)
        token = secrets.token_urlsafe(32)
        interview, questions = planned_interview(plan, terms, self._settings, dict(origin or {}))
        interview.token_hash = hash_token(token)
        async with self._database.session() as session:
            await Interviews(session).add(interview, questions)
            if along is not None:
                await along(session, interview.id)
        self.live.start_turn(interview.id, [], state_view(interview, "writing", now()))
        await self._turns.start(interview.id, OPENING)
        return CreatedInterview(
            id=interview.id,
            token=token,
            status="open",
            bank=plan.bank_id,
            language=interview.language,
            mode=terms.mode,
            question=question_place(interview),
        )

    async def find(self, interview_id: str) -> Interview:
        """The stored interview. Raises `NotFoundError`."""
        async with self._database.reading() as session:
            return await Interviews(session).existing(interview_id)

    async def admit(self, interview_id: str, token: str | None, person_token: str | None = None) -> Interview:
        """The interview, if a token opens it. Raises `NotFoundError`, `NotAllowedError`."""
        async with self._database.reading() as session:
            return await admit(session, interview_id, token, person_token)

    async def view(self, interview: Interview) -> InterviewView:
        """The interview with its transcript, as its candidate sees it."""
        reading = await self._followers.read(interview.id)
        return InterviewView(
            **reading.state.model_dump(),
            id=interview.id,
            mode="practice" if interview.mode == "practice" else "assessment",
            language=interview.language,
            bank=BankName(id=interview.bank_id, title=interview.bank_title),
            transcript=reading.lines,
        )

    async def reply(self, interview_id: str, reply: NewReply) -> int:
        """Store a reply, once for each `client_turn_id`, and let the interviewer answer; the reply's `seq`.

        Raises `BadInputError` for a reply that is empty or too long, `ConflictError` when it is not the
        candidate's turn, the interview has ended, the turn id was used for other words, or another reply
        came after the line this one follows.
        """
        self._check(reply.text)
        async with self._database.session() as session:
            interviews = Interviews(session)
            interview = await interviews.lock(interview_id)
            last, repeated = await interviews.last_and_repeated(interview_id, reply.client_turn_id)
            line = repeated or await interviews.add_line(self._next_line(interview, last, reply))
            answered = repeated is not None and await interviews.answer_to(interview_id, line.seq) is not None
        if repeated is not None and repeated.text != reply.text:
            raise ConflictError(
                f"client_turn_id {reply.client_turn_id!r} was used for another reply",
                hint="Use a new client_turn_id for new words.",
            )
        if repeated is None:
            self.live.start_turn(interview_id, [line_view(line)], state_view(interview, "reading", now()))
            await self._turns.start(interview_id, line.seq)
        elif not answered:
            await self._turns.ensure(interview_id, line.seq)
        return line.seq

    def _check(self, text: str) -> None:
        most = self._settings.max_reply_chars
        if not text:
            raise BadInputError(
                "text: the reply has no visible characters",
                hint="Type an answer; to leave the question, say that you want to skip it.",
            )
        if len(text) > most:
            raise BadInputError(
                f"text: the reply has {len(text):,} characters, {most:,} are possible",
                hint="Shorten the reply; nothing of it was stored.",
            )

    def _next_line(self, interview: Interview, last: Utterance | None, reply: NewReply) -> Utterance:
        if interview.status == "ended":
            raise InterviewEndedError(
                "the interview has ended", hint="Read the report, or start a new interview."
            )
        if reply.after is not None and last is not None and last.seq != reply.after:
            raise OvertakenError(
                f"after: the transcript has come to line {last.seq}, the reply follows line {reply.after}",
                hint="Read what was said since; nothing of this reply was stored.",
            )
        if last is None or last.speaker == "candidate":
            raise ConflictError(
                "the interviewer is still speaking" if last is None else "a reply is still being answered",
                hint="Wait for the interviewer, then send this reply; or send the earlier one again.",
            )
        state = FlowState.from_dict(interview.state)
        intent = reply.intent or self._lexicon.recognise(reply.text, state.offered)
        return Utterance(
            interview_id=interview.id,
            seq=last.seq + 1,
            speaker="candidate",
            kind=intent.value,
            text=reply.text,
            question_number=None if state.inviting else state.question or None,
            client_turn_id=reply.client_turn_id,
            at=now(),
            signals=reply.signals.model_dump() if reply.signals and interview.mode == "assessment" else None,
        )

    async def stop(self, interview_id: str) -> StateView:
        """Let the interviewer answer at once, in the bank's own words; harmless when it has answered."""
        await self._answerer.cut_short(interview_id)
        return (await self._followers.read(interview_id)).state

    async def retry(self, interview_id: str) -> StateView:
        """Answer the last line again if its turn failed; harmless otherwise."""
        async with self._database.reading() as session:
            waiting = await Interviews(session).unanswered(interview_id)
        for _, turn_seq in waiting:
            await self._turns.ensure(interview_id, turn_seq)
        return (await self._followers.read(interview_id)).state

    async def end(self, interview_id: str) -> StateView:
        """End the interview with closing words; harmless when it has ended."""
        interview = await self.find(interview_id)
        if interview.status != "ended":
            await self._answerer.close(interview_id)
        return (await self._followers.read(interview_id)).state

    async def forget(self, interview_ids: Collection[str]) -> None:
        """Let go of interviews that were deleted: their turns, the records of these, what is being said."""
        await self._turns.forget(interview_ids)

    def events_of_turn(self, interview_id: str, seq: int) -> AsyncIterator[Event | None]:
        """Reply `seq` and its answer while it is written; ends with the answer. `None` is a heartbeat."""
        return self._followers.turn(interview_id, seq)

    async def has_news(self, interview_id: str, position: StreamPosition) -> bool:
        """Whether a follower at `position` has anything to wait for."""
        return await self._followers.has_news(interview_id, position)

    def events(self, interview_id: str, position: StreamPosition) -> AsyncIterator[Event | None]:
        """Everything after `position` until the interview has ended. `None` is a heartbeat."""
        return self._followers.interview(interview_id, position)

    async def judge_again(self, interview_id: str) -> None:
        """Score the answers that could not be scored when they were given. Raises `ConflictError`."""
        await self._judge.judge_again(interview_id)

    async def report(self, interview_id: str, *, full: bool = False) -> Report:
        """The score card; `full` shows all of it, as recruiters may see it.

        The candidate's own look starts what is read only for them.
        """
        async with self._database.reading() as session:
            report = await load_report(session, interview_id, full=full)
        return report if full else self._stars.look_after(report)
