"""All queries of the interviews."""

from collections.abc import Iterable, Sequence

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import (
    Dispute,
    Interview,
    InterviewQuestion,
    PointOverrideRow,
    QuestionScoreRow,
    ReplacedCard,
    ScorerRow,
    Utterance,
    now,
)
from app.db.word_index import index_line, index_names
from app.errors import NotFoundError
from app.interviews.totals import set_scorer_totals, set_totals
from app.scoring.card import Override, QuestionScore, ScorerIdentity, override

OPENING = 0


class Interviews:
    """The interviews inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, interview: Interview, questions: Sequence[InterviewQuestion]) -> None:
        self._session.add(interview)
        await self._session.flush()
        self._session.add_all(questions)
        await self._session.flush()
        await index_names(self._session, interview.id)

    async def get(self, interview_id: str) -> Interview | None:
        return await self._session.get(Interview, interview_id)

    async def existing(self, interview_id: str) -> Interview:
        """The interview. Raises `NotFoundError`."""
        interview = await self.get(interview_id)
        if interview is None:
            raise missing(interview_id)
        return interview

    async def lock(self, interview_id: str) -> Interview:
        """The interview, with nobody else writing in it until the transaction ends.

        Raises `NotFoundError` when it was deleted.
        """
        query = select(Interview).where(Interview.id == interview_id).with_for_update()
        interview = await self._session.scalar(query)
        if interview is None:
            raise missing(interview_id)
        return interview

    async def questions(
        self, interview_id: str, numbers: Sequence[int] | None = None
    ) -> dict[int, InterviewQuestion]:
        """The planned questions by number; all, or those asked for."""
        query = select(InterviewQuestion).where(InterviewQuestion.interview_id == interview_id)
        if numbers is not None:
            query = query.where(InterviewQuestion.number.in_(numbers))
        rows = await self._session.scalars(query.order_by(InterviewQuestion.number))
        return {row.number: row for row in rows}

    async def lines(self, interview_id: str, after: int = 0) -> list[Utterance]:
        """The transcript's lines with a `seq` above `after`, in order."""
        query = select(Utterance).where(Utterance.interview_id == interview_id, Utterance.seq > after)
        return list(await self._session.scalars(query.order_by(Utterance.seq)))

    async def last_line(self, interview_id: str) -> Utterance | None:
        query = select(Utterance).where(Utterance.interview_id == interview_id)
        return await self._session.scalar(query.order_by(Utterance.seq.desc()).limit(1))

    async def add_line(self, line: Utterance) -> Utterance:
        """Store a line of the transcript, which can be searched from then on."""
        self._session.add(line)
        await self._session.flush()
        await index_line(self._session, line.interview_id, line.text)
        return line

    async def last_and_repeated(
        self, interview_id: str, client_turn_id: str
    ) -> tuple[Utterance | None, Utterance | None]:
        """The transcript's last line, and the reply stored under `client_turn_id`."""
        last_seq = select(func.max(Utterance.seq)).where(Utterance.interview_id == interview_id)
        query = select(Utterance).where(
            Utterance.interview_id == interview_id,
            or_(Utterance.client_turn_id == client_turn_id, Utterance.seq == last_seq.scalar_subquery()),
        )
        found = list(await self._session.scalars(query.order_by(Utterance.seq)))
        repeated = next((line for line in found if line.client_turn_id == client_turn_id), None)
        return (found[-1] if found else None), repeated

    async def answer_to(self, interview_id: str, turn_seq: int) -> Utterance | None:
        """The interviewer's line that follows line `turn_seq`."""
        return await self._session.scalar(
            select(Utterance).where(Utterance.interview_id == interview_id, Utterance.turn_seq == turn_seq)
        )

    async def answer_or_line(self, interview_id: str, turn_seq: int, seq: int) -> Utterance | None:
        """The interviewer's line that follows line `turn_seq`, or else whatever stands at `seq`."""
        query = select(Utterance).where(
            Utterance.interview_id == interview_id,
            or_(Utterance.turn_seq == turn_seq, Utterance.seq == seq),
        )
        return await self._session.scalar(query.order_by(Utterance.turn_seq.is_(None)).limit(1))

    async def note_kind(self, interview_id: str, seq: int, kind: str) -> None:
        """Store what kind of reply line `seq` is."""
        line = Utterance.interview_id == interview_id, Utterance.seq == seq, Utterance.kind != kind
        await self._session.execute(update(Utterance).where(*line).values(kind=kind))

    async def later_answer(self, interview_id: str, number: int, seq: int) -> bool:
        """Whether question `number` was answered again after line `seq`."""
        query = select(Utterance.seq).where(
            Utterance.interview_id == interview_id,
            Utterance.question_number == number,
            Utterance.speaker == "candidate",
            Utterance.kind == "answer",
            Utterance.seq > seq,
        )
        return await self._session.scalar(query.limit(1)) is not None

    async def cards(self, interview_id: str) -> dict[int, QuestionScore]:
        """The scorer's current cards by question number."""
        query = select(QuestionScoreRow).where(QuestionScoreRow.interview_id == interview_id)
        rows = await self._session.scalars(query)
        return {row.number: QuestionScore.model_validate(row.card) for row in rows}

    async def overrides(self, interview_id: str) -> dict[int, dict[str, Override]]:
        """What people decided last, by question number and point id."""
        query = select(PointOverrideRow).where(PointOverrideRow.interview_id == interview_id)
        return last_decisions(await self._session.scalars(query.order_by(PointOverrideRow.id)))

    async def disputes(self, interview_id: str, number: int | None = None) -> list[Dispute]:
        """The candidate's objections, oldest first, of one question only if given."""
        query = select(Dispute).where(Dispute.interview_id == interview_id)
        if number is not None:
            query = query.where(Dispute.number == number)
        return list(await self._session.scalars(query.order_by(Dispute.at, Dispute.id)))

    async def add_dispute(self, dispute: Dispute) -> None:
        self._session.add(dispute)
        await self._session.flush()

    async def effective_cards(self, interview_id: str) -> dict[int, QuestionScore]:
        """The cards with people's verdicts in place of the scorer's, by question number."""
        overrides = await self.overrides(interview_id)
        cards = await self.cards(interview_id)
        return {number: override(card, overrides.get(number, {})) for number, card in cards.items()}

    async def save_card(
        self,
        interview_id: str,
        number: int,
        card: QuestionScore,
        scorer: ScorerIdentity,
        run_id: str | None = None,
    ) -> None:
        """Make `card` the question's current one, and keep the one it replaces if that says otherwise.

        Raises `NotFoundError` when the interview was deleted meanwhile.
        """
        await self.lock(interview_id)
        if await self._session.get(ScorerRow, scorer.id) is None:
            await self._session.merge(
                ScorerRow(id=scorer.id, model=scorer.model, identity=scorer.to_dict(), first_used_at=now())
            )
        before = await self._session.get(QuestionScoreRow, (interview_id, number))
        if before is not None and before.fingerprint != card.fingerprint:
            self._session.add(
                ReplacedCard(
                    interview_id=interview_id,
                    number=number,
                    card=before.card,
                    scorer_id=before.scorer_id,
                    scored_at=before.scored_at,
                    run_id=run_id,
                )
            )
        await self._session.merge(
            QuestionScoreRow(
                interview_id=interview_id,
                number=number,
                status=card.status,
                score=card.score,
                max_score=card.max_score,
                fingerprint=card.fingerprint,
                card=card.model_dump(),
                scored_at=now(),
                scorer_id=scorer.id,
            )
        )
        await self.update_totals(interview_id)

    async def update_totals(self, interview_id: str) -> None:
        """Bring the interview's columns for the lists up to date with its cards, overrides and disputes."""
        interview = await self._session.get(Interview, interview_id)
        if interview is None:
            return
        await self._session.flush()
        cards = await self.cards(interview_id)
        effective = await self.effective_cards(interview_id)
        scorers = await self._session.scalars(
            select(QuestionScoreRow.scorer_id).where(QuestionScoreRow.interview_id == interview_id).distinct()
        )
        disputed = await self._session.scalar(
            select(func.count())
            .select_from(Dispute)
            .where(Dispute.interview_id == interview_id, Dispute.status == "open")
        )
        set_totals(interview, list(effective.values()), disputed or 0)
        set_scorer_totals(interview, cards, effective, {scorer_id or "" for scorer_id in scorers})
        await self._session.flush()

    async def unanswered(self, interview_id: str | None = None) -> list[tuple[str, int]]:
        """Every (interview id, `turn_seq`) that waits for the interviewer, in `interview_id` only if given.

        `turn_seq` is the reply's `seq`, or `OPENING` for an interview that was not opened.
        """
        last = (
            select(Utterance.interview_id, func.max(Utterance.seq).label("seq"))
            .group_by(Utterance.interview_id)
            .subquery()
        )
        query = (
            select(Interview.id, func.coalesce(last.c.seq, OPENING))
            .outerjoin(last, last.c.interview_id == Interview.id)
            .outerjoin(Utterance, and_(Utterance.interview_id == Interview.id, Utterance.seq == last.c.seq))
            .where(
                Interview.status != "ended",
                or_(Utterance.id.is_(None), Utterance.speaker == "candidate"),
            )
            .order_by(Interview.created_at)
        )
        if interview_id is not None:
            query = query.where(Interview.id == interview_id)
        return [(interview_id, turn_seq) for interview_id, turn_seq in await self._session.execute(query)]


def last_decisions(rows: Iterable[PointOverrideRow]) -> dict[int, dict[str, Override]]:
    """What people decided last, by question number and point id; the rows in the order they were made."""
    found: dict[int, dict[str, Override]] = {}
    for row in rows:
        decided = Override(row.id, row.credit, row.author, row.reason, row.at)
        found.setdefault(row.number, {})[row.point_id] = decided
    return found


def missing(*interview_ids: str) -> NotFoundError:
    """The error for interviews that are not there, or no more."""
    return NotFoundError(
        f"there is no interview {', '.join(repr(each[:40]) for each in interview_ids)}",
        hint="Check the address; the interview may have been deleted.",
    )
