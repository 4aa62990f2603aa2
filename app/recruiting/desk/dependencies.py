"""The list and its exports as routes depend on them."""

from typing import Annotated

from fastapi import Depends, Request

from app.recruiting.desk.exports import ExportService
from app.recruiting.desk.service import DeskService


def desk_service(request: Request) -> DeskService:
    """The list of this app."""
    service: DeskService = request.app.state.desk
    return service


def export_service(request: Request) -> ExportService:
    """The exports of this app."""
    service: ExportService = request.app.state.exports
    return service


Desk = Annotated[DeskService, Depends(desk_service)]
Exports = Annotated[ExportService, Depends(export_service)]
