"""The drafts of banks as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.authoring.service import DraftService
from app.dependencies import room

Drafts = Annotated[DraftService, Depends(room(DraftService))]
