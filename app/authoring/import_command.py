"""`interviewer bank import`: a document becomes a draft that a person reviews; `--dry-run` only shows it."""

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from app.documents.draft import Draft, Flag

MAX_LISTED = 30

_SHORT = 60
_REPAIR_FIELDS = ("before", "after", "confidence", "kind", "count", "line")


def import_bank(
    file: Annotated[Path, typer.Argument(help="Text, Markdown, HTML, DOCX, PDF, XLSX, CSV, YAML or JSON.")],
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what was understood, keep nothing.")
    ] = False,
    propose: Annotated[
        bool, typer.Option("--propose", help="Propose points where there is only a model answer.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Read a document of questions, repair it, and keep it as a draft to be reviewed and published."""
    import asyncio

    from app.documents.importing import import_document
    from app.documents.readers.reading import read_file

    draft = import_document(file.name, read_file(file))
    if propose:
        draft = asyncio.run(_with_proposals(draft))
    kept = None if dry_run else asyncio.run(_keep(file.name, draft))
    if as_json:
        typer.echo(json.dumps(summary(draft) | ({"draft": kept} if kept else {}), ensure_ascii=False))
        return
    _show(draft)
    if kept:
        typer.echo(f"\nKept as a draft. Review and publish it at /recruiter/drafts/{kept}")


def summary(draft: "Draft") -> dict[str, Any]:
    """The draft as scripts read it: questions, repairs, flags."""
    return {
        "title": draft.title,
        "language": draft.language,
        "questions": [
            {
                "text": question.text,
                "section": section.title,
                "kind": question.kind,
                "max_score": question.max_score,
                "points": [{"text": point.text, "weight": point.weight} for point in question.points],
                "reference_answer": question.reference_answer,
                "examines": question.examines,
                "incomplete": question.incomplete,
            }
            for section, question in draft.questions()
        ],
        "repairs": [{name: getattr(repair, name) for name in _REPAIR_FIELDS} for repair in draft.repairs],
        "flags": [
            {"text": flag.text, "reason": flag.reason, "question": question}
            for question, flag in _flags(draft)
        ],
    }


async def _with_proposals(draft: "Draft") -> "Draft":
    """By the endpoint that the settings name; without one, by rules."""
    from app.documents.proposing.proposing import propose
    from app.llm.factory import build_llm
    from app.llm.prompts import PromptLibrary
    from app.settings import get_settings

    settings = get_settings()
    llm = build_llm(settings, lambda usage: None)
    try:
        return await propose(draft, llm, PromptLibrary(settings.prompts_dir))
    finally:
        await llm.close()


async def _keep(name: str, draft: "Draft") -> str:
    """Stores the draft beside those of the recruiter's desk; its id."""
    from app.authoring.catalogue import served_library
    from app.authoring.drafts import keep_draft
    from app.db.opening import open_database
    from app.settings import get_settings

    settings = get_settings()
    async with open_database(settings) as database:
        library = await served_library(settings.banks_dir, database)
        return await keep_draft(database, library, name, draft)


def _flags(draft: "Draft") -> list[tuple[str | None, "Flag"]]:
    """Every flag with the text of its question, None for those of the document."""
    return [
        *((None, flag) for flag in draft.flags),
        *((question.text, flag) for _, question in draft.questions() for flag in question.flags),
    ]


def _show(draft: "Draft") -> None:
    from rich.console import Console

    from app.authoring.checks import reasons_against

    console = Console(highlight=False, emoji=False, markup=False)
    questions = draft.questions()
    console.print(f"{draft.title} ({draft.language})", style="bold")
    console.print(
        f"{draft.source.format}, {draft.source.characters} characters"
        + (f", {draft.source.encoding}" if draft.source.encoding else "")
    )
    _table(
        console,
        ("section", "questions", "incomplete", "points", "answers", "marks"),
        [
            (
                section.title,
                str(len(section.questions)),
                str(sum(question.incomplete for question in section.questions)),
                str(sum(len(question.points) for question in section.questions)),
                str(sum(question.reference_answer is not None for question in section.questions)),
                _marks([question.max_score for question in section.questions]),
            )
            for section in draft.sections
        ],
    )
    _show_repairs(console, draft)
    flags = _flags(draft)
    if flags:
        _table(
            console,
            ("flag", "place", "question"),
            [
                (flag.reason, _short(flag.text), _short(question or ""))
                for question, flag in flags[:MAX_LISTED]
            ],
        )
    _count_rest(console, len(flags), "flags")
    ready = sum(not reasons_against(question) for _, question in questions)
    console.print(f"\n{len(questions)} questions, {ready} ready to be published.")


def _show_repairs(console: "Console", draft: "Draft") -> None:
    if not draft.repairs:
        console.print("Nothing had to be repaired.")
        return
    from app.documents.draft import SURE

    counts: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    for repair in draft.repairs:
        counts[repair.kind] += repair.count
        doubtful[repair.kind] += repair.confidence < SURE
    _table(
        console,
        ("repair", "places", "doubtful"),
        [(kind, str(count), str(doubtful[kind])) for kind, count in counts.most_common()],
    )
    shifted = [repair for repair in draft.repairs if repair.kind in ("shifted", "encoding")]
    if shifted:
        _table(
            console,
            ("before", "after", "confidence"),
            [
                (_short(_visible(repair.before)), _short(repair.after), f"{repair.confidence:.2f}")
                for repair in shifted[:MAX_LISTED]
            ],
        )
    _count_rest(console, len(shifted), "repairs")


def _table(console: "Console", heads: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    from rich.table import Table

    table = Table(*heads, box=None, padding=(0, 2, 0, 0), header_style="dim", title_justify="left")
    for row in rows:
        table.add_row(*row)
    console.print()
    console.print(table)


def _count_rest(console: "Console", number: int, what: str) -> None:
    if number > MAX_LISTED:
        console.print(f"… and {number - MAX_LISTED} more {what}; --json lists all.")


def _marks(marks: list[float | None]) -> str:
    given = [mark for mark in marks if mark is not None]
    return f"{sum(given):g}" if given else ""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHORT else f"{flat[:_SHORT]}…"


def _visible(text: str) -> str:
    """Characters that no font shows, written as their code points."""
    return "".join(
        c if c.isprintable() and not "\ue000" <= c <= "\uf8ff" else f"‹{ord(c):04X}›" for c in text
    )
