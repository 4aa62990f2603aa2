"""The interviewer's side of a turn: hear the reply while it is judged, decide, say, commit.

A turn that runs again after a kill says nothing twice: a line is committed under the `seq` of the line it
follows, which the database admits once.
"""

import asyncio
import logging
from dataclasses import replace

from app.db.engine import Database
from app.db.tables import Utterance, now
from app.errors import AppError, LLMError
from app.interviews.flow.moves import Intent, Limits, Move, NextMove, next_move, opening
from app.interviews.repository import Interviews
from app.interviews.schemas import Activity
from app.interviews.speaking.interviewer import Interviewer, Response
from app.interviews.speaking.occasion import Line, Occasion
from app.interviews.state import line_view, minutes_used, state_view, store_state
from app.interviews.turns.judging import ReplyJudge
from app.interviews.turns.live import LiveUtterance, LiveUtterances
from app.interviews.turns.turn import Turn
from app.llm.metering import calls_about
from app.scoring.screening.guard import Code, reason
from app.search.index import QuestionIndex
from app.search.service import MAX_QUERY_CHARS, search_points
from app.text.fold import words
from app.text.quoting import clean

log = logging.getLogger("interviewer.interviews")

UNCLEAR = reason(Code.NOISE)
# Replies that a speaker hears: what was not said in so many words, and what asks for words of its own.
_HEARD = frozenset({Intent.ANSWER, Intent.EXPLAIN})


