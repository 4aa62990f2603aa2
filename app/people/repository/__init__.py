"""Queries for whom is asked about, and for what is theirs."""

from collections.abc import Collection

from sqlalchemy import and_, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, Invite, Template

MOST_FOUND = 50
"""Invites, and interviews, that one search shows."""
_SHORTEST_ID = 8


class People:
    """People inside one transaction, known by their browser, or by their invites and what they are called."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def of_person(self, person_id: str) -> list[Interview]:
        """A person's interviews, newest first."""
        query = select(Interview).where(Interview.person_id == person_id)
        return list(await self._session.scalars(query.order_by(Interview.created_at.desc())))

    async def interviews(self, ids: Collection[str]) -> list[Interview]:
        """Those that are there, newest first."""
        query = select(Interview).where(Interview.id.in_(ids)).order_by(Interview.created_at.desc())
        return list(await self._session.scalars(query))

    async def invites_to(self, interview_ids: Collection[str]) -> list[Invite]:
        """The invites used for these interviews."""
        return list(await self._session.scalars(select(Invite).where(Invite.interview_id.in_(interview_ids))))

    async def invite(self, invite_id: str) -> Invite | None:
        return await self._session.get(Invite, invite_id)

    async def invites(self, ids: Collection[str]) -> list[Invite]:
        """Those that are there."""
        return list(await self._session.scalars(select(Invite).where(Invite.id.in_(ids))))

    async def template_names(self, ids: Collection[str]) -> dict[str, str]:
        """Names of templates by id."""
        rows = await self._session.execute(select(Template.id, Template.name).where(Template.id.in_(ids)))
        return dict(rows.all())

    async def search(self, said: str) -> tuple[list[Invite], list[Interview]]:
        """Invites by name, e-mail or reference and interviews by name or id, newest first, a page of each."""
        named = (Invite.name, Invite.email, Invite.reference)
        is_theirs = or_(*(column.icontains(said, autoescape=True) for column in named))
        invites = select(Invite).where(is_theirs).order_by(Invite.created_at.desc()).limit(MOST_FOUND)
        is_them = Interview.candidate_name.icontains(said, autoescape=True)
        if len(said) >= _SHORTEST_ID:
            is_them = or_(is_them, Interview.id.startswith(said.lower(), autoescape=True))
        interviews = select(Interview).where(is_them).order_by(Interview.created_at.desc()).limit(MOST_FOUND)
        return list(await self._session.scalars(invites)), list(await self._session.scalars(interviews))

    async def invites_by_email(self, emails: Collection[str]) -> list[Invite]:
        """All invites to these addresses, given in lower case."""
        query = select(Invite).where(func.lower(Invite.email).in_(emails), Invite.email != "")
        return list(await self._session.scalars(query.order_by(Invite.created_at.desc())))

    async def namesakes(
        self, names: Collection[str], references: Collection[str]
    ) -> tuple[list[Invite], list[Interview]]:
        """Invites with one of these names or references and interviews with one of these names."""
        same_name = and_(Invite.name.in_(names), Invite.name != "")
        same_reference = and_(Invite.reference.in_(references), Invite.reference != "")
        invites = select(Invite).where(or_(same_name, same_reference)).order_by(Invite.created_at.desc())
        interviews = (
            select(Interview)
            .where(Interview.candidate_name.in_([name for name in names if name]))
            .order_by(Interview.created_at.desc())
        )
        return (
            list(await self._session.scalars(invites.limit(MOST_FOUND))),
            list(await self._session.scalars(interviews.limit(MOST_FOUND))),
        )
