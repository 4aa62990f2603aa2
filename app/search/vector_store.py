"""Where the vectors are kept: Chroma in a folder of this process's own, or on a Chroma server."""

import logging
import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from filelock import FileLock, Timeout

from app.errors import SetupError, StorageError
from app.settings import Settings

if TYPE_CHECKING:
    import httpx
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

logger = logging.getLogger(__name__)

CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 60.0
# The head of hnswlib's `header.bin`: format version, offset, room and number of vectors, bytes of a vector.
_HEAD = struct.Struct("<iQQQQ")
_KNOWN_VERSION = 1
_LENGTH_BYTES = 4

_FULL = ("disk is full", "no space left")


class IndexInUseError(SetupError):
    """Another process holds the embedded index."""


class IndexUnusableError(SetupError):
    """Chroma failed to read or write."""


class VectorStore:
    """Opens Chroma at the first use. Embedded, its folder belongs to one process, kept so by a file lock."""

    def __init__(self, settings: Settings) -> None:
        self.url = settings.chroma_url
        self.folder = settings.data_dir / "chroma"
        self.prefix = settings.chroma_collection
        self.notices: list[str] = []
        self._client: ClientAPI | None = None
        self._collections: dict[str, Collection] = {}
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
        client = self.client()
        if name not in self._collections:
            with self.errors():
                self._collections[name] = client.get_or_create_collection(
                    name, embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
                )
        return self._collections[name]

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
                self.folder.mkdir()
            except OSError as error:
                raise _folder_error(self.folder, error) from error
            notice = (
                f"The question index could not be read ({reason}): set aside as {aside}, a new one is built."
            )
            logger.warning(notice)
            self.notices.append(notice)

    @contextmanager
    def errors(self) -> Iterator[None]:
        """Turns what Chroma raises into `StorageError` (disk full) or `IndexUnusableError`."""
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
            raise IndexUnusableError(f"Cannot use {where}: {error}", hint=hint) from error

    def _open_folder(self) -> "ClientAPI":
        from chromadb.errors import ChromaError

        self._take_folder()
        try:
            return folder_client(self.folder)
        except (ChromaError, OSError, RuntimeError, ValueError) as error:
            if any(words in str(error).lower() for words in _FULL):
                raise StorageError("The question index can't be opened: the disk is full") from error
            self.set_aside(error)
        with self.errors():
            return folder_client(self.folder)

    def _take_folder(self) -> None:
        """Locks the folder for this process and sets aside one that would crash it."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
            damaged = cut_short(self.folder)
        except Timeout:
            raise IndexInUseError(
                f"Another interviewer process uses the data folder {self.folder.parent}",
                hint="Stop it first, set INTERVIEWER_DATA_DIR to another folder, or share a Chroma server by "
                "INTERVIEWER_CHROMA_URL.",
            ) from None
        except OSError as error:
            raise _folder_error(self.folder, error) from error
        if damaged is not None:
            self.set_aside(f"{damaged.relative_to(self.folder)} is cut short")

    def _open_server(self, url: str) -> "ClientAPI":
        with self.errors():
            return server_client(url)

    def _close_client(self) -> None:
        if self._client is not None:
            self._collections.clear()
            close_client(self._client)
            self._client = None


def _folder_error(folder: Path, error: OSError) -> SetupError:
    return SetupError(
        f"The data folder can't be written: {folder}: {error.strerror}",
        hint="Set INTERVIEWER_DATA_DIR to a folder this user can write.",
    )


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


def cut_short(folder: Path) -> Path | None:
    """A file of hnswlib below the folder that holds less than its header promises, as after a power cut; else
    None. Read by the library, it would crash the process.

    Headers of an unknown format version are left to Chroma to judge.
    """
    for header in folder.rglob("header.bin"):
        head = header.read_bytes()[: _HEAD.size]
        if len(head) < _HEAD.size:
            return header
        version, _, _, count, each = _HEAD.unpack(head)
        if version != _KNOWN_VERSION:
            continue
        for name, size in (("data_level0.bin", count * each), ("length.bin", count * _LENGTH_BYTES)):
            file = header.with_name(name)
            if not file.exists() or file.stat().st_size < size:
                return file
    return None
