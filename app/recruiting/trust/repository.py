"""All queries of the trust page. Each reads at most what its bound says, however much there is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from itertools import pairwise
from typing import Any

import orjson
from sqlalchemy import Float, Select, Text, and_, case, cast, func, literal, select, type_coerce, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.db.tables import (
    BlindReview,
    BlindVerdict,
    Dispute,
    Interview,
    InterviewQuestion,
    LLMCall,
    PointOverrideRow,
    QuestionScoreRow,
    ScorerRow,
    Utterance,
)
from app.recruiting.trust.drift import Group, Sums

NOT_FAILED = ("ok", "cancelled")
"""Outcomes of calls that went well: `cancelled` is what a candidate stopped."""

MOST_REVIEWS = 150
MOST_OVERRIDES = 500
MOST_CALLS = 2000
MOST_INTERVIEWS_TIMED = 300

CardKey = tuple[str, int]
"""Interview and question number."""


@dataclass(frozen=True)
class PersonVerdict:
    """A person's credit for a point, and the scorer's at that time; `by` is the review or account."""

    by: str
    interview_id: str
    number: int
    point_id: str
    credit: float
    machine_credit: float | None
    scorer_id: str | None


@dataclass(frozen=True)
class AskedQuestion:
    bank_id: str
    question_id: str
    text: str


@dataclass(frozen=True)
class Card:
    """A scorer's current card, its points by id as plain values."""

    scorer_id: str | None
    reason: str | None
    points: dict[str, dict[str, Any]]


@dataclass(frozen=True)
class Call:
    model: str
    purpose: str
    outcome: str
    seconds: float
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int
    about: str


