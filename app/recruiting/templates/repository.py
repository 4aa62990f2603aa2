"""All queries of templates, and of all links to one together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.db.tables import Invite, Template, UtcDateTime
from app.errors import NotFoundError


class Templates:
    """Templates inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, template: Template) -> None:
        self._session.add(template)
        await self._session.flush()

    async def get(self, template_id: str) -> Template | None:
        return await self._session.get(Template, template_id)

    async def existing(self, template_id: str, *, lock: bool = False) -> Template:
        """The template; with `lock` nobody else changes it or its invites until the transaction ends.

        Raises `NotFoundError`.
        """
        template = await self._session.get(Template, template_id, with_for_update=lock or None)
        if template is None:
            raise NotFoundError(f"there is no template {template_id[:40]!r}", hint="Check the address.")
        return template

    async def list(self, *, archived: bool) -> Sequence[Template]:
        """Without what they drew, last changed first."""
        shelf = Template.archived_at.is_not(None) if archived else Template.archived_at.is_(None)
        query = (
            select(Template)
            .options(defer(Template.drawing, raiseload=True))
            .where(shelf)
            .order_by(Template.updated_at.desc(), Template.id)
        )
        return (await self._session.scalars(query)).all()

    async def revoke_links(self, template_id: str, at: datetime) -> int:
        """Revoke every link to the template that can be used; how many."""
        query = (
            update(Invite)
            .where(Invite.template_id == template_id, is_open(at))
            .values(revoked_at=at)
            .execution_options(synchronize_session=False)
            .returning(Invite.id)
        )
        return len((await self._session.scalars(query)).all())


def is_open(at: datetime) -> ColumnElement[bool]:
    """Whether an invite's link can be used at the time `at`."""
    return and_(
        Invite.revoked_at.is_(None), Invite.used_at.is_(None), Invite.expires_at > literal(at, UtcDateTime())
    )
