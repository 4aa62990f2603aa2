"""Invites: given out, revoked, renewed, extended. A link's token is known only when it is made."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, Invite, Template, now
from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.access.repository import hash_token
from app.pagination import Place, decode, encode, page_of
from app.recruiting.invites.guests import MOST_ROWS, Checked, Guest, check, guest_key
from app.recruiting.invites.links import GivenOut, Link, Renewed, new_link, renew, renew_all
from app.recruiting.invites.repository import Invites, InviteStatus, status_of
from app.recruiting.invites.schemas import LONGEST_EXTENSION_DAYS, InvitePage, InviteRow
from app.recruiting.reviews.repository import hidden_from
from app.recruiting.templates.repository import Templates

PAGE_LENGTH = 50
_EXTENDED_AT_MOST_DAYS = 730


class AlreadyInvitedError(ConflictError):
    """The same form was sent twice; its links were shown the first time."""


class InviteService:
    """What recruiters can do with invites. Every method opens its own short transactions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def page(
        self,
        template_id: str,
        account: Account,
        status: InviteStatus | None = None,
        search: str = "",
        cursor: str | None = None,
        limit: int = PAGE_LENGTH,
    ) -> InvitePage:
        """A page of the template's invites, newest first. Raises `NotFoundError`, `BadInputError`."""
        after = decode(cursor) if cursor else None
        at = now()
        async with self._database.reading() as session:
            await Templates(session).existing(template_id)
            invites = Invites(session)
            found = await invites.page(template_id, status, search.strip(), after, limit + 1, at)
            counts = (await invites.counts([template_id], at))[template_id]
            used = [invite.interview_id for invite in found if invite.interview_id]
            hidden = await hidden_from(session, account.id, used) if used else set()
        shown, last = page_of(found, limit)
        rows = [
            InviteRow.of(invite, at, None if invite.interview_id in hidden else invite.interview_id)
            for invite in shown
        ]
        return InvitePage(
            rows=rows, counts=counts, next=encode(Place(last.created_at, last.id)) if last else None
        )

    async def counts(self, template_ids: Sequence[str]) -> dict[str, dict[InviteStatus, int]]:
        """How many invites of each status these templates have."""
        async with self._database.reading() as session:
            return await Invites(session).counts(template_ids, now())

    async def check(self, template_id: str, guests: Sequence[Guest], batch: str = "") -> Checked:
        """Which of the rows can be invited; nothing is stored. Raises `NotFoundError`.

        Links that `batch` made don't count: the answer is as it was before the batch was given out.
        """
        own = {_invite_id(template_id, batch, number) for number in range(len(guests))} if batch else set()
        async with self._database.reading() as session:
            await Templates(session).existing(template_id)
            invited = await Invites(session).open_guests(template_id, now())
        return check(guests, {guest_key(*guest) for invite_id, *guest in invited if invite_id not in own})

    async def give_out(
        self, template_id: str, guests: Sequence[Guest], account: Account, batch: str
    ) -> GivenOut:
        """Make a link for every row that can be invited. `batch` names the form, so that it counts once.

        Raises `NotFoundError`, `BadInputError`, `ConflictError` for an archived template, and
        `AlreadyInvitedError` when this batch was given out before.
        """
        count = sum(guest.flaw is None for guest in guests)
        if count > MOST_ROWS:
            raise BadInputError(f"rows: {count:,} are more than {MOST_ROWS:,}", hint="Send fewer.")
        at = now()
        try:
            async with self._database.session() as session:
                template = await _active(session, template_id)
                invites = Invites(session)
                if await invites.exists(_invite_id(template_id, batch, 0)):
                    raise _already()
                checked = check(guests, await _invited(session, template_id))
                links = [new_link(guest, template, at) for guest in checked.good]
                await invites.add_all(
                    [
                        {
                            "id": _invite_id(template_id, batch, number),
                            "template_id": template_id,
                            "token_hash": hash_token(link.token),
                            "name": link.name,
                            "email": link.email,
                            "reference": link.reference,
                            "created_by": account.id,
                            # The list is newest first; within a batch it keeps the batch's order.
                            "created_at": at - timedelta(microseconds=number),
                            "expires_at": link.expires_at,
                        }
                        for number, link in enumerate(links)
                    ]
                )
                if links:
                    audit(
                        session,
                        Actor.of(account),
                        "invite.create",
                        template_id,
                        invites=len(links),
                        refused=len(checked.bad),
                    )
        except IntegrityError as error:
            raise _already() from error
        return GivenOut(links, checked.bad)

    async def revoke(self, template_id: str, invite_id: str, account: Account) -> InviteRow:
        """Close the link if it is unused, else its interview. Nothing is deleted; harmless twice."""
        return await self._switch(template_id, invite_id, account, revoked=True)

    async def restore(self, template_id: str, invite_id: str, account: Account) -> InviteRow:
        """Take a revocation back: the link, or the interview, opens again."""
        return await self._switch(template_id, invite_id, account, revoked=False)

    async def renew(self, template_id: str, invite_id: str, account: Account) -> Link:
        """A new link in place of an unused one, which stops working.

        Raises `NotFoundError`, and `ConflictError` for a used one or an archived template.
        """
        async with self._database.session() as session:
            template = await _active(session, template_id)
            invite = await _unused(session, template_id, invite_id)
            return renew(session, invite, template, account)

    async def renew_many(self, template_id: str, invite_ids: Sequence[str], account: Account) -> Renewed:
        """New links in place of these unused ones, which stop working; the others say why not.

        Raises `NotFoundError` for an unknown template, `ConflictError` for an archived one, and
        `BadInputError` for none or too many.
        """
        if not 1 <= len(invite_ids) <= MOST_ROWS:
            raise BadInputError(f"ids: {len(invite_ids):,} is not from 1 to {MOST_ROWS:,}")
        async with self._database.session() as session:
            return await renew_all(session, await _active(session, template_id), invite_ids, account)

    async def extend(self, template_id: str, invite_id: str, days: int, account: Account) -> InviteRow:
        """Let an unused link live `days` longer, from now on if it has expired.

        Raises as `renew` does, and `BadInputError` for too many days.
        """
        if not 1 <= days <= LONGEST_EXTENSION_DAYS:
            raise BadInputError(f"days: {days} is not from 1 to {LONGEST_EXTENSION_DAYS}")
        at = now()
        async with self._database.session() as session:
            await _active(session, template_id)
            invite = await _unused(session, template_id, invite_id)
            if status_of(invite, at) == "revoked":
                raise ConflictError("the link is revoked", hint="Restore it, or make a new link.")
            latest = at + timedelta(days=_EXTENDED_AT_MOST_DAYS)
            invite.expires_at = min(max(invite.expires_at, at) + timedelta(days=days), latest)
            audit(session, Actor.of(account), "invite.extend", invite_id, template=template_id, days=days)
        return InviteRow.of(invite, at)

    async def links_of(self, template_id: str, tokens: Sequence[str], account: Account) -> list[Link]:
        """The links whose tokens the asker holds, in their order: those just made, on their way to a file.

        Tokens of other templates, renewed or unknown ones are left out.
        """
        hashes = {token: hash_token(token) for token in tokens[:MOST_ROWS]}
        async with self._database.session() as session:
            await Templates(session).existing(template_id)
            found = await Invites(session).by_tokens(template_id, list(hashes.values()))
            audit(session, Actor.of(account), "invite.export", template_id, invites=len(found))
        return [
            Link(invite.name, invite.email, invite.reference, token, invite.expires_at)
            for token, hashed in hashes.items()
            if (invite := found.get(hashed)) is not None
        ]

    async def _switch(
        self, template_id: str, invite_id: str, account: Account, *, revoked: bool
    ) -> InviteRow:
        at = now()
        async with self._database.session() as session:
            invites = Invites(session)
            invite = await invites.lock(template_id, invite_id)
            if invite is None:
                raise _unknown(invite_id)
            interview = await invites.interview(invite.interview_id) if invite.interview_id else None
            if (invite.revoked_at is not None) != revoked:
                invite.revoked_at = at if revoked else None
                if interview is not None:
                    interview.access_revoked_at = invite.revoked_at
                action = "invite.revoke" if revoked else "invite.restore"
                used = {"interview": invite.interview_id} if invite.interview_id else {}
                audit(session, Actor.of(account), action, invite_id, template=template_id, **used)
        return InviteRow.of(invite, at)


