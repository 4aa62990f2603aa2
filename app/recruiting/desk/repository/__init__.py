"""All queries of the recruiter's list."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from sqlalchemy import Float, Integer, case, cast, func, literal, not_, select, text
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from app.db.tables import Interview, Invite, Template, Utterance
from app.pagination import Place, read_in_order
from app.recruiting.desk.filters import Filters, Sort
from app.recruiting.desk.repository.conditions import ORDERS, Condition, Search, narrowed
from app.recruiting.desk.schemas import BARS
from app.recruiting.desk.snippets import Line
from app.recruiting.reviews.repository import blind_to

# With so few matches it is faster to look each one up than to walk an order's index.
FEW = 1000

_SHOWN = (
    *(Interview.id, Interview.bank_id, Interview.bank_title, Interview.bank_version, Interview.language),
    *(Interview.mode, Interview.status, Interview.created_at, Interview.ended_at, Interview.template_id),
    *(Interview.candidate_name, Interview.released_at, Interview.reviewed_at, Interview.score),
    *(Interview.max_score, Interview.share, Interview.flagged, Interview.unscored, Interview.disputed),
    *(Interview.attention, Interview.blind, Interview.number),
)


class _OfInterview(Protocol):
    interview_id: Any


Row = TypeVar("Row", bound=_OfInterview)


@dataclass(frozen=True)
class Found:
    """An interview with what other tables say of it."""

    interview: Interview
    invite_name: str | None
    reference: str | None
    template: str | None


class DeskInterviews:
    """Interviews as the recruiter's list reads them, for one account, inside one transaction."""

    def __init__(self, session: AsyncSession, account_id: str) -> None:
        self._session = session
        self._account_id = account_id
        self._dialect = session.get_bind().dialect.name

    async def conditions(self, filters: Filters, sort: Sort, ids: Sequence[str] = ()) -> list[Condition]:
        """The filters and the search as conditions; only interviews of `ids` if there are any."""
        conditions = narrowed(filters, sort, self._account_id)
        if ids:
            conditions.append(Interview.id.in_(ids))
        if filters.q is not None:
            conditions.append(await self._searched(Search.of(filters.q)))
        return conditions

    async def _searched(self, search: Search) -> Condition:
        if not search.words.runs:
            return search.condition([], [], self._account_id)
        if self._dialect == "postgresql":
            # Postgres believes that reading all entries is cheap, though they are stored apart.
            await self._session.execute(text("SET LOCAL enable_seqscan = off"))
        said = search.said(self._dialect)
        named = list(await self._session.scalars(search.named(self._dialect).limit(FEW)))
        few = list(await self._session.scalars(said.limit(FEW + 1)))
        if len(few) > FEW:
            numbers = said.cte("said").prefix_with("MATERIALIZED", dialect="postgresql")
            return search.condition(select(numbers.c[0]), named, self._account_id)
        return search.condition(few, named, self._account_id)

    async def ids(
        self,
        conditions: Sequence[Condition],
        sort: Sort,
        limit: int,
        place: Place | None = None,
        backwards: bool = False,
        but: str | None = None,
    ) -> list[str]:
        """At most `limit` ids in the order `sort`: the first, or those next to `place` on either side.

        The interview `but` is passed over.
        """
        order = ORDERS[sort]
        query = select(Interview.id).where(*conditions)
        if but is not None:
            query = query.where(read_in_order(Interview.id) != literal(but))
        if place is not None:
            query = query.where(order.beyond(place, backwards))
        ids = list(await self._session.scalars(query.order_by(*order.sorted(backwards)).limit(limit)))
        return ids[::-1] if backwards else ids

    async def found(self, ids: Sequence[str]) -> list[Found]:
        """The interviews of these ids, in their order; without those deleted meanwhile."""
        query = (
            select(Interview, Invite.name, Invite.reference, Template.name)
            .outerjoin(Invite, Invite.interview_id == Interview.id)
            .outerjoin(Template, Template.id == Interview.template_id)
            .where(Interview.id.in_(ids))
            .options(load_only(*_SHOWN, raiseload=True))
        )
        rows = {row[0].id: Found(*row) for row in await self._session.execute(query)}
        return [rows[id] for id in ids if id in rows]

    def place(self, interview: Interview, sort: Sort) -> Place:
        """Where the interview stands in the order."""
        key = ORDERS[sort].key
        value = None if key is None else float(getattr(interview, key.key))
        return Place(interview.created_at, interview.id, sort, value)

    async def count(self, conditions: Sequence[Condition]) -> int:
        """How many interviews meet the conditions."""
        query = select(func.count()).select_from(Interview).where(*conditions)
        return await self._session.scalar(query) or 0

    async def distribution(self, conditions: Sequence[Condition]) -> tuple[list[int], int]:
        """How many have a score in each tenth of the marks, and how many have none this account may see."""
        tenth = literal(float(BARS), Float) * read_in_order(Interview.share)
        floor = cast(tenth, Integer) if self._dialect == "sqlite" else cast(func.floor(tenth), Integer)
        bar = case((not_(blind_to(self._account_id)), floor))
        query = select(bar.label("bar"), func.count()).where(*conditions).group_by(text("bar"))
        counts = [0] * BARS
        without = 0
        for place, count in await self._session.execute(query):
            if place is None:
                without += count
            else:
                counts[min(max(place, 0), BARS - 1)] += count
        return counts, without

    async def lines(self, ids: Sequence[str]) -> dict[str, list[Line]]:
        """The transcripts of these interviews, in order."""
        query = (
            select(Utterance.interview_id, Utterance.seq, Utterance.speaker, Utterance.text)
            .where(Utterance.interview_id.in_(ids))
            .order_by(Utterance.interview_id, Utterance.seq)
        )
        found: dict[str, list[Line]] = {id: [] for id in ids}
        for id, seq, speaker, said in await self._session.execute(query):
            found[id].append(Line(seq, speaker, said))
        return found

    async def rows(self, table: type[Row], ids: Sequence[str], *order: Any) -> dict[str, list[Row]]:
        """The rows of a table that hang on these interviews, by interview, in this order."""
        found: dict[str, list[Row]] = {id: [] for id in ids}
        query = select(table).where(table.interview_id.in_(ids)).order_by(*order)
        for row in await self._session.scalars(query):
            found[row.interview_id].append(row)
        return found

    async def whole(self, ids: Sequence[str]) -> dict[str, Interview]:
        """Those of these interviews that there are, with all their columns, by id."""
        rows = await self._session.scalars(select(Interview).where(Interview.id.in_(ids)))
        return {row.id: row for row in rows}

    async def invited_names(self, ids: Sequence[str]) -> dict[str, str]:
        """The names on the invites, by interview."""
        query = select(Invite.interview_id, Invite.name).where(
            Invite.interview_id.in_(ids), Invite.name != ""
        )
        return {str(interview_id): name for interview_id, name in await self._session.execute(query)}

    async def banks(self) -> list[tuple[str, str]]:
        """(id, title) of every bank that was interviewed from, by title."""
        ids = list(await self._session.scalars(select(Interview.bank_id).distinct()))
        titles = select(Interview.bank_title).order_by(Interview.created_at.desc()).limit(1)
        found = [(id, await self._session.scalar(titles.where(Interview.bank_id == id))) for id in ids]
        return sorted(((id, title or id) for id, title in found), key=lambda bank: bank[1])

    async def templates(self) -> list[tuple[str, str]]:
        """(id, name) of every template, by name."""
        rows = await self._session.execute(select(Template.id, Template.name).order_by(Template.name))
        return [(template_id, name) for template_id, name in rows]