@dataclass(frozen=True)
class ModelCalls:
    """All calls to one model in the period: how many, and the sums of what they took."""

    model: str
    calls: int
    failed: int
    seconds: float
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class TrustFigures:
    """What the trust page is made of, inside one transaction that reads."""

    def __init__(self, session: AsyncSession, since: datetime) -> None:
        self._session = session
        self._since = since

    def _reviews(self) -> Select[str, str]:
        query = select(BlindReview.id, BlindReview.interview_id).where(BlindReview.finished_at >= self._since)
        return query.order_by(BlindReview.finished_at.desc(), BlindReview.id).limit(MOST_REVIEWS)

    async def blind_reviews(self) -> int:
        """How many were finished in the period."""
        query = select(func.count()).where(BlindReview.finished_at >= self._since)
        return await self._session.scalar(query) or 0

    async def blind_verdicts(self) -> list[PersonVerdict]:
        """The verdicts of the newest finished blind reviews."""
        reviews = self._reviews().subquery()
        query = select(
            reviews.c.id,
            reviews.c.interview_id,
            BlindVerdict.number,
            BlindVerdict.point_id,
            BlindVerdict.credit,
            BlindVerdict.machine_credit,
            BlindVerdict.scorer_id,
        ).join(BlindVerdict, BlindVerdict.review_id == reviews.c.id)
        return [PersonVerdict(*row) for row in await self._session.execute(query)]

    async def overrides(self) -> list[PersonVerdict]:
        """The last override of each of the newest points, but for those given back to the scorer."""
        last = func.max(PointOverrideRow.id)
        newest = (
            select(last)
            .where(PointOverrideRow.at >= self._since)
            .group_by(PointOverrideRow.interview_id, PointOverrideRow.number, PointOverrideRow.point_id)
            .order_by(last.desc())
            .limit(MOST_OVERRIDES)
        )
        query = select(
            func.coalesce(PointOverrideRow.account_id, ""),
            PointOverrideRow.interview_id,
            PointOverrideRow.number,
            PointOverrideRow.point_id,
            type_coerce(PointOverrideRow.credit, Float),
            PointOverrideRow.machine_credit,
            PointOverrideRow.scorer_id,
        ).where(PointOverrideRow.id.in_(newest), PointOverrideRow.credit.is_not(None))
        return [PersonVerdict(*row) for row in await self._session.execute(query)]

    async def questions(self, keys: Sequence[CardKey]) -> dict[CardKey, AskedQuestion]:
        """The questions that were asked there."""
        query = (
            select(
                InterviewQuestion.interview_id,
                InterviewQuestion.number,
                func.coalesce(InterviewQuestion.bank_id, Interview.bank_id),
                InterviewQuestion.question_id,
                InterviewQuestion.id,
            )
            .join(Interview, Interview.id == InterviewQuestion.interview_id)
            .where(InterviewQuestion.interview_id.in_(_interviews(keys)))
        )
        wanted = set(keys)
        rows = [row[:] for row in await self._session.execute(query) if (row[0], row[1]) in wanted]
        # Most were asked many times, and their texts are dear to read.
        examples = {(bank_id, question_id): row_id for _, _, bank_id, question_id, row_id in rows}
        text = InterviewQuestion.question["text"].as_string()
        found = await self._session.execute(
            select(InterviewQuestion.id, text).where(InterviewQuestion.id.in_(sorted(examples.values())))
        )
        texts = {row[0]: row[1] for row in found}
        return {
            (interview_id, number): AskedQuestion(bank_id, question_id, texts[examples[bank_id, question_id]])
            for interview_id, number, bank_id, question_id, _ in rows
        }

    async def cards(self, keys: Sequence[CardKey]) -> dict[CardKey, Card]:
        """The scorer's current cards there."""
        query = select(
            QuestionScoreRow.interview_id,
            QuestionScoreRow.number,
            QuestionScoreRow.scorer_id,
            cast(QuestionScoreRow.card, Text),
        ).where(QuestionScoreRow.interview_id.in_(_interviews(keys)))
        wanted = set(keys)
        found = {}
        for interview_id, number, scorer_id, text in await self._session.execute(query):
            if (interview_id, number) in wanted:
                card = orjson.loads(text)
                found[interview_id, number] = Card(
                    scorer_id, card.get("reason"), {point["id"]: point for point in card["points"]}
                )
        return found

    async def scorers(self) -> dict[str, ScorerRow]:
        """All scorers there have been, by id."""
        return {row.id: row for row in await self._session.scalars(select(ScorerRow))}

    async def bank_titles(self, bank_ids: Sequence[str]) -> dict[str, str]:
        """What these banks were called in one of their interviews."""
        title = select(Interview.bank_title).limit(1)
        return {
            bank_id: await self._session.scalar(title.where(Interview.bank_id == bank_id)) or bank_id
            for bank_id in bank_ids
        }

    async def drift(self, edges: Sequence[date]) -> list[Group]:
        """Sums over the judged interviews begun between each edge and the next, from one index."""
        squares = (
            (Interview.machine_share, Interview.machine_share),
            (Interview.judged, Interview.judged),
            (Interview.doubted, Interview.doubted),
            (Interview.doubted, Interview.judged),
            (Interview.overridden, Interview.overridden),
            (Interview.overridden, Interview.judged),
        )
        products = [func.sum(cast(one, Float) * other) for one, other in squares]
        selects = [
            select(
                literal(place),
                Interview.scorer_id,
                Interview.bank_id,
                Interview.bank_version,
                func.count(),
                func.sum(Interview.machine_share),
                products[0],
                func.sum(Interview.judged),
                products[1],
                func.sum(Interview.doubted),
                *products[2:4],
                func.sum(Interview.overridden),
                *products[4:],
            )
            .where(
                Interview.created_at >= _midnight(begins),
                Interview.created_at < _midnight(ends),
                Interview.machine_share.is_not(None),
            )
            .group_by(Interview.scorer_id, Interview.bank_id, Interview.bank_version)
            for place, (begins, ends) in enumerate(pairwise(edges))
        ]
        rows = await self._session.execute(union_all(*selects))
        return [Group(row[0], row[1], row[2], row[3], Sums(*row[4:])) for row in rows]

    async def interviews(self) -> int:
        """How many were begun in the period."""
        query = select(func.count()).select_from(Interview).where(Interview.created_at >= self._since)
        return await self._session.scalar(query) or 0

    async def disputes(self) -> dict[str, int]:
        """How many were opened in the period, by how they stand."""
        query = select(Dispute.status, func.count()).where(Dispute.at >= self._since).group_by(Dispute.status)
        return dict((await self._session.execute(query)).all())

    async def reply_seconds(self) -> tuple[list[float], int]:
        """From a reply to the end of the answer to it, in the newest interviews; and how many these are."""
        newest = (
            select(Interview.id)
            .where(Interview.created_at >= self._since)
            .order_by(Interview.created_at.desc())
            .limit(MOST_INTERVIEWS_TIMED)
        )
        ids = list(await self._session.scalars(newest))
        reply, answer = aliased(Utterance), aliased(Utterance)
        query = (
            select(reply.at, answer.at)
            .join(answer, (answer.interview_id == reply.interview_id) & (answer.turn_seq == reply.seq))
            .where(reply.interview_id.in_(ids), reply.speaker == "candidate")
        )
        rows = await self._session.execute(query)
        return [(answered - said).total_seconds() for said, answered in rows], len(ids)

    async def calls(self) -> list[Call]:
        """The newest calls to language models."""
        columns = (
            *(LLMCall.model, LLMCall.purpose, LLMCall.outcome, LLMCall.seconds),
            *(LLMCall.prompt_tokens, LLMCall.cached_tokens, LLMCall.completion_tokens, LLMCall.about),
        )
        query = select(*columns).where(LLMCall.at >= self._since).order_by(LLMCall.at.desc())
        return [Call(*row) for row in await self._session.execute(query.limit(MOST_CALLS))]

    async def calls_by_model(self) -> list[ModelCalls]:
        """The sums of every call in the period, from one index; models without a call are left out."""
        took = (LLMCall.seconds, LLMCall.prompt_tokens, LLMCall.cached_tokens, LLMCall.completion_tokens)
        failed = func.count(case((and_(*(LLMCall.outcome != each for each in NOT_FAILED)), 1)))
        sums = select(func.count(), failed, *(func.coalesce(func.sum(column), 0) for column in took))
        found = []
        # From each model to the next, since grouping would sort all calls first.
        model = await self._session.scalar(select(func.min(LLMCall.model)))
        while model is not None:
            query = sums.where(LLMCall.model == model, LLMCall.at >= self._since)
            row = (await self._session.execute(query)).one()
            calls = ModelCalls(model, *tuple(row))
            found += [calls] if calls.calls else []
            model = await self._session.scalar(select(func.min(LLMCall.model)).where(LLMCall.model > model))
        return found


def _interviews(keys: Sequence[CardKey]) -> list[str]:
    return sorted({interview_id for interview_id, _ in keys})


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
