"""The interviewer's side of a turn: decide what comes next, say it, commit it.

A step that runs again after a kill says nothing twice: a line is committed under the `seq` of the line it
follows, which the database admits once.
"""

import logging
from dataclasses import replace

from app.db.engine import Database
from app.db.tables import Utterance, now
from app.errors import AppError, LLMError
from app.interviews.flow.intents import IntentLexicon
from app.interviews.flow.moves import Intent, Limits, NextMove, next_move, opening
from app.interviews.repository import Interviews
from app.interviews.speaking.interviewer import Interviewer, WordingContext
from app.interviews.state import line_view, minutes_used, state_view, store_state
from app.interviews.turns.live import LiveUtterance, LiveUtterances
from app.interviews.turns.turn import Turn
from app.scoring.screening.guard import Code, reason
from app.search.index import QuestionIndex
from app.search.service import MAX_QUERY_CHARS, search_points
from app.text.fold import words
from app.text.quoting import clean

log = logging.getLogger("interviewer.interviews")

UNCLEAR = reason(Code.NOISE)
# Lines before the reply that the interviewer's wording may look back on.
_TAIL = 6


class ReplyAnswerer:
    """Decides what follows a reply, has the `Interviewer` find the words, shows and commits them."""

    def __init__(
        self,
        database: Database,
        interviewer: Interviewer,
        lexicon: IntentLexicon,
        live: LiveUtterances,
        questions: QuestionIndex,
    ) -> None:
        self._database = database
        self._questions = questions
        self._interviewer = interviewer
        self._lexicon = lexicon
        self._live = live

    async def take_up(self, interview_id: str, turn_seq: int) -> Turn:
        """Read what the turn needs and show that the reply is being read."""
        turn = await Turn.read(self._database, interview_id, turn_seq)
        if turn.answer is None:
            said = [line_view(turn.reply)] if turn.reply else []
            self._live.start_turn(interview_id, said, state_view(turn.interview, "reading", now()))
        return turn

    async def speak(self, turn: Turn) -> int:
        """Say and commit the answer, unless it was committed before; its `seq`."""
        interview = turn.interview
        if turn.answer is None and (answer := await self._answer_since(turn)) is not None:
            return answer.seq
        if turn.answer is None and interview.status != "ended":
            await self._recognise(turn)
            move = self.decide(turn)
            seq = turn.seq + 1
            utterance = self._live.begin(interview.id, seq)
            text = await self._word(move, turn, utterance)
            return await self.commit(interview.id, turn.seq, seq, move, text)
        line = turn.answer or turn.lines[-1]
        self._live.publish(interview.id, [line_view(line)], state_view(interview, "idle", now()))
        return line.seq

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
        text = await self._word(move, turn, None, at_once=True)
        self._live.forget_problem(interview_id)
        await self.commit(interview_id, turn.seq, turn.seq + 1, move, text)

    async def close(self, interview_id: str, *, at_once: bool = False) -> None:
        """End the interview now; the closing words also answer a reply that still waits.

        `at_once` takes the bank's own words, without asking a model.
        """
        # A turn under way may commit first: then the line it said is what the closing words follow.
        while (turn := await Turn.read(self._database, interview_id)).interview.status != "ended":
            move = self.decide(turn, Intent.END)
            text = await self._word(move, turn, None, at_once=at_once)
            await self.commit(interview_id, turn.seq, turn.seq + 1, move, text)

    def decide(self, turn: Turn, intent: Intent | None = None) -> NextMove:
        """The next move; `intent` replaces the reply's."""
        settings = turn.interview.settings
        if intent is None and turn.reply is None:
            return opening(settings["of"])
        limits = Limits(
            follow_ups=settings["follow_ups"],
            questions=settings["of"],
            minutes=settings["minutes"],
            hints=turn.interview.mode == "practice",
        )
        if intent is None:
            assert turn.reply is not None
            intent = Intent(turn.reply.kind)
        used = minutes_used(turn.interview, now())
        return next_move(turn.state, intent, turn.view(), limits, used, settings["of"])

    async def _word(
        self, move: NextMove, turn: Turn, utterance: LiveUtterance | None, *, at_once: bool = False
    ) -> str:
        """The whole utterance; followers of `utterance` hear it while it is written."""
        interview = turn.interview
        text = ""
        context = replace(self.context(move, turn), at_once=at_once)
        async for piece in self._interviewer.words(move, context):
            piece = piece.encode("utf-8", "ignore").decode()
            if utterance is not None and piece:
                if not text and utterance.is_current:
                    self._live.publish(interview.id, (), state_view(interview, "writing", now()))
                utterance.append(piece)
            text += piece
        if not (text := clean(text)):
            raise LLMError(f"the interviewer found no words for {move.move.value!r}", hint="Try again.")
        return text

    def context(self, move: NextMove, turn: Turn) -> WordingContext:
        """What the interviewer may know while wording `move`."""
        said = [line for line in turn.lines if line.seq <= turn.seq]
        wishes = [self._lexicon.wished_language(line.text) for line in said if line.speaker == "candidate"]
        earlier = said[:-1] if turn.reply else said
        chosen, own = turn.interview.language, turn.interview.settings["bank_language"]
        return WordingContext(
            language=own,
            role=turn.interview.settings["role"],
            question=turn.questions.get(move.state.question),
            previous_question=turn.question if move.state.question != turn.number else None,
            last_reply=turn.reply.text if turn.reply else None,
            transcript_tail=tuple((line.speaker, line.text) for line in earlier[-_TAIL:]),
            number=move.state.question,
            of=turn.interview.settings["of"],
            mode="practice" if turn.interview.mode == "practice" else "assessment",
            candidate_language=next(filter(None, reversed(wishes)), chosen if chosen != own else None),
            unclear=turn.card is not None and turn.card.reason == UNCLEAR,
        )

    async def commit(self, interview_id: str, turn_seq: int, seq: int, move: NextMove, text: str) -> int:
        """Store the line and the state after it in one transaction, once a turn; the stored line's `seq`."""
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
                store_state(interview, move.state, line.at)
            elif (last := await interviews.last_line(interview_id)) is not None and last.seq > line.seq:
                # Answered over this turn's head, and gone on since: its state is news no more.
                return line.seq
        self._live.publish(interview_id, [line_view(line)], state_view(interview, "idle", line.at))
        return line.seq
