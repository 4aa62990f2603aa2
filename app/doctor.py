"""`interviewer doctor`: one line a part, each with what to change where something is wrong."""

import asyncio
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass

from app.banks.library import BankLibrary
from app.db.engine import Database, create_engine
from app.errors import AppError
from app.llm.factory import check_llm
from app.settings import Settings, get_settings

_SPARE_BYTES = 500_000_000


@dataclass(frozen=True)
class Finding:
    """What one check found; `hint` says what to change."""

    part: str
    ok: bool
    detail: str
    hint: str = ""


def examine() -> int:
    """Print all findings; returns 0 when everything works, 1 otherwise."""
    findings = list(findings_of(get_settings()))
    for finding in findings:
        print(f"{'ok  ' if finding.ok else 'FAIL'}  {finding.part:<10} {finding.detail}")
        if not finding.ok and finding.hint:
            print(f"      {'':<10} → {finding.hint}")
    return 0 if all(finding.ok for finding in findings) else 1


def findings_of(settings: Settings) -> list[Finding]:
    """Run every check against `settings`; a check never raises, it finds."""
    checks: dict[str, Callable[[Settings], str]] = {
        "python": _python,
        "disk": _disk,
        "banks": _banks,
        "database": lambda s: asyncio.run(_database(s)),
        "index": _index,
        "model": lambda s: asyncio.run(check_llm(s)),
    }
    return [_find(part, check, settings) for part, check in checks.items()]


def _find(part: str, check: Callable[[Settings], str], settings: Settings) -> Finding:
    try:
        return Finding(part, True, check(settings))
    except AppError as error:
        return Finding(part, False, error.detail, error.hint)
    except Exception as error:  # a doctor reports what it did not foresee as well
        return Finding(part, False, f"{type(error).__name__}: {error}")


def _python(settings: Settings) -> str:
    return f"Python {sys.version.split()[0]}, {os.cpu_count()} cores"


def _disk(settings: Settings) -> str:
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    probe = settings.data_dir / ".doctor"
    probe.write_bytes(b"x")
    probe.unlink()
    free = shutil.disk_usage(settings.data_dir).free
    if free < _SPARE_BYTES:
        raise AppError(
            f"only {free / 1e6:.0f} MB free at {settings.data_dir.resolve()}",
            hint="Free some space, or set INTERVIEWER_DATA_DIR to a larger disk.",
        )
    return f"{settings.data_dir.resolve()} is writable, {free / 1e9:.0f} GB free"


def _banks(settings: Settings) -> str:
    banks = BankLibrary.from_folder(settings.banks_dir).banks.values()
    questions = sum(len(section.questions) for bank in banks for section in bank.sections)
    return f"{len(banks)} banks, {questions} questions in {settings.banks_dir}"


async def _database(settings: Settings) -> str:
    database = Database(create_engine(settings.async_database_url))
    try:
        await database.ping()
    finally:
        await database.close()
    return settings.async_database_url.partition("://")[0]


def _index(settings: Settings) -> str:
    from app.search.embedding import build_index_embedder

    embedder = build_index_embedder(settings)
    embedder.embed_queries(["interviewer"])
    place = settings.chroma_url or "embedded Chroma"
    return f"{place}, embeddings by {embedder.name}"
