"""Is it alive, is it ready, how is it doing: for orchestrators, monitors and people."""

from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from sqlalchemy import text

from app.errors import StorageError

router = APIRouter(tags=["operations"])


@router.get("/healthz", summary="Alive")
async def healthz() -> dict[str, str]:
    """The process answers. Nothing else is checked."""
    return {"status": "alive"}


@router.get("/readyz", summary="Ready: database, index, LLM", responses={503: {"description": "Not ready"}})
async def readyz(request: Request, response: Response) -> dict[str, Any]:
    """Each part and whether it works; 503 until all do."""
    parts = {
        "database": await _database_state(request),
        "index": "ready" if request.app.state.banks.banks else "no question bank could be loaded",
        "llm": "ready" if await request.app.state.llm.ready() else request.app.state.llm.status().state,
    }
    ready = all(state == "ready" for state in parts.values())
    response.status_code = 200 if ready else 503
    return {"status": "ready" if ready else "not ready", "parts": parts}


async def _database_state(request: Request) -> str:
    try:
        async with request.app.state.database.reading() as session:
            await session.execute(text("SELECT 1"))
    except StorageError as error:
        return error.detail
    return "ready"


@router.get("/metrics", summary="Prometheus metrics", response_class=Response)
async def metrics() -> Response:
    """Counters and histograms in the Prometheus text format."""
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
