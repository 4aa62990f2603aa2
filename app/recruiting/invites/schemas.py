"""What the API of invites takes and gives."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.db.tables import Invite, columns_of
from app.recruiting.invites.guests import MOST_ROWS, CheckedGuest, RowReason
from app.recruiting.invites.repository import InviteStatus, status_of

LONGEST_EXTENSION_DAYS = 365


class NewInvite(BaseModel):
    """Whom to invite; the address and the reference only help to tell people apart."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "Li Xiaoming", "reference": "A-17"}}
    )

    name: str = Field(max_length=1000)
    email: str = Field("", max_length=1000)
    reference: str = Field("", max_length=1000)


class NewInvites(BaseModel):
    """A list of guests. The same `batch` counts once, however often it is sent."""

    model_config = ConfigDict(extra="forbid")

    rows: list[NewInvite] = Field(min_length=1, max_length=MOST_ROWS)
    dry_run: bool = Field(False, description="Only say which rows would be refused.")
    batch: str | None = Field(None, pattern=r"^[A-Za-z0-9_-]{8,64}$")


class GivenLink(BaseModel):
    """A new link, which is shown only here."""

    name: str
    email: str
    reference: str
    link: str
    expires_at: datetime


class RefusedRow(BaseModel):
    """Row `row` of the list, from 1, and why it is refused; `earlier` is the row that a duplicate repeats."""

    row: int
    name: str
    email: str
    reference: str
    reason: RowReason
    earlier: int | None

    @classmethod
    def of(cls, refused: Sequence[CheckedGuest]) -> "list[RefusedRow]":
        """Those that were refused for a reason."""
        return [
            cls(
                row=each.guest.line,
                name=each.guest.name,
                email=each.guest.email,
                reference=each.guest.reference,
                reason=each.reason,
                earlier=each.line or None,
            )
            for each in refused
            if each.reason is not None
        ]


class GivenLinks(BaseModel):
    links: list[GivenLink]
    refused: list[RefusedRow]
    accepted: int


class Renewal(BaseModel):
    """Which invites get a new link."""

    model_config = ConfigDict(extra="forbid")

    ids: list[str] = Field(min_length=1, max_length=MOST_ROWS)


class RefusedRenewal(BaseModel):
    """An invite that got no new link, and why: its interview was begun, or there is none of this id here."""

    id: str
    name: str
    reason: Literal["used", "unknown"]


class RenewedLinks(BaseModel):
    links: list[GivenLink]
    refused: list[RefusedRenewal]


class Extension(BaseModel):
    model_config = ConfigDict(extra="forbid")

    days: int = Field(ge=1, le=LONGEST_EXTENSION_DAYS)


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

    @classmethod
    def of(cls, invite: Invite, at: datetime, interview: str | None = None) -> "InviteRow":
        """The invite as it stands at the time `at`."""
        return cls(status=status_of(invite, at), interview=interview, **columns_of(invite, cls))


class InvitePage(BaseModel):
    """A page of invites; `next` is the cursor of the one after it, None on the last."""

    rows: list[InviteRow]
    counts: dict[InviteStatus, int]
    next: str | None
