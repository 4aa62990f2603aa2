"""Interviews whose candidates are scripted: small banks to hold them on, and one interview's candidates."""

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.banks.schema import Bank, Question, Section
from app.interviews.flow.moves import Move
from app.interviews.schemas import TranscriptLine
from app.search.embedding import Embedder
from evals.interviews.candidates import ScriptedCandidate, asked_point
from evals.interviews.conversations import Conversation, conversation
from evals.interviews.interviewing import Exchange
from evals.interviews.manners import read_manners
from evals.variations.rewording import read_rewording
from evals.variations.statements import Statements

QUESTIONS = 2
HELD_BACK = 2


def small_banks(bank: Bank, wanted: Iterable[str]) -> list[Bank]:
    """The bank's questions whose ids are `wanted`, in its order, `QUESTIONS` a bank, the rest last."""
    ids = set(wanted)
    questions = [question for _, question in bank.questions() if question.id in ids]
    return [
        bank.model_copy(
            update={"id": f"{bank.id}-{at // QUESTIONS + 1}", "sections": [_section(bank, group)]}
        )
        for at in range(0, len(questions), QUESTIONS)
        if (group := questions[at : at + QUESTIONS])
    ]


def _section(bank: Bank, questions: Sequence[Question]) -> Section:
    return Section(id="all", title=bank.title, questions=list(questions))


@dataclass
class ScriptedInterview:
    """The candidates of one interview, one a question; in another `round` they hold back other points."""

    name: str
    bank: Bank
    statements: Mapping[str, Statements]
    embedder: Embedder | None = None
    round: int = 0
    candidates: dict[str, ScriptedCandidate] = field(init=False)

    def __post_init__(self) -> None:
        joined_by = read_rewording(self.bank.language).sentences_joined_by
        self.candidates = {
            question.id: ScriptedCandidate(
                statements=self.statements[question.id],
                held_back=held_back(question, self.round),
                joined_by=joined_by,
                seed=self.name,
            )
            for question in self._questions.values()
        }

    @property
    def _questions(self) -> dict[str, Question]:
        return {question.id: question for _, question in self.bank.questions()}

    def answer(self, question_id: str, line: TranscriptLine) -> str:
        """What the candidate says to an interviewer's line about a question."""
        candidate = self.candidates[question_id]
        if line.kind in (Move.GREET, Move.ASK):
            return candidate.first_reply()
        return candidate.reply_to(asked_point(line.text, self._questions[question_id], self.embedder))

    def conversations(self, exchanges: Sequence[Exchange]) -> list[Conversation]:
        """The interview's exchanges, question by question in the order they were asked."""
        manners = read_manners(self.bank.language)
        found = []
        for question_id in dict.fromkeys(exchange.question_id for exchange in exchanges):
            about = [exchange for exchange in exchanges if exchange.question_id == question_id]
            first = exchanges.index(about[0])
            found.append(
                conversation(
                    f"{self.name}-{question_id}",
                    self._questions[question_id],
                    about,
                    self.candidates[question_id],
                    manners,
                    exchanges[first - 1].utterance if first else "",
                )
            )
        return found


def held_back(question: Question, round: int) -> list[str]:
    """Ids of the points to hold back, in rubric order: `HELD_BACK`, never all, others in each round."""
    ids = [point.id for point in question.points]
    drawn = random.Random(question.id).sample(ids, len(ids))
    count = min(HELD_BACK, len(ids) - 1)
    chosen = {drawn[(round * count + at) % len(drawn)] for at in range(count)}
    return [id for id in ids if id in chosen]
