"""One turn of the interviewer: judge the reply, decide what comes next, say it, commit it.

Every step may run again after a kill: judging overwrites the same card, and the answer is committed under the
`seq` of the line it follows, which the database admits once.
"""

import logging
from dataclasses import dataclass, field

from app.banks.schema import Question
from app.db.engine import Database
from app.db.tables import Interview, Utterance, now
from app.errors import LLMError
from app.interviews.flow import FlowState, Intent, Limits, NextMove, QuestionView, next_move, opening
from app.interviews.intents import IntentLexicon
from app.interviews.interviewer import Interviewer, WordingContext
from app.interviews.live import LiveUtterances
from app.interviews.live import Utterance as LiveUtterance
from app.interviews.repository import OPENING, Interviews
from app.interviews.views import keep_time, line_view, minutes_used, state_view
from app.scoring.card import PointScore, QuestionScore
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.scoring.scorer import Scorer
from app.text import clean

log = logging.getLogger("interviewer.interviews")

# Lines before the reply that the interviewer's wording may look back on.
_TAIL = 6


@dataclass
class Turn:
    """What one turn needs to know: the interview, its current and next question, and the transcript."""

    interview: Interview
    lines: list[Utterance]
    seq: int
    questions: dict[int, Question] = field(default_factory=dict)
    card: QuestionScore | None = None
    state: FlowState = field(init=False)

    def __post_init__(self) -> None:
        self.state = FlowState.from_dict(self.interview.state)

    @property
    def reply(self) -> Utterance | None:
        """The reply to answer; none in the opening."""
        return next((line for line in self.lines if line.seq == self.seq), None)

    @property
    def answer(self) -> Utterance | None:
        """The line that already answers it, if it was committed before a kill."""
        return next((line for line in self.lines if line.turn_seq == self.seq), None)

    @property
    def number(self) -> int:
        """Number of the question the reply belongs to, wherever the interview is now; 0 in the opening."""
        return (self.reply.question_number if self.reply else None) or self.state.question

    @property
    def question(self) -> Question | None:
        """The question the reply belongs to."""
        return self.questions.get(self.number)

    def answer_parts(self) -> list[AnswerPart]:
        """All answers to the current question up to this reply."""
        return [
            AnswerPart(line.seq, line.text)
            for line in self.lines
            if line.speaker == "candidate"
            and line.kind == Intent.ANSWER
            and line.question_number == self.number
            and line.seq <= self.seq
        ]

    def view(self) -> QuestionView:
        """The current question's rubric and credits, for the flow."""
        points = self.question.points if self.question else []
        return QuestionView(
            point_ids=tuple(point.id for point in points),
            weights={point.id: point.weight for point in points},
            credits={point.id: point.credit for point in self.card.points} if self.card else {},
        )


