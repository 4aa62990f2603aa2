"""Judging replies: when they are given, again where that failed, and anew for another scorer's run."""

import logging
from collections.abc import Mapping, Sequence

from app.banks.schema import Question
from app.db.engine import Database
from app.db.tables import Interview, InterviewQuestion, Utterance
from app.errors import ConflictError
from app.interviews.access.admission import check_consent
from app.interviews.flow.moves import Intent
from app.interviews.repository import Interviews
from app.interviews.turns.turn import Turn, answer_parts, other_answers
from app.llm.metering import calls_about
from app.scoring.card import PointScore, QuestionScore
from app.scoring.rubric import AnswerPart, Item, question_item
from app.scoring.scorer import Scorer

log = logging.getLogger("interviewer.interviews")

GIVEN_UP = {Intent.SKIP: "skipped", Intent.DONT_KNOW: "no-answer"}
"""Why a card is zero without an answer, by what the reply wanted."""


class ReplyJudge:
    """Scores replies and keeps one card a question. A step that runs again writes the same card again."""

    def __init__(self, database: Database, scorer: Scorer) -> None:
        self._database = database
        self._scorer = scorer
        self._judging_again: set[str] = set()

    async def prepare_next(self, turn: Turn) -> None:
        """Prepare the scorer for the question that comes after the turn's."""
        question = turn.questions.get(turn.number + 1)
        if question is not None:
            await self._scorer.prepare(question_item(question, turn.interview.settings["bank_language"]))

    async def judge(self, turn: Turn) -> None:
        """Score an answer against the rubric and store the card; other replies are settled in code."""
        await self.keep(turn, await self.score(turn))

    async def score(self, turn: Turn) -> QuestionScore | None:
        """The question's card with the turn's reply; none where there is nothing to judge.

        Without the candidate's consent nothing is judged.
        """
        if (
            turn.reply is None
            or turn.reply.question_number is None
            or turn.question is None
            or await self._is_withdrawn(turn.interview.id)
        ):
            return None
        item = question_item(turn.question, turn.interview.settings["bank_language"])
        intent = Intent(turn.reply.kind)
        if intent is Intent.ANSWER:
            elsewhere = other_answers(turn.lines, turn.number, turn.seq)
            return await self._score(item, turn.answer_parts(), turn.card, turn.interview.id, elsewhere)
        if intent in GIVEN_UP and turn.card is None:
            return zero_card(item, self._scorer.fingerprint(item), GIVEN_UP[intent])
        return None

    async def keep(self, turn: Turn, card: QuestionScore | None) -> None:
        """Store the turn's card. A verdict that consent was withdrawn from is not kept."""
        if card is None:
            return
        async with self._database.session() as session:
            interviews = Interviews(session)
            if (await interviews.lock(turn.interview.id)).consent_withdrawn_at is not None:
                return
            stored = (await interviews.cards(turn.interview.id)).get(turn.number)
            # The candidate did not wait, and a later answer was judged first, together with this one.
            later = await interviews.later_answer(turn.interview.id, turn.number, turn.seq)
            if later and stored != turn.card:
                turn.card = stored
                return
            scorer = self._scorer.identity(turn.interview.settings["bank_language"])
            await interviews.save_card(turn.interview.id, turn.number, card, scorer)
        turn.card = card

    async def judge_again(self, interview_id: str) -> None:
        """Score every answered question that is not scored.

        Raises `ConflictError` while it is at it, `ConsentWithdrawnError`, `NotFoundError`.
        """
        if interview_id in self._judging_again:
            raise ConflictError("the answers are being judged again", hint="Read the report in a minute.")
        self._judging_again.add(interview_id)
        try:
            await self._judge_unscored(interview_id)
        finally:
            self._judging_again.discard(interview_id)

    async def _judge_unscored(self, interview_id: str) -> None:
        async with self._database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.existing(interview_id)
            check_consent(interview)
            questions = await interviews.questions(interview_id)
            lines = await interviews.lines(interview_id)
            cards = await interviews.cards(interview_id)
        for number, row in questions.items():
            card, parts = cards.get(number), answer_parts(lines, number)
            if not parts or (card is not None and card.status == "scored"):
                continue
            item = question_item(Question.model_validate(row.question), interview.settings["bank_language"])
            card = await self._score(
                item, parts, card, interview_id, other_answers(lines, number, parts[-1].seq)
            )
            async with self._database.session() as session:
                scorer = self._scorer.identity(item.language)
                await Interviews(session).save_card(interview_id, number, card, scorer)

    async def _is_withdrawn(self, interview_id: str) -> bool:
        async with self._database.reading() as session:
            interview = await Interviews(session).get(interview_id)
        return interview is not None and interview.consent_withdrawn_at is not None

    async def _score(
        self,
        item: Item,
        parts: Sequence[AnswerPart],
        card: QuestionScore | None,
        interview_id: str,
        elsewhere: Sequence[str],
    ) -> QuestionScore:
        kept = [point for point in card.points if point.credit is not None] if card else []
        try:
            with calls_about(f"{interview_id}/{parts[-1].seq}"):
                return await self._scorer.score(item, parts, kept, elsewhere)
        except Exception:
            # A fault in the scorer costs this card, which can be judged again, not the interview.
            log.exception("interview %s: line %d not scored", interview_id, parts[-1].seq)
            known = {point.id: point for point in kept}
            # With all its points, so that a person can score it by hand.
            points = [
                known.get(p.id) or PointScore(id=p.id, text=p.text, weight=p.weight) for p in item.points
            ]
            return QuestionScore(
                status="not_scored",
                score=None,
                max_score=item.max_score,
                points=points,
                fingerprint=self._scorer.fingerprint(item),
                reason="scorer-fault",
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


async def rescored_cards(
    scorer: Scorer,
    interview: Interview,
    questions: Mapping[int, InterviewQuestion],
    lines: Sequence[Utterance],
) -> dict[int, QuestionScore]:
    """A card for every question answered or given up, by number, judged anew reply by reply as at first."""
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