class ReplyAnswerer:
    """Has the `Interviewer` hear a reply and the `ReplyJudge` judge it, decides what follows and says it."""

    def __init__(
        self,
        database: Database,
        interviewer: Interviewer,
        judge: ReplyJudge,
        live: LiveUtterances,
        questions: QuestionIndex,
    ) -> None:
        self._database = database
        self._questions = questions
        self._interviewer = interviewer
        self._judge = judge
        self._live = live

    async def take_up(self, interview_id: str, turn_seq: int) -> Turn:
        """Read what the turn needs and show that the reply is being read."""
        turn = await Turn.read(self._database, interview_id, turn_seq)
        if turn.answer is None:
            said = [line_view(turn.reply)] if turn.reply else []
            self._live.start_turn(interview_id, said, state_view(turn.interview, "reading", now()))
        return turn

    async def listen(self, turn: Turn) -> Response:
        """Judge the reply, and find out what to say to it; followers hear that as it is found."""
        if turn.answer is not None or turn.reply is None or turn.interview.status == "ended":
            return Response()
        known = Intent(turn.reply.kind)
        if known not in _HEARD:
            await self._judge.judge(turn)
            return Response(known)
        with calls_about(f"{turn.interview.id}/{turn.seq}"):
            hearing = self._interviewer.hear(self.occasion(turn))
        # A speaker that asks a model is heard beside the judge; else only answers go to the judge.
        judging = asyncio.create_task(self._judge.score(turn)) if hearing.is_slow else None
        try:
            heard = await hearing.understood()
            intent = heard.intent if known is Intent.ANSWER else known
            turn.reply.kind = intent.value
            if intent is Intent.ANSWER and judging is None:
                judging = asyncio.create_task(self._judge.score(turn))
            saying = self._saying(turn)
            async for piece in hearing.say():
                saying.add(piece)
            if intent is Intent.ANSWER:
                saying.show("judging")
            response = Response(intent, known is intent, saying.text, heard.beside)
            if intent is not Intent.ANSWER or judging is None:
                return response
            await self._judge.keep(turn, await judging)
            return replace(response, follow_up=await hearing.follow_up())
        finally:
            if judging is not None:
                judging.cancel()
            await hearing.close()

    async def speak(self, turn: Turn, response: Response) -> int:
        """Say and commit the answer, unless it was committed before; its `seq`."""
        interview = turn.interview
        # Someone may not have wanted to wait, and has an answer.
        last = turn.answer or await self._answer_since(turn)
        if last is not None or interview.status == "ended":
            last = last or turn.lines[-1]
            self._live.publish(interview.id, [line_view(last)], state_view(interview, "idle", now()))
            return last.seq
        if turn.reply is not None:
            turn.reply.kind = response.intent.value
        await self._recognise(turn)
        aim = response.follow_up.point_id if response.follow_up else None
        move = self.decide(turn, said_so=response.said_so, aim=aim)
        saying = self._saying(turn, response.spoken)
        async for piece in self._interviewer.words(move, self.occasion(turn), response):
            saying.add(piece)
        kind = Intent.WAVERS if move.move is Move.CONFIRM else response.intent
        return await self.commit(interview.id, turn.seq, turn.seq + 1, move, saying.whole(move), kind)

    def _saying(self, turn: Turn, spoken: str = "") -> "Saying":
        utterance = self._live.go_on(turn.interview.id, turn.seq + 1, spoken)
        return Saying(self._live, turn, utterance)

    async def _recognise(self, turn: Turn) -> None:
        """Where the judge gave no verdict, find out by the index which points the answers touch."""
        said = "\n".join(part.text for part in turn.answer_parts())
        if turn.question is None or turn.is_judged or not words(said):
            return
        try:
            hits = await search_points(
                self._questions, said[:MAX_QUERY_CHARS], len(turn.question.points), turn.question.id
            )
        except AppError as error:
            log.warning("interview %s: points not recognised: %s", turn.interview.id, error.detail)
            return
        turn.touched = {hit.point_id: hit.score for hit in hits}

    async def _answer_since(self, turn: Turn) -> Utterance | None:
        """The line that answered the turn while its reply was being judged: someone did not want to wait."""
        async with self._database.reading() as session:
            return await Interviews(session).answer_to(turn.interview.id, turn.seq)

    async def cut_short(self, interview_id: str) -> None:
        """Answer what waits for an answer now, without judge and LLM; a turn under way finds it answered."""
        turn = await Turn.read(self._database, interview_id)
        if turn.interview.status == "ended" or (turn.lines and turn.lines[-1].speaker == "interviewer"):
            return
        await self._recognise(turn)
        move = self.decide(turn)
        self._live.forget_problem(interview_id)
        await self.commit(interview_id, turn.seq, turn.seq + 1, move, await self._words(turn, move))

    async def close(self, interview_id: str) -> None:
        """End the interview now; the closing words also answer a reply that still waits."""
        # A turn under way may commit first: then the line it said is what the closing words follow.
        while (turn := await Turn.read(self._database, interview_id)).interview.status != "ended":
            move = self.decide(turn, Intent.END)
            await self.commit(interview_id, turn.seq, turn.seq + 1, move, await self._words(turn, move))

    async def _words(self, turn: Turn, move: NextMove) -> str:
        """The words for a move that were written beforehand."""
        return clean("".join([piece async for piece in self._interviewer.words(move, self.occasion(turn))]))

    def decide(
        self, turn: Turn, intent: Intent | None = None, *, said_so: bool = True, aim: str | None = None
    ) -> NextMove:
        """The next move; `intent` replaces the reply's, `aim` is the point a follow-up was found for."""
        settings = turn.interview.settings
        if intent is None and turn.reply is None:
            return opening(settings["of"])
        if intent is None:
            assert turn.reply is not None
            intent = Intent(turn.reply.kind)
        used = minutes_used(turn.interview, now())
        view = replace(turn.view(), aim=aim)
        return next_move(turn.state, intent, view, _limits(turn), used, settings["of"], said_so=said_so)

    def occasion(self, turn: Turn) -> Occasion:
        """The turn as the interviewer sees it."""
        interview, settings = turn.interview, turn.interview.settings
        limits = _limits(turn)
        card = turn.card
        return Occasion(
            language=settings["bank_language"],
            role=settings["role"],
            question=turn.question,
            following=turn.questions.get(turn.number + 1),
            number=turn.number,
            of=settings["of"],
            mode="practice" if interview.mode == "practice" else "assessment",
            reply=turn.reply.text if turn.reply else None,
            intent=Intent(turn.reply.kind) if turn.reply else Intent.ANSWER,
            pending_point=turn.state.pending_point,
            lines=[
                Line(line.speaker, line.kind, line.text, line.question_number)
                for line in turn.lines
                if line.seq <= turn.seq and line is not turn.reply
            ],
            credits={point.id: point.credit for point in card.points} if card else {},
            covered=turn.covered(),
            job=(settings.get("request") or {}).get("job_description") or "",
            facts=tuple(settings.get("facts") or ()),
            follow_ups_left=max(0, limits.follow_ups - turn.state.follow_ups_used),
            minutes_left=max(0.0, limits.minutes - minutes_used(interview, now())),
            written_in=settings.get("written_in", ""),
            standard_probes=bool(settings.get("standard_probes")),
            inviting=turn.state.inviting,
            unclear=card is not None and card.reason == UNCLEAR,
            seed=interview.id,
        )

    async def commit(
        self,
        interview_id: str,
        turn_seq: int,
        seq: int,
        move: NextMove,
        text: str,
        reply_kind: Intent | None = None,
    ) -> int:
        """Store line, kind of reply and state in one transaction, once a turn; the stored line's `seq`."""
        async with self._database.session() as session:
            interviews = Interviews(session)
            interview = await interviews.lock(interview_id)
            # Another line in its place means that the interview went on meanwhile.
            line = await interviews.answer_or_line(interview_id, turn_seq, seq)
            if line is None:
                line = Utterance(
                    interview_id=interview_id,
                    seq=seq,
                    speaker="interviewer",
                    kind=move.move.value,
                    text=text,
                    question_number=move.state.question or None,
                    turn_seq=turn_seq,
                    at=now(),
                )
                await interviews.add_line(line)
                if reply_kind is not None:
                    await interviews.note_kind(interview_id, turn_seq, reply_kind)
                store_state(interview, move.state, line.at)
            elif (last := await interviews.last_line(interview_id)) is not None and last.seq > line.seq:
                # Answered over this turn's head, and gone on since: its state is news no more.
                return line.seq
        self._live.publish(interview_id, [line_view(line)], state_view(interview, "idle", line.at))
        return line.seq


class Saying:
    """What is being said in a turn: followers see it while it grows."""

    def __init__(self, live: LiveUtterances, turn: Turn, utterance: LiveUtterance) -> None:
        self.text = utterance.text
        self._shown: Activity | None = None
        self._live = live
        self._turn = turn
        self._utterance = utterance

    def add(self, piece: str) -> None:
        """Say a piece more."""
        piece = piece.encode("utf-8", "ignore").decode()
        if not piece:
            return
        self.show("writing")
        self._utterance.append(piece)
        self.text += piece

    def show(self, activity: Activity) -> None:
        """Tell followers what is being done, if it is something else."""
        if activity != self._shown and self._utterance.is_current:
            interview = self._turn.interview
            self._live.publish(interview.id, (), state_view(interview, activity, now()))
            self._shown = activity

    def whole(self, move: NextMove) -> str:
        """All of it, storable. Raises `LLMError` if it is nothing."""
        if not (text := clean(self.text)):
            raise LLMError(f"the interviewer found no words for {move.move.value!r}", hint="Try again.")
        return text


def _limits(turn: Turn) -> Limits:
    settings = turn.interview.settings
    return Limits(
        follow_ups=settings["follow_ups"],
        questions=settings["of"],
        minutes=settings["minutes"],
        hints=turn.interview.mode == "practice",
        invites=bool(settings.get("invites")),
    )
