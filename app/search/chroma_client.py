"""Opening and closing Chroma clients, embedded or at a server."""

import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from app.errors import SetupError

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0


def folder_client(folder: Path) -> "ClientAPI":
    """Chroma in this process, kept in a folder. Raises what Chroma raises.

    It gets a system of its own: one that Chroma makes itself stays in its cache when it fails to start.
    """
    from chromadb.api import ServerAPI
    from chromadb.api.client import Client
    from chromadb.config import System
    from chromadb.telemetry.product import ProductTelemetryClient

    system = System(_options(is_persistent=True, persist_directory=str(folder)))
    system.instance(ProductTelemetryClient)  # type: ignore[type-abstract]
    system.instance(ServerAPI)  # type: ignore[type-abstract]
    system.start()
    return Client.from_system(system)


def server_client(url: str) -> "ClientAPI":
    """A Chroma server's client. Raises `SetupError` for a wrong address, `OSError` when it is not reached."""
    from chromadb.api.client import Client

    host, port, ssl = _address(url)
    # Chroma's client would wait without end, both for a host that swallows packets and for an answer.
    socket.create_connection((host, port), timeout=CONNECT_SECONDS).close()
    client = Client(
        settings=_options(
            chroma_api_impl="chromadb.api.fastapi.FastAPI",
            chroma_server_host=host,
            chroma_server_http_port=port,
            chroma_server_ssl_enabled=ssl,
        )
    )
    for session in _sessions(client):
        session.timeout = ANSWER_SECONDS
    return client


def close_client(client: "ClientAPI") -> None:
    """Closes files and connections; Chroma itself leaves the latter open."""
    sessions = _sessions(client)
    client.close()  # type: ignore[attr-defined]
    for session in sessions:
        session.close()


def _sessions(client: Any) -> list["httpx.Client"]:
    """The HTTP sessions of a client and of the second client inside it."""
    holders = [client, getattr(client, "_admin_client", None)]
    found = (getattr(getattr(holder, "_server", None), "_session", None) for holder in holders)
    return [session for session in found if session is not None]


def _options(**options: Any) -> Any:
    """Chroma's settings, none of them from the service's `.env`, which Chroma would read too."""
    from chromadb.config import Settings

    return Settings(_env_file=None, anonymized_telemetry=False, **options)


def _address(url: str) -> tuple[str, int, bool]:
    """Host, port and whether TLS is used."""
    with suppress(ValueError, KeyError):
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        ssl = {"http": False, "https": True}[parts.scheme]
        if parts.hostname:
            return parts.hostname, parts.port or (443 if ssl else 8000), ssl
    raise SetupError(
        f"INTERVIEWER_CHROMA_URL={url} is not an address", hint="Write it such as http://localhost:8001."
    )
