"""All queries of the reviews."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from app.db.tables import (
    Account,
    BlindReview,
    BlindVerdict,
    Dispute,
    Interview,
    Invite,
    PointOverrideRow,
    QuestionScoreRow,
    ReplacedCard,
    ReviewComment,
    ScorerRow,
)
from app.interviews.totals import DISPUTED
from app.pagination import beyond, read_in_order


class Reviews:
    """What people decided about interviews, inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, row: PointOverrideRow | ReviewComment | BlindReview) -> None:
        self._session.add(row)
        await self._session.flush()

    async def cards(self, interview_id: str) -> dict[int, QuestionScoreRow]:
        """The scorer's current cards by question number."""
        query = select(QuestionScoreRow).where(QuestionScoreRow.interview_id == interview_id)
        return {row.number: row for row in await self._session.scalars(query)}

    async def card(self, interview_id: str, number: int) -> QuestionScoreRow | None:
        return await self._session.get(QuestionScoreRow, (interview_id, number))

    async def overrides(self, interview_id: str, number: int | None = None) -> list[PointOverrideRow]:
        """The overrides in the order they were made, of one question only if given."""
        query = select(PointOverrideRow).where(PointOverrideRow.interview_id == interview_id)
        if number is not None:
            query = query.where(PointOverrideRow.number == number)
        return list(await self._session.scalars(query.order_by(PointOverrideRow.id)))

    async def comments(self, interview_id: str) -> list[ReviewComment]:
        query = select(ReviewComment).where(ReviewComment.interview_id == interview_id)
        return list(await self._session.scalars(query.order_by(ReviewComment.id)))

    async def dispute(self, dispute_id: str, interview_id: str | None = None) -> Dispute | None:
        """The dispute, about this interview if one is named."""
        query = select(Dispute).where(Dispute.id == dispute_id)
        if interview_id is not None:
            query = query.where(Dispute.interview_id == interview_id)
        return await self._session.scalar(query)

    async def open_disputes(
        self, account_id: str, after: Dispute | None, limit: int
    ) -> list[tuple[Dispute, Interview]]:
        """(dispute, interview) of those without an outcome that this account may see, oldest first."""
        query = (
            select(Dispute, Interview)
            .join(Interview, Interview.id == Dispute.interview_id)
            # The index of what asks for attention leads to them.
            .where(Interview.attention == DISPUTED, Dispute.status == "open", not_(blind_to(account_id)))
            .options(load_only(Interview.bank_title, Interview.settings, raiseload=True))
            .order_by(Dispute.at, Dispute.id)
            .limit(limit)
        )
        if after is not None:
            query = query.where(beyond([Dispute.at, Dispute.id], [after.at, after.id], down=False))
        return [(dispute, interview) for dispute, interview in await self._session.execute(query)]

    async def invite(self, interview_id: str) -> Invite | None:
        """The invite the interview was held on, if it was invited."""
        return await self._session.scalar(select(Invite).where(Invite.interview_id == interview_id))

    async def blind_review(self, interview_id: str, account_id: str) -> BlindReview | None:
        query = select(BlindReview).where(
            BlindReview.interview_id == interview_id, BlindReview.account_id == account_id
        )
        return await self._session.scalar(query)

    async def waiting(self, account_id: str, limit: int) -> list[str]:
        """Ids of ended interviews that this account is still to judge blind, oldest first."""
        query = select(Interview.id).where(blind_to(account_id), read_in_order(Interview.status) == "ended")
        return list(
            await self._session.scalars(query.order_by(Interview.created_at, Interview.id).limit(limit))
        )

    async def verdicts(self, review_id: str) -> list[BlindVerdict]:
        """The verdicts of a blind review."""
        query = select(BlindVerdict).where(BlindVerdict.review_id == review_id)
        return list(await self._session.scalars(query))

    async def save_verdict(self, verdict: BlindVerdict) -> None:
        """Keep the verdict in place of an earlier one on the same point."""
        await self._session.merge(verdict)
        await self._session.flush()

    async def finished_verdicts(self, interview_id: str, number: int) -> list[tuple[BlindVerdict, str]]:
        """The verdicts on a question from finished blind reviews, each with its author's name."""
        query = (
            select(BlindVerdict, Account.name)
            .join(BlindReview, BlindReview.id == BlindVerdict.review_id)
            .join(Account, Account.id == BlindReview.account_id)
            .where(
                BlindReview.interview_id == interview_id,
                BlindReview.finished_at.is_not(None),
                BlindVerdict.number == number,
            )
            .order_by(BlindVerdict.at)
        )
        return [(verdict, name) for verdict, name in await self._session.execute(query)]

    async def replaced_cards(self, interview_id: str, number: int) -> list[ReplacedCard]:
        """The cards of a question that later ones replaced, oldest first."""
        query = select(ReplacedCard).where(
            ReplacedCard.interview_id == interview_id, ReplacedCard.number == number
        )
        return list(await self._session.scalars(query.order_by(ReplacedCard.scored_at)))

    async def models(self, scorer_ids: set[str]) -> dict[str, str]:
        """The models' names by scorer."""
        query = select(ScorerRow.id, ScorerRow.model).where(ScorerRow.id.in_(scorer_ids))
        return {row.id: row.model for row in await self._session.execute(query)}


async def hidden_from(session: AsyncSession, account_id: str, interview_ids: Sequence[str]) -> set[str]:
    """Those of `interview_ids`, a page of them, whose name, scores and verdicts this account may not see.

    That is an interview that asks for blind reviews, and one where the account began a blind review
    of its own accord, both until the account has finished its review.
    """
    query = (
        select(Interview.id)
        .outerjoin(
            BlindReview,
            and_(BlindReview.interview_id == Interview.id, BlindReview.account_id == account_id),
        )
        .where(
            Interview.id.in_(interview_ids),
            BlindReview.finished_at.is_(None),
            or_(BlindReview.id.is_not(None), Interview.blind.is_(True)),
        )
    )
    return set(await session.scalars(query))


def blind_to(account_id: str) -> ColumnElement[bool]:
    """What `hidden_from` says, as a condition on the interviews of a list."""
    mine = select(BlindReview.interview_id).where(BlindReview.account_id == account_id)
    finished = mine.where(BlindReview.finished_at.is_not(None))
    begun = mine.where(BlindReview.finished_at.is_(None))
    return or_(
        and_(read_in_order(Interview.blind).is_(True), read_in_order(Interview.id).not_in(finished)),
        read_in_order(Interview.id).in_(begun),
    )


def is_hidden(interview: Interview, review: BlindReview | None) -> bool:
    """What `hidden_from` says of one interview, where the reader's blind review of it, if any, is at hand."""
    if review is None:
        return interview.blind
    return review.finished_at is None
