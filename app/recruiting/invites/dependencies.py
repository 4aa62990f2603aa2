"""Invites and invitations as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.invites.invitation import InvitationService
from app.recruiting.invites.service import InviteService

# A list of guests is longer than other bodies.
MAX_BODY_BYTES = 8_000_000

Invites = Annotated[InviteService, Depends(room(InviteService))]
Invitations = Annotated[InvitationService, Depends(room(InvitationService))]