class Interlocutor:
    """Takes the interviewer's turns."""

    def __init__(
        self,
        database: Database,
        scorer: Scorer,
        interviewer: Interviewer,
        lexicon: IntentLexicon,
        live: LiveUtterances,
    ) -> None:
        self._database = database
        self._scorer = scorer
        self._interviewer = interviewer
        self._lexicon = lexicon
        self._live = live

    async def take_up(self, interview_id: str, turn_seq: int) -> Turn:
        """Read what the turn needs and show that the reply is being read."""
        turn = await self._read(interview_id, turn_seq)
        if turn.answer is None:
            said = [line_view(turn.reply)] if turn.reply else []
            self._live.start_turn(interview_id, said, state_view(turn.interview, "reading", now()))
        return turn

    async def _read(self, interview_id: str, turn_seq: int | None) -> Turn:
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.get(interview_id)
            assert interview is not None
            lines = await interviews.lines(interview_id)
            if turn_seq is None:
                turn_seq = lines[-1].seq if lines else OPENING
            turn = Turn(interview, lines, turn_seq)
            rows = await interviews.questions(interview_id, (turn.number, turn.number + 1))
            turn.questions = {number: Question.model_validate(row.question) for number, row in rows.items()}
            turn.card = (await interviews.cards(interview_id)).get(turn.number)
        return turn

    async def judge(self, turn: Turn) -> None:
        """Score an answer against the rubric and store the card; other replies are settled in code."""
        if turn.reply is None or turn.question is None:
            return
        item = score_item(turn.question, turn.interview.settings["bank_language"])
        intent = Intent(turn.reply.kind)
        if intent is Intent.ANSWER:
            card = await self._score(item, turn)
        elif intent in (Intent.SKIP, Intent.DONT_KNOW) and turn.card is None:
            reason = "skipped" if intent is Intent.SKIP else "no-answer"
            card = zero_card(item, self._scorer.fingerprint(item), reason)
        else:
            return
        async with self._database.session() as session:
            await Interviews(session).save_card(turn.interview.id, turn.number, card)
        turn.card = card

    async def _score(self, item: Item, turn: Turn) -> QuestionScore:
        kept = [point for point in turn.card.points if point.credit is not None] if turn.card else []
        try:
            return await self._scorer.score(item, turn.answer_parts(), kept)
        except Exception:
            # A fault in the scorer costs this card, which can be judged again, not the interview.
            log.exception("interview %s: question %d not scored", turn.interview.id, turn.number)
            return QuestionScore(
                status="not_scored",
                score=None,
                max_score=item.max_score,
                points=kept,
                fingerprint=self._scorer.fingerprint(item),
                reason="scorer-fault",
            )

    async def speak(self, turn: Turn) -> int:
        """Say and commit the answer, unless it was committed before; its `seq`."""
        interview = turn.interview
        if turn.answer is None and interview.status != "ended":
            move = self.decide(turn)
            seq = turn.seq + 1
            utterance = self._live.begin(interview.id, seq)
            text = await self._word(move, turn, utterance)
            return await self.commit(interview.id, turn.seq, seq, move, text)
        line = turn.answer or turn.lines[-1]
        self._live.publish(interview.id, [line_view(line)], state_view(interview, "idle", now()))
        return line.seq

    async def close(self, interview_id: str) -> None:
        """End the interview now; the closing words also answer a reply that still waits."""
        turn = await self._read(interview_id, None)
        if turn.interview.status == "ended":
            return
        move = self.decide(turn, Intent.END)
        pieces = [piece async for piece in self._interviewer.words(move, self.context(move, turn))]
        await self.commit(interview_id, turn.seq, turn.seq + 1, move, clean("".join(pieces)))

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

    async def _word(self, move: NextMove, turn: Turn, utterance: LiveUtterance) -> str:
        interview = turn.interview
        text = ""
        async for piece in self._interviewer.words(move, self.context(move, turn)):
            piece = piece.encode("utf-8", "ignore").decode()
            if piece and not text:
                self._live.publish(interview.id, (), state_view(interview, "writing", now()))
            text += piece
            utterance.append(piece)
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
        )

    async def commit(self, interview_id: str, turn_seq: int, seq: int, move: NextMove, text: str) -> int:
        """Store the line and the state after it in one transaction, once a turn; the stored line's `seq`."""
        async with self._database.session() as session:
            interviews = Interviews(session)
            interview = await interviews.lock(interview_id)
            line = await interviews.answer_to(interview_id, turn_seq)
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
                keep_time(interview, move.state, line.at)
        self._live.publish(interview_id, [line_view(line)], state_view(interview, "idle", line.at))
        return line.seq


def score_item(question: Question, language: str) -> Item:
    """A bank question as the scorer sees it."""
    return Item(
        question=question.text,
        points=tuple(RubricPoint(point.id, point.text, point.weight) for point in question.points),
        max_score=question.max_score,
        language=language,
        reference_answer=question.reference_answer or "",
    )


def zero_card(item: Item, fingerprint: str, reason: str) -> QuestionScore:
    """The card of a question the candidate gave up: every credit 0, no LLM asked."""
    points = [
        PointScore(id=p.id, text=p.text, weight=p.weight, credit=0.0, confidence=1.0) for p in item.points
    ]
    return QuestionScore(
        status="scored",
        score=0.0,
        max_score=item.max_score,
        points=points,
        fingerprint=fingerprint,
        reason=reason,
    )
