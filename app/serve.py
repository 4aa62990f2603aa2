"""Runs the service under uvicorn, with the address printed where a person sees it."""

import errno
import logging
import socket

import uvicorn

from app.errors import SetupError
from app.main import create_app
from app.memory import leave_out_of_collections
from app.settings import get_settings

_STREAMS_MAY_END_SECONDS = 3


def run(host: str | None = None, port: int | None = None) -> None:
    """Serve until stopped. Raises `SetupError` for an address or a setting that can't be used."""
    settings = get_settings()
    host = host or settings.host
    port = settings.port if port is None else port
    logging.basicConfig(level=settings.log_level.upper(), format="%(levelname)-8s %(message)s")
    for noisy in ("httpx", "httpx2", "alembic", "dbos", "chromadb"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(_is_no_startup_traceback)
    listener = _listen(host, port)
    shown_host = "localhost" if host in {"127.0.0.1", "0.0.0.0", "::"} else host
    app = create_app(settings.model_copy(update={"host": host, "port": port}))
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        timeout_graceful_shutdown=_STREAMS_MAY_END_SECONDS,
        proxy_headers=True,
    )
    server = _AnnouncingServer(config, f"http://{shown_host}:{listener.getsockname()[1]}/")
    try:
        server.run(sockets=[listener])
    except SystemExit:
        if (error := getattr(app.state, "startup_error", None)) is not None:
            raise error from None
        raise


class _AnnouncingServer(uvicorn.Server):
    """Says its address once it answers there."""

    def __init__(self, config: uvicorn.Config, address: str) -> None:
        super().__init__(config)
        self._address = address

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            leave_out_of_collections()
            print(f"Interviewer: {self._address}", flush=True)


def _is_no_startup_traceback(record: logging.LogRecord) -> bool:
    """What went wrong is said once, as our own error."""
    return not record.getMessage().startswith(("Traceback", "Application startup failed"))


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = (
            "is already in use" if error.errno == errno.EADDRINUSE else f"can't be used: {error.strerror}"
        )
        raise SetupError(
            f"{host}:{port} {reason}",
            hint="Choose another with INTERVIEWER_PORT=8001, or stop the program that uses it.",
        ) from error
    return listener
