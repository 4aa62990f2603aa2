"""Is it alive, is it ready, how is it doing: for orchestrators, monitors and people."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from app.banks.dependencies import Library
from app.db.engine import Database
from app.dependencies import room
from app.errors import StorageError
from app.llm.dependencies import Model

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Alive")
async def healthz() -> dict[str, str]:
    """The process answers. Nothing else is checked."""
    return {"status": "alive"}


@router.get("/readyz", summary="Ready: database, index, LLM", responses={503: {"description": "Not ready"}})
async def readyz(
    database: Annotated[Database, Depends(room(Database))], banks: Library, llm: Model, response: Response
) -> dict[str, Any]:
    """Each part and whether it works; 503 until all do."""
    parts = {
        "database": await _database_state(database),
        "index": "ready" if banks.banks else "no question bank could be loaded",
        "llm": "ready" if await llm.ready() else llm.status().state,
    }
    ready = all(state == "ready" for state in parts.values())
    response.status_code = 200 if ready else 503
    return {"status": "ready" if ready else "not ready", "parts": parts}


async def _database_state(database: Database) -> str:
    try:
        await database.ping()
    except StorageError as error:
        return error.detail
    return "ready"


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
async def metrics() -> Response:
    """Counters and histograms in the Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
