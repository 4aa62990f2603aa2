"""All queries of templates."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from app.db.tables import Template


class Templates:
    """Templates inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def add(self, template: Template) -> None:
        self._session.add(template)
        await self._session.flush()

    async def get(self, template_id: str) -> Template | None:
        return await self._session.get(Template, template_id)

    async def lock(self, template_id: str) -> Template | None:
        """The template, with nobody else changing it or its invites until the transaction ends."""
        return await self._session.get(Template, template_id, with_for_update=True)

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
