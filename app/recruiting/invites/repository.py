"""All queries of invites."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal, get_args

from sqlalchemy import ColumnElement, and_, case, func, insert, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, Invite, UtcDateTime
from app.pagination import Place, beyond
from app.recruiting.templates.repository import is_open

InviteStatus = Literal["open", "used", "expired", "revoked"]
STATUSES: tuple[InviteStatus, ...] = get_args(InviteStatus)
# What one query may name, within every database's limit of parameters.
_AT_ONCE = 500


def status_of(invite: Invite, at: datetime) -> InviteStatus:
    """What a link is worth at the time `at`."""
    if invite.revoked_at is not None:
        return "revoked"
    if invite.used_at is not None:
        return "used"
    return "expired" if invite.expires_at <= at else "open"


class Invites:
    """Invites inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add_all(self, invites: Sequence[dict[str, Any]]) -> None:
        """Store rows of columns; many at once."""
        if invites:
            await self._session.execute(insert(Invite), list(invites))

    async def lock(self, template_id: str, invite_id: str) -> Invite | None:
        """The invite if it is one of this template's, with nobody else changing it."""
        query = select(Invite).where(Invite.id == invite_id, Invite.template_id == template_id)
        return await self._session.scalar(query.with_for_update())

    async def lock_all(self, template_id: str, invite_ids: Sequence[str]) -> dict[str, Invite]:
        """Those of this template's invites by id, with nobody else changing them."""
        found: dict[str, Invite] = {}
        for start in range(0, len(invite_ids), _AT_ONCE):
            some = invite_ids[start : start + _AT_ONCE]
            query = select(Invite).where(Invite.template_id == template_id, Invite.id.in_(some))
            # In one order, so that two requests don't wait for each other.
            locked = await self._session.scalars(query.order_by(Invite.id).with_for_update())
            found.update({invite.id: invite for invite in locked})
        return found

    async def by_token(self, token_hash: str) -> Invite | None:
        return await self._session.scalar(select(Invite).where(Invite.token_hash == token_hash))

    async def by_tokens(self, template_id: str, token_hashes: Sequence[str]) -> dict[str, Invite]:
        """The template's invites by the hash of their token."""
        found: dict[str, Invite] = {}
        for start in range(0, len(token_hashes), _AT_ONCE):
            some = token_hashes[start : start + _AT_ONCE]
            query = select(Invite).where(Invite.template_id == template_id, Invite.token_hash.in_(some))
            found.update({invite.token_hash: invite for invite in await self._session.scalars(query)})
        return found

    async def exists(self, invite_id: str) -> bool:
        return await self._session.scalar(select(Invite.id).where(Invite.id == invite_id)) is not None

    async def open_guests(self, template_id: str, at: datetime) -> list[tuple[str, str, str, str]]:
        """(invite id, name, email, reference) of everyone with a link that can be used."""
        query = select(Invite.id, Invite.name, Invite.email, Invite.reference).where(
            Invite.template_id == template_id, is_open(at)
        )
        return [(row.id, row.name, row.email, row.reference) for row in await self._session.execute(query)]

    async def page(
        self,
        template_id: str,
        status: InviteStatus | None,
        search: str,
        after: Place | None,
        limit: int,
        at: datetime,
    ) -> list[Invite]:
        """At most `limit` invites, newest first; `search` is a part of a name, an address or a reference."""
        query = (
            select(Invite)
            .where(Invite.template_id == template_id)
            .order_by(Invite.created_at.desc(), Invite.id.desc())
            .limit(limit)
        )
        if status is not None:
            query = query.where(_is(status, at))
        if search:
            told = (Invite.name, Invite.email, Invite.reference)
            wanted = search.lower()
            query = query.where(
                or_(*(func.lower(column).contains(wanted, autoescape=True) for column in told))
            )
        if after is not None:
            columns = [Invite.created_at, Invite.id]
            query = query.where(beyond(columns, [after.created_at, after.id], down=True))
        return list(await self._session.scalars(query))

    async def counts(self, template_ids: Sequence[str], at: datetime) -> dict[str, dict[InviteStatus, int]]:
        """How many invites of each status every template has."""
        sums = [func.sum(case((_is(status, at), 1), else_=0)) for status in STATUSES]
        query = (
            select(Invite.template_id, *sums)
            .where(Invite.template_id.in_(template_ids))
            .group_by(Invite.template_id)
        )
        counts: dict[str, dict[InviteStatus, int]] = {
            template_id: dict.fromkeys(STATUSES, 0) for template_id in template_ids
        }
        for template_id, *numbers in await self._session.execute(query):
            counts[template_id] = dict(zip(STATUSES, numbers, strict=True))
        return counts

    async def claim(
        self, invite_id: str, token_hash: str, interview_id: str, browser_hash: str, at: datetime
    ) -> bool:
        """Use the link up for this interview; False if someone was quicker or it can't be used any more."""
        query = (
            update(Invite)
            .where(Invite.id == invite_id, Invite.token_hash == token_hash, is_open(at))
            .values(used_at=at, interview_id=interview_id, browser_hash=browser_hash)
            .execution_options(synchronize_session=False)
            .returning(Invite.id)
        )
        return await self._session.scalar(query) is not None

    async def interview(self, interview_id: str) -> Interview | None:
        return await self._session.get(Interview, interview_id)


def _is(status: InviteStatus, at: datetime) -> ColumnElement[bool]:
    unused = and_(Invite.revoked_at.is_(None), Invite.used_at.is_(None))
    moment = literal(at, UtcDateTime())
    return {
        "open": is_open(at),
        "used": and_(Invite.revoked_at.is_(None), Invite.used_at.is_not(None)),
        "expired": and_(unused, Invite.expires_at <= moment),
        "revoked": Invite.revoked_at.is_not(None),
    }[status]
