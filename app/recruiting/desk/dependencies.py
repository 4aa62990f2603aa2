"""The list and its exports as routes depend on them, and how an export is sent."""

from typing import Annotated

from fastapi import Depends
from starlette.responses import StreamingResponse

from app.dependencies import room
from app.recruiting.desk.exports import ExportFile, ExportService
from app.recruiting.desk.service import DeskService

Desk = Annotated[DeskService, Depends(room(DeskService))]
Exports = Annotated[ExportService, Depends(room(ExportService))]


def download(file: ExportFile) -> StreamingResponse:
    """The file as an attachment that no cache keeps."""
    return StreamingResponse(
        file.content,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )
