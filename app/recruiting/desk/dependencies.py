"""The list and its exports as routes depend on them."""

from typing import Annotated

from fastapi import Depends

from app.dependencies import room
from app.recruiting.desk.exports import ExportService
from app.recruiting.desk.service import DeskService

Desk = Annotated[DeskService, Depends(room(DeskService))]
Exports = Annotated[ExportService, Depends(room(ExportService))]
