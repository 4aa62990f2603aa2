"""A throw-away Postgres server from the binaries of this machine."""

import os
import shutil
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evals.servers.ports import free_port

INSTALL = "apt-get install postgresql"
_ROOM_BYTES = 2_000_000_000


def postgres_binaries() -> Path | None:
    """The folder that holds `initdb` and `postgres`: on the PATH, or where Debian puts the newest."""
    debian = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True
    )
    on_path = [Path(found).resolve().parent for found in [shutil.which("initdb")] if found]
    return next((folder for folder in [*on_path, *debian] if (folder / "initdb").is_file()), None)


@contextmanager
def postgres_server(binaries: Path) -> Iterator[str]:
    """A running server; its URL without a database name. Data and socket live in a temporary folder,
    in memory where there is room.

    Postgres refuses to run as root, so as root it runs as the user `postgres` that its package makes.
    """
    folder = Path(tempfile.mkdtemp(prefix="interviewer-postgres-", dir=_memory()))
    data = folder / "data"
    as_user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_user:
        shutil.chown(folder, "postgres", "postgres")
    port = free_port()

    def run(*command: str | Path) -> None:
        subprocess.run(
            [*as_user, *map(str, command)], check=True, capture_output=True, cwd=folder, timeout=300
        )

    try:
        run(
            binaries / "initdb",
            "-D",
            data,
            "-U",
            "interviewer",
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
        )
        options = f"-p {port} -c listen_addresses=127.0.0.1 -k {folder} -c fsync=off -c max_connections=200"
        run(binaries / "pg_ctl", "-D", data, "-w", "-o", options, "-l", folder / "log", "start")
        try:
            yield f"postgresql://interviewer@127.0.0.1:{port}"
        finally:
            run(binaries / "pg_ctl", "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """The folder that Linux keeps in memory, if it has room for a server and some databases."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and shutil.disk_usage(folder).free > _ROOM_BYTES else None


def fresh_database(server_url: str, template: str | None = None) -> str:
    """The URL of a new database: an empty one, or a copy of `template`, a URL that nobody is connected to."""
    import psycopg
    from psycopg import sql

    name = f"test_{uuid.uuid4().hex[:12]}"
    source = template.rsplit("/", 1)[1] if template else "template1"
    create = sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(source))
    with psycopg.connect(f"{server_url}/postgres", autocommit=True) as connection:
        connection.execute(create)
    return f"{server_url}/{name}"


def drop_database(url: str) -> None:
    """Remove a database, whoever is connected to it."""
    import psycopg
    from psycopg import sql

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
