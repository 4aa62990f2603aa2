"""Comparisons as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.comparing.service import ComparisonService

Comparisons = Annotated[ComparisonService, Depends(room(ComparisonService))]
