"""The figures of every document as one plain table."""

from collections.abc import Callable, Sequence
from typing import get_args

from evals.importing.metrics import Share, Structure
from evals.importing.running import Figures, Outcome
from evals.importing.truth import Split

_Column = Callable[[Figures], object]
_NONE = "–"

_COLUMNS: dict[str, _Column] = {
    "sections": lambda f: f.structure.sections,
    "questions": lambda f: f.structure.questions,
    "extra q": lambda f: f.structure.extra_questions,
    "placed": lambda f: f.structure.placed,
    "points": lambda f: f.structure.points,
    "extra p": lambda f: f.structure.extra_points,
    "exact": lambda f: f.structure.exact,
    "marks": lambda f: f.structure.marks,
    "cut off": lambda f: f.structure.incomplete,
    "answers": lambda f: f.structure.answers,
    "examined": lambda f: f.structure.examined,
    "wrong": lambda f: _NONE if f.wrong_after is None else f"{f.wrong_before}→{f.wrong_after}",
    "sentences": lambda f: f.sentences,
    "with signs": lambda f: f.punctuated,
    "left": lambda f: _NONE if f.left_over is None else f.left_over,
    "repairs": lambda f: f.repairs,
    "flags": lambda f: f.flags,
    "s": lambda f: f"{f.seconds:.2f}",
}
_LEGEND = """\
sections, questions, points: found/true; extra q, extra p: found where there is nothing; exact: questions and
points right to the last letter; placed: in the right section; wrong: characters before and after repair, of a
clean document those that repair changed; sentences: damaged sentences right by letter, and with punctuation;
left: private-use characters and bracketed pinyin in what is asked and scored."""


def table(outcomes: Sequence[Outcome]) -> str:
    """One line a document, one for each split, one for all, and what the columns mean."""
    header = ["document", *_COLUMNS]
    rows = [[outcome.name, *_cells(outcome)] for outcome in outcomes]
    for split in get_args(Split):
        rows += _sum(split, [outcome for outcome in outcomes if outcome.split == split])
    rows += _sum("all", outcomes)
    filled = [row + [""] * (len(header) - len(row)) for row in rows if len(row) > 2]
    widths = [max(len(row[at]) for row in [header, *filled]) for at in range(len(header))]
    lines = [header, ["-" * width for width in widths], *rows]
    return "\n".join([*(_line(line, widths) for line in lines), "", _LEGEND])


def total(figures: Sequence[Figures]) -> Figures:
    """All figures summed; characters and what is left over, of the documents that have them."""
    before = [one.wrong_before for one in figures if one.wrong_before is not None]
    after = [one.wrong_after for one in figures if one.wrong_after is not None]
    left = [one.left_over for one in figures if one.left_over is not None]
    return Figures(
        structure=sum((one.structure for one in figures), Structure()),
        wrong_before=sum(before) if before else None,
        wrong_after=sum(after) if after else None,
        sentences=sum((one.sentences for one in figures), Share()),
        punctuated=sum((one.punctuated for one in figures), Share()),
        left_over=sum(left) if left else None,
        repairs=sum(one.repairs for one in figures),
        flags=sum(one.flags for one in figures),
        language=all(one.language for one in figures),
        seconds=sum(one.seconds for one in figures),
    )


def _sum(name: str, outcomes: Sequence[Outcome]) -> list[list[str]]:
    """One row, or none where there is nothing to sum; its name tells when a document failed."""
    done = [outcome.figures for outcome in outcomes if outcome.figures is not None]
    if not done:
        return []
    failed = len(outcomes) - len(done)
    summed = total(done)
    label = f"{name} {len(done)}" + (f", without {failed} FAILED" if failed else "")
    return [[label, *(str(column(summed)) for column in _COLUMNS.values())]]


def _cells(outcome: Outcome) -> list[str]:
    if outcome.figures is None:
        return [f"FAILED: {outcome.error}"]
    return [str(column(outcome.figures)) for column in _COLUMNS.values()]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = cells
    return "  ".join(
        [first.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=False))]
    )
