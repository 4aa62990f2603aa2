"""New links, for guests or in place of unused ones. A token is known only when it is made."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.tables import Account, Invite, Template, now
from app.interviews.access.repository import hash_token
from app.recruiting.invites.guests import CheckedGuest, Guest
from app.recruiting.invites.repository import Invites
from app.recruiting.templates.content import TemplateContent


@dataclass(frozen=True)
class Link:
    """An invite with its token, which is shown once and never stored."""

    name: str
    email: str
    reference: str
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class GivenOut:
    """New links in the order of the list, and the rows that were refused."""

    links: list[Link]
    refused: list[CheckedGuest] = field(default_factory=list)


@dataclass(frozen=True)
class NotRenewed:
    """An invite that got no new link: its interview was begun, or the template has no such invite."""

    id: str
    reason: Literal["used", "unknown"]
    name: str = ""
    email: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Renewed:
    """New links in the order they were asked for, and the invites that got none."""

    links: list[Link]
    refused: list[NotRenewed]


def new_link(guest: Guest, template: Template, at: datetime) -> Link:
    """A link for a guest, made at the time `at`, with the days its template gives."""
    days = TemplateContent.model_validate(template.content).link_days
    token = secrets.token_urlsafe(32)
    return Link(guest.name, guest.email, guest.reference, token, at + timedelta(days=days))


def renew(session: AsyncSession, invite: Invite, template: Template, account: Account) -> Link:
    """Replace the link of an invite that this transaction holds; the old one is worthless then."""
    link = new_link(Guest(1, invite.name, invite.email, invite.reference), template, now())
    invite.token_hash = hash_token(link.token)
    invite.expires_at = link.expires_at
    invite.revoked_at = None
    audit(session, Actor.of(account), "invite.renew", invite.id, template=template.id)
    return link


async def renew_all(
    session: AsyncSession, template: Template, invite_ids: Sequence[str], account: Account
) -> Renewed:
    """Replace those of these links that nobody used; the others say why not."""
    wanted = list(dict.fromkeys(invite_ids))
    found = await Invites(session).lock_all(template.id, wanted)
    links: list[Link] = []
    refused: list[NotRenewed] = []
    for invite_id in wanted:
        invite = found.get(invite_id)
        if invite is None:
            refused.append(NotRenewed(invite_id, "unknown"))
        elif invite.used_at is not None:
            refused.append(NotRenewed(invite_id, "used", invite.name, invite.email, invite.reference))
        else:
            links.append(renew(session, invite, template, account))
    if links:
        audit(session, Actor.of(account), "invite.export", template.id, invites=len(links))
    return Renewed(links, refused)
