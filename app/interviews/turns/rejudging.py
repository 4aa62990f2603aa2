"""Cards of a finished interview, judged anew reply by reply as they were the first time."""

from collections.abc import Mapping, Sequence

from app.banks.schema import Question
from app.db.tables import Interview, InterviewQuestion, Utterance
from app.interviews.flow.moves import Intent
from app.interviews.turns.judging import GIVEN_UP, zero_card
from app.interviews.turns.turn import answer_parts, other_answers
from app.llm.metering import calls_about
from app.scoring.card import QuestionScore
from app.scoring.schemas import question_item
from app.scoring.scorer import Scorer


async def rejudge(
    scorer: Scorer,
    interview: Interview,
    questions: Mapping[int, InterviewQuestion],
    lines: Sequence[Utterance],
) -> dict[int, QuestionScore]:
    """A card for every question that was answered or given up, by number."""
    cards: dict[int, QuestionScore] = {}
    for number, row in questions.items():
        item = question_item(Question.model_validate(row.question), interview.settings["bank_language"])
        card: QuestionScore | None = None
        for line in lines:
            if line.speaker != "candidate" or line.question_number != number:
                continue
            intent = Intent(line.kind)
            if intent is Intent.ANSWER:
                so_far = answer_parts([each for each in lines if each.seq <= line.seq], number)
                kept = [point for point in card.points if point.credit is not None] if card else []
                with calls_about(f"{interview.id}/{line.seq}"):
                    card = await scorer.score(item, so_far, kept, other_answers(lines, number, line.seq))
            elif intent in GIVEN_UP and card is None:
                card = zero_card(item, scorer.fingerprint(item), GIVEN_UP[intent])
        if card is not None:
            cards[number] = card
    return cards
