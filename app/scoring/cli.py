"""`interviewer score`: answers in, one JSON object a line; verdicts out, in the same order."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, BinaryIO, Literal

import typer

if TYPE_CHECKING:
    from app.llm.base import ChatModel, Usage
    from app.llm.metering import Record
    from app.scoring.judges.judgement_cache import JudgementStore
    from app.settings import Settings

SOME_NOT_SCORED = 3
_LOOKS_EVERY = 0.5  # seconds


def score(
    answers: Annotated[Path, typer.Argument(help="JSON Lines file, or - for standard input.")],
    output: Annotated[Path | None, typer.Option(help="Where results go; left out: standard output.")] = None,
    repeats: Annotated[int, typer.Option(min=1, max=100, help="Judge each answer anew, so many times.")] = 1,
) -> None:
    """Score answers point by point. Exit status 0: all scored; 3: some were not, each with its reason.

    What it cost is the last line on standard error.
    """
    with _reading(answers) as lines, _writing(output) as results:
        complete = asyncio.run(_score(lines, results, repeats))
    if not complete:
        raise typer.Exit(SOME_NOT_SCORED)


async def _score(lines: BinaryIO, results: BinaryIO, repeats: int) -> bool:
    """Whether every line was scored."""
    from app.authoring.catalogue import stored_library
    from app.llm.factory import build_llm
    from app.llm.metering import Spending
    from app.llm.prompts import PromptLibrary
    from app.scoring.batch import BatchScorer
    from app.scoring.scorer import build_scorer
    from app.search.embedding import build_embedder
    from app.settings import get_settings

    settings = get_settings()
    prompts = PromptLibrary(settings.prompts_dir)
    banks = await stored_library(settings)
    spending = Spending()
    scored, not_scored = 0, 0
    async with _memory(settings) as (store, record):

        def count(usage: "Usage") -> None:
            spending.add(usage)
            record(usage)

        llm = build_llm(settings, count)
        started = asyncio.Event()

        async def start() -> None:
            # Started by the first answer that needs judging: empty ones are scored without any model.
            if not started.is_set():
                started.set()
                await _start(llm)

        scorer = build_scorer(
            settings,
            llm,
            prompts,
            build_embedder(settings),
            # Repeats are there to see whether verdicts differ: they are judged anew, each time.
            store=store if repeats == 1 else None,
            before_judging=start,
        )
        try:
            async for result in BatchScorer(scorer, banks).score_lines(lines, repeats):
                results.write(json.dumps(result.to_json(), ensure_ascii=False).encode() + b"\n")
                results.flush()
                scored += result.status == "scored"
                not_scored += result.status != "scored"
        finally:
            await llm.close()
            print(f"{scored} scored, {not_scored} not scored; {spending}", file=sys.stderr, flush=True)
    return not_scored == 0


@asynccontextmanager
async def _memory(settings: "Settings") -> "AsyncIterator[tuple[JudgementStore | None, Record]]":
    """The judgements kept and the ledger of calls, where there is a database; none is made here."""
    from app.db.opening import is_there, open_database
    from app.db.usage import UsageLedger
    from app.scoring.judges.judgement_cache import DatabaseJudgements

    if not is_there(settings):
        yield None, lambda usage: None
        return
    async with open_database(settings) as database:
        ledger = UsageLedger(database)
        ledger.start()
        try:
            yield DatabaseJudgements(database), ledger.record
        finally:
            await ledger.close()


async def _start(llm: "ChatModel") -> None:
    """Starts the model and waits, telling on standard error how far it is; a failure shows at the call."""
    await llm.start()
    shown = ""
    while (status := llm.status()).state not in ("ready", "failed"):
        percent = f" {100 * status.done_bytes // status.total_bytes} %" if status.total_bytes else ""
        if (line := f"{status.state} {status.model}{percent}") != shown:
            print(line, file=sys.stderr, flush=True)
            shown = line
        await asyncio.sleep(_LOOKS_EVERY)


@contextmanager
def _reading(path: Path) -> Iterator[BinaryIO]:
    if str(path) == "-":
        yield sys.stdin.buffer
        return
    with _opened(path, "rb") as file:
        yield file


@contextmanager
def _writing(path: Path | None) -> Iterator[BinaryIO]:
    if path is None or str(path) == "-":
        yield sys.stdout.buffer
        return
    with _opened(path, "wb") as file:
        yield file


def _opened(path: Path, mode: Literal["rb", "wb"]) -> BinaryIO:
    try:
        return path.open(mode)
    except OSError as error:
        raise typer.BadParameter(f"{path}: {error.strerror}") from error