async def _active(session: AsyncSession, template_id: str) -> Template:
    """The template, locked so that two lists sent at once see each other's guests."""
    template = await Templates(session).existing(template_id, lock=True)
    if template.archived_at is not None:
        raise ConflictError("the template is archived", hint="Restore it, or use another one.")
    return template


async def _unused(session: AsyncSession, template_id: str, invite_id: str) -> Invite:
    invite = await Invites(session).lock(template_id, invite_id)
    if invite is None:
        raise _unknown(invite_id)
    if invite.used_at is not None:
        raise ConflictError(
            "the link was used already", hint="Invite the candidate again for another interview."
        )
    return invite


async def _invited(session: AsyncSession, template_id: str) -> set[str]:
    return {guest_key(*guest) for _, *guest in await Invites(session).open_guests(template_id, now())}


def _invite_id(template_id: str, batch: str, number: int) -> str:
    return hashlib.sha256(f"{template_id} {batch} {number}".encode()).hexdigest()[:32]


def _already() -> AlreadyInvitedError:
    return AlreadyInvitedError(
        "these guests were invited already", hint="Their links were shown then; make new links if needed."
    )


def _unknown(invite_id: str) -> NotFoundError:
    return NotFoundError(f"there is no invite {invite_id[:40]!r} of this template", hint="Check the address.")
