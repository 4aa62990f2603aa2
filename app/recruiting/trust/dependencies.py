"""The trust figures as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.trust.service import TrustService

Trust = Annotated[TrustService, Depends(room(TrustService))]
