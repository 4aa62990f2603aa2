"""Quick beginnings: what every fresh service does at length, tests do at length once.

A fresh database is migrated once a process, and each later one gets the same statements. Passwords are
hashed by the same algorithm with the least effort.
"""

from collections.abc import Callable
from typing import Any

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import Connection, event, inspect

from app.db.opening import VERSION_TABLE

Migrate = Callable[[Connection], None]
_READING = ("SELECT", "PRAGMA")


def replaying(migrate: Migrate) -> Migrate:
    """`migrate`, which does on each fresh database of a kind what it did on the first one."""
    done: dict[str, list[tuple[str, Any]]] = {}

    def migrated(connection: Connection) -> None:
        kind = connection.dialect.name
        if inspect(connection).has_table(VERSION_TABLE):
            migrate(connection)
        elif kind in done:
            for statement, parameters in done[kind]:
                connection.exec_driver_sql(statement, parameters or None)
        else:
            done[kind] = _recorded(migrate, connection)

    return migrated


def _recorded(migrate: Migrate, connection: Connection) -> list[tuple[str, Any]]:
    statements: list[tuple[str, Any]] = []

    def record(_: object, __: object, statement: str, parameters: Any, *___: object) -> None:
        if not statement.lstrip().upper().startswith(_READING):
            statements.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", record)
    try:
        migrate(connection)
    finally:
        event.remove(connection, "before_cursor_execute", record)
    return statements


class QuickHash:
    """Stands in for `pwdlib.PasswordHash` where the recommended effort is asked for."""

    @staticmethod
    def recommended() -> PasswordHash:
        return PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))
