"""One turn: a reply, the question it belongs to, and all that was said before."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.banks.schema import Question
from app.db.engine import Database
from app.db.tables import Interview, Utterance
from app.interviews.flow.moves import FlowState, Intent, QuestionView
from app.interviews.repository import OPENING, Interviews
from app.scoring.card import QuestionScore
from app.scoring.rubric import AnswerPart


@dataclass
class Turn:
    """What one turn needs to know: the interview, its current and next question, and the transcript."""

    interview: Interview
    lines: list[Utterance]
    seq: int
    questions: dict[int, Question] = field(default_factory=dict)
    card: QuestionScore | None = None
    touched: dict[str, float] = field(default_factory=dict)
    state: FlowState = field(init=False)

    def __post_init__(self) -> None:
        self.state = FlowState.from_dict(self.interview.state)

    @classmethod
    async def read(cls, database: Database, interview_id: str, seq: int | None = None) -> "Turn":
        """The turn after line `seq`, by default the last one; with its question, the next and the card.

        Raises `NotFoundError` when the interview was deleted.
        """
        async with database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.existing(interview_id)
            lines = await interviews.lines(interview_id)
            if seq is None:
                seq = lines[-1].seq if lines else OPENING
            turn = cls(interview, lines, seq)
            rows = await interviews.questions(interview_id, (turn.number, turn.number + 1))
            turn.questions = {number: Question.model_validate(row.question) for number, row in rows.items()}
            turn.card = (await interviews.cards(interview_id)).get(turn.number)
        return turn

    @property
    def reply(self) -> Utterance | None:
        """The reply to answer; none in the opening, nor where the interviewer spoke last."""
        said = (line for line in self.lines if line.speaker == "candidate")
        return next((line for line in said if line.seq == self.seq), None)

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

    @property
    def is_judged(self) -> bool:
        """Whether there is a verdict on every point of the question."""
        credited = (
            {point.id for point in self.card.points if point.credit is not None} if self.card else set()
        )
        return all(point.id in credited for point in self.question.points) if self.question else True

    def answer_parts(self) -> list[AnswerPart]:
        """All answers to the current question up to this reply."""
        return answer_parts([line for line in self.lines if line.seq <= self.seq], self.number)

    def covered(self) -> list[str]:
        """Points that this reply earned, the surest first: in full, or by half what it was asked about."""
        earned = [
            point
            for point in (self.card.points if self.card else ())
            if (point.credit == 1 or (point.credit == 0.5 and point.id == self.state.pending_point))
            and any(quote.seq == self.seq for quote in point.quotes)
        ]
        return [point.id for point in sorted(earned, key=lambda point: -(point.confidence or 0))]

    def view(self) -> QuestionView:
        """The current question's rubric and credits, for the flow."""
        points = self.question.points if self.question else []
        judged = self.card.points if self.card else []
        return QuestionView(
            point_ids=tuple(point.id for point in points),
            weights={point.id: point.weight for point in points},
            credits={point.id: point.credit for point in judged},
            touched=self.touched,
            certainty={point.id: point.confidence for point in judged if point.confidence is not None},
        )


def answer_parts(lines: Sequence[Utterance], number: int) -> list[AnswerPart]:
    """What the candidate answered to question `number`, oldest first."""
    return [
        AnswerPart(line.seq, line.text)
        for line in lines
        if line.speaker == "candidate" and line.kind == Intent.ANSWER and line.question_number == number
    ]


def other_answers(lines: Sequence[Utterance], number: int, before: int) -> list[str]:
    """What the candidate answered to other questions than `number` before line `before`."""
    return [
        line.text
        for line in lines
        if line.speaker == "candidate"
        and line.kind == Intent.ANSWER
        and line.question_number != number
        and line.seq < before
    ]
