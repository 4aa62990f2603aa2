"""A page of a template's invites, and its cursor."""

import base64
import binascii
from datetime import datetime

from pydantic import BaseModel

from app.db.tables import Invite
from app.errors import BadInputError
from app.recruiting.invites.repository import InviteStatus, Place, status_of

PAGE_LENGTH = 50


class InviteRow(BaseModel):
    """An invite as recruiters see it; `interview` is left out while its reader is to judge it blind."""

    id: str
    name: str
    email: str
    reference: str
    status: InviteStatus
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    revoked_at: datetime | None
    interview: str | None


class InvitePage(BaseModel):
    """A page of invites; `next` is the cursor of the one after it, None on the last."""

    rows: list[InviteRow]
    counts: dict[InviteStatus, int]
    next: str | None


def invite_row(invite: Invite, at: datetime, interview: str | None) -> InviteRow:
    """The invite as it stands at the time `at`."""
    return InviteRow(
        id=invite.id,
        name=invite.name,
        email=invite.email,
        reference=invite.reference,
        status=status_of(invite, at),
        created_at=invite.created_at,
        expires_at=invite.expires_at,
        used_at=invite.used_at,
        revoked_at=invite.revoked_at,
        interview=interview,
    )


def encode_place(invite: Invite) -> str:
    """The cursor of the page behind this invite."""
    return base64.urlsafe_b64encode(f"{invite.created_at.isoformat()} {invite.id}".encode()).decode()


def decode_place(cursor: str) -> Place:
    """The place of a cursor. Raises `BadInputError`."""
    try:
        at, _, invite_id = base64.urlsafe_b64decode(cursor.encode()).decode().rpartition(" ")
        moment = datetime.fromisoformat(at)
    except (binascii.Error, UnicodeError, ValueError) as error:
        raise BadInputError("after: is no place in the list", hint="Start from the first page.") from error
    if moment.tzinfo is None or "\0" in invite_id:
        raise BadInputError("after: is no place in the list", hint="Start from the first page.")
    return Place(moment, invite_id)
