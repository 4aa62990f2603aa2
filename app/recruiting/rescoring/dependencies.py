"""Re-scoring as routes depend on it."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.rescoring.service import RescoringService

Rescoring = Annotated[RescoringService, Depends(room(RescoringService))]
