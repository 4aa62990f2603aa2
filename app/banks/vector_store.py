"""Where the vectors are kept: Chroma in a folder of this process's own, or on a Chroma server."""

import logging
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from app.errors import SetupError, StorageError
from app.settings import Settings

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
_FULL = ("disk is full", "no space left")


class IndexInUseError(SetupError):
    """Another process holds the embedded index."""


class VectorStore:
    """Opens Chroma at the first use. Embedded, its folder belongs to one process, kept so by a file lock."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.chroma_url
        self.folder = settings.data_dir / "chroma"
        self.notices: list[str] = []
        self._client: ClientAPI | None = None
        self._lock = FileLock(str(settings.data_dir / "chroma.lock"), timeout=0, thread_local=False)
        self._opening = threading.RLock()

    @property
    def is_embedded(self) -> bool:
        return self.url is None

    @property
    def is_open(self) -> bool:
        return self._client is not None

    def client(self) -> "ClientAPI":
        """The open client. Raises `SetupError` when the folder is taken, or the server does not answer."""
        with self._opening:
            if self._client is None:
                self._client = self._open_folder() if self.url is None else self._open_server(self.url)
            return self._client

    def collection(self, name: str) -> "Collection":
        """The collection of that name, made if need be; Chroma is always given vectors."""
        with self.errors():
            return self.client().get_or_create_collection(
                name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
            )

    def close(self) -> None:
        """Closes Chroma and frees its folder; a later use opens it again."""
        with self._opening:
            self._close_client()
            self._lock.release()

    def set_aside(self, reason: object) -> None:
        """Renames an unreadable folder and starts an empty one, leaving a notice."""
        with self._opening:
            self._close_client()
            aside = self.folder.with_name(f"chroma-unreadable-{time.strftime('%Y%m%d-%H%M%S')}")
            number = 1
            while aside.exists():
                number += 1
                aside = aside.with_name(f"{aside.name.split('~')[0]}~{number}")
            try:
                self.folder.rename(aside)
            except OSError as error:
                raise _folder_error(self.folder, error) from error
            notice = (
                f"The question index could not be read ({reason}): set aside as {aside}, a new one is built."
            )
            logger.warning(notice)
            self.notices.append(notice)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns what Chroma raises into `StorageError` (disk full) or `SetupError`."""
        import httpx
        from chromadb.errors import ChromaError

        try:
            yield
        except (ChromaError, httpx.HTTPError, OSError, RuntimeError, ValueError) as error:
            if any(words in str(error).lower() for words in _FULL):
                raise StorageError("The question index could not be written: the disk is full") from error
            where = f"the Chroma server at {self.url}" if self.url else f"the question index in {self.folder}"
            hint = (
                "Check INTERVIEWER_CHROMA_URL and the server."
                if self.url
                else "`interviewer bank index` repairs it."
            )
            raise SetupError(f"Cannot use {where}: {error}", hint=hint) from error

    def _open_folder(self) -> "ClientAPI":
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise IndexInUseError(
                f"Another interviewer process uses the data folder {self.folder.parent}",
                hint="Stop it first, set INTERVIEWER_DATA_DIR to another folder, or share a Chroma server by "
                "INTERVIEWER_CHROMA_URL.",
            ) from None
        except OSError as error:
            raise _folder_error(self.folder, error) from error
        from chromadb.errors import ChromaError

        try:
            return _start(is_persistent=True, persist_directory=str(self.folder))
        except (ChromaError, OSError, RuntimeError, ValueError) as error:
            if any(words in str(error).lower() for words in _FULL):
                raise StorageError("The question index can't be opened: the disk is full") from error
            self.set_aside(error)
            self.folder.mkdir()
        with self.errors():
            return _start(is_persistent=True, persist_directory=str(self.folder))

    def _open_server(self, url: str) -> "ClientAPI":
        parts = urlsplit(url if "//" in url else f"//{url}", scheme="http")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SetupError(
                f"INTERVIEWER_CHROMA_URL={url} is not an address",
                hint="Write it such as http://localhost:8001.",
            )
        ssl = parts.scheme == "https"
        port = parts.port or (443 if ssl else 8000)
        with self.errors():
            # Chroma's client waits without end for a host that swallows packets.
            socket.create_connection((parts.hostname, port), timeout=CONNECT_SECONDS).close()
            return _start(
                chroma_api_impl="chromadb.api.fastapi.FastAPI",
                chroma_server_host=parts.hostname,
                chroma_server_http_port=port,
                chroma_server_ssl_enabled=ssl,
            )

    def _close_client(self) -> None:
        if self._client is not None:
            self._client.close()  # type: ignore[attr-defined]
            self._client = None


def _folder_error(folder: Path, error: OSError) -> SetupError:
    return SetupError(
        f"The data folder can't be written: {folder}: {error.strerror}",
        hint="Set INTERVIEWER_DATA_DIR to a folder this user can write.",
    )


def _start(**options: Any) -> "ClientAPI":
    """A client on a system of its own, so that one that fails to start leaves nothing in Chroma's cache.

    `_env_file=None`: Chroma would otherwise read its own settings from the service's `.env`.
    """
    from chromadb.api.client import Client
    from chromadb.config import Settings as ChromaSettings
    from chromadb.config import System

    system = System(ChromaSettings(_env_file=None, anonymized_telemetry=False, **options))
    system.start()
    return Client.from_system(system)
