"""Scripts and styles: addressed by content hash, so that browsers keep them until they change."""

import hashlib
import os
from functools import lru_cache
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC_DIR = Path(__file__).parent / "static"


@lru_cache
def _digest(name: str, modified: int) -> str:
    return hashlib.sha256((STATIC_DIR / name).read_bytes()).hexdigest()[:12]


def asset_url(name: str) -> str:
    """The address of a static file with its content hash; `FileNotFoundError` if there is none."""
    return f"/static/{name}?v={_digest(name, (STATIC_DIR / name).stat().st_mtime_ns)}"


class AssetFiles(StaticFiles):
    """Static files with cache headers: a hashed address is kept for a year, a bare one checked each time."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC_DIR)

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        response = super().file_response(full_path, stat_result, scope, status_code)
        hashed = b"v=" in scope.get("query_string", b"")
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if hashed else "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
