"""`interviewer bank …`: check, index, search and list question banks."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from app.authoring.import_command import import_bank

if TYPE_CHECKING:
    from app.banks.library import BankLibrary
    from app.search.entry_vectors import SyncReport
    from app.search.index import QuestionIndex
    from app.search.service import Hit
    from app.settings import Settings

bank_app = typer.Typer(no_args_is_help=True)
bank_app.command(name="import")(import_bank)


@bank_app.command()
def check(
    path: Annotated[Path | None, typer.Argument(help="A bank file or a folder of them.")] = None,
) -> None:
    """Say what is wrong in bank files: file, line, field and fix. Exit status 1 if anything is."""
    from app.banks.library import BankLibrary
    from app.banks.turns import turn_problems

    path = path or _settings().banks_dir
    library = BankLibrary.from_folder(path, strict=False)
    _print_banks(library)
    problems = [*library.problems, *turn_problems(path, library.banks)]
    for problem in problems:
        typer.echo(str(problem), err=True)
    if problems:
        raise typer.Exit(1)


@bank_app.command(name="list")
def list_banks() -> None:
    """List the banks with their sections and numbers of questions."""
    library = _library(_settings())
    _print_banks(library)
    for bank in library.banks.values():
        typer.echo(f"\n{bank.id}")
        for section in bank.sections:
            typer.echo(f"  {section.id}: {section.title} ({len(section.questions)})")


@bank_app.command()
def index() -> None:
    """Bring the index in step with the banks."""
    settings = _settings()
    library = _library(settings)
    questions = _index(settings)
    try:
        report = _sync(questions, library)
    finally:
        questions.close()
    typer.echo(
        f"{report.added} added, {report.replaced} replaced, {report.removed} removed, {report.kept} unchanged"
    )


@bank_app.command()
def search(
    query: Annotated[str, typer.Argument(help="A topic, a job description, a reply.")],
    k: Annotated[int, typer.Option("-k", help="How many questions to show.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Find the questions that fit a query best."""
    import dataclasses
    import json

    hits = _find(_settings(), query, k)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(hit) for hit in hits], ensure_ascii=False))
        return
    for hit in hits:
        typer.echo(f"{hit.score:.2f}  {hit.question_id}  [{hit.bank} / {hit.section}]\n      {hit.text}")


def _find(settings: "Settings", query: str, k: int) -> "list[Hit]":
    """Searches the index; while a service holds it, an index of this command's own in a temporary folder."""
    import asyncio
    import tempfile

    from app.search.service import search as find
    from app.search.vector_store import IndexInUseError

    library = _library(settings)
    with tempfile.TemporaryDirectory(prefix="interviewer-index-") as folder:
        questions = _index(settings)
        try:
            try:
                _sync(questions, library)
            except IndexInUseError:
                typer.echo("The service holds the index; building a temporary one.", err=True)
                questions = _index(settings.model_copy(update={"data_dir": Path(folder)}))
                _sync(questions, library)
            return asyncio.run(find(questions, query, k))
        finally:
            questions.close()


def _settings() -> "Settings":
    from app.settings import get_settings

    return get_settings()


def _library(settings: "Settings") -> "BankLibrary":
    """The banks that the service serves: those of the files and those published."""
    import asyncio

    from app.authoring.catalogue import stored_library

    library = asyncio.run(stored_library(settings))
    for problem in library.problems:
        typer.echo(str(problem), err=True)
    return library


def _index(settings: "Settings") -> "QuestionIndex":
    from app.search.embedding import build_index_embedder
    from app.search.index import QuestionIndex

    return QuestionIndex(settings, build_index_embedder(settings))


def _sync(questions: "QuestionIndex", library: "BankLibrary") -> "SyncReport":
    from tqdm import tqdm

    with tqdm(desc="Indexing", unit="text", delay=1, leave=False) as bar:

        def show(written: int, total: int) -> None:
            bar.total = total
            bar.update(written - bar.n)

        report = questions.sync(library, show)
    for notice in report.notices:
        typer.echo(notice, err=True)
    return report


def _print_banks(library: "BankLibrary") -> None:
    for bank in library.banks.values():
        count = len(bank.questions())
        typer.echo(f"{bank.id} {bank.version}  {bank.language}  {bank.title}: {count} questions")
