"""How well damage is undone: our own texts damaged, repaired, and compared with what they were.

`python -m evals.importing.repairing [--half tuning|held-out] [--seeds N]` prints the figures. Thresholds of
the repair are set on the tuning half only: every second line.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from pathlib import Path

import yaml

from app.documents.draft import Flag, Repair
from app.documents.repair.chinese import simplified
from app.documents.repair.repair import Repaired, repair_lines
from evals.importing.damage import Damaged, Run, damage
from evals.importing.distance import distance

_ROOT = Path(__file__).parents[2]
_SHORTEST = 12
_LINES_A_DOCUMENT = 120
DOUBTFUL = 0.8
"""Repairs below this confidence are shown to a person."""


@dataclass
class Figures:
    """Counts over damaged documents. `wrong_before` and `wrong_after` are edit distances in characters.

    A run is right where every character of it is what it was; flagged where it is not, and a flag or a
    doubtful repair is laid on it; wrong otherwise. `calibration` counts, per tenth of confidence, the
    repairs of shifted runs and those of them that are right.
    """

    characters: int = 0
    wrong_before: int = 0
    wrong_after: int = 0
    runs: Counter[str] = field(default_factory=Counter)
    calibration: dict[int, list[int]] = field(default_factory=dict)
    missed: list[tuple[str, str, str]] = field(default_factory=list)


def texts() -> list[str]:
    """Our own Chinese sentences: everything written in the shipped banks, and the labelled replies."""
    found: dict[str, None] = {}
    for path in sorted((_ROOT / "knowledge").glob("*.yaml")):
        found.update(dict.fromkeys(_strings(yaml.safe_load(path.read_text("utf-8")))))
    for line in (_ROOT / "evals/datasets/golden/replies.jsonl").read_text("utf-8").splitlines():
        found.update(dict.fromkeys(_strings(json.loads(line))))
    return [
        line
        for text in found
        for line in text.split("\n")
        if len(line) >= _SHORTEST and not line.isascii() and simplified(line) == line
    ]


def _strings(value: object) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)


def measure(clean: str, damaged: Damaged, repaired: Repaired, figures: Figures) -> None:
    """Add one document's counts to `figures`."""
    before, after = clean.split("\n"), repaired.lines
    for was, broken, now in zip(before, damaged.text.split("\n"), after, strict=True):
        figures.characters += len(was)
        figures.wrong_before += distance(was, broken)
        figures.wrong_after += distance(was, now)
    shifted = [repair for repair in repaired.repairs if repair.kind == "shifted"]
    for run in damaged.runs:
        was, now = before[run.line], after[run.line]
        start, end, exact = _found(was, now, run)
        repairs = [
            each for each in shifted if each.line == run.line + 1 and each.start < end and start < each.end
        ]
        for each in repairs:
            counted = figures.calibration.setdefault(int(each.confidence * 10), [0, 0])
            counted[0] += 1
            counted[1] += exact
        if exact:
            figures.runs["right"] += 1
        elif _is_flagged(repaired.flags, repairs, run.line + 1, start, end):
            figures.runs["flagged"] += 1
        else:
            figures.runs["wrong"] += 1
        if not exact:
            figures.missed.append(
                (
                    was[max(0, run.start - 6) : run.end + 6],
                    now[max(0, start - 6) : end + 6],
                    "; ".join(f"{each.confidence} {each.before}" for each in repairs),
                )
            )


def _found(was: str, now: str, run: Run) -> tuple[int, int, bool]:
    """Where the run's characters are in the repaired line, and whether all of them are."""
    places: dict[int, int] = {}
    for block in SequenceMatcher(None, was, now, autojunk=False).get_matching_blocks():
        places.update((block.a + offset, block.b + offset) for offset in range(block.size))
    start = next((places[at] + 1 for at in range(run.start - 1, -1, -1) if at in places), 0)
    end = next((places[at] for at in range(run.end, len(was)) if at in places), len(now))
    return start, max(end, start + 1), was[run.start : run.end] == now[start:end]


def _is_flagged(flags: Sequence[Flag], repairs: Sequence[Repair], line: int, start: int, end: int) -> bool:
    return any(repair.confidence < DOUBTFUL for repair in repairs) or any(
        flag.span is not None and flag.span.line == line and flag.span.start <= end and start <= flag.span.end
        for flag in flags
    )


def documents(half: str | None) -> list[str]:
    """The texts as documents of many lines; `half` is "tuning", "held-out" or None for both."""
    lines = texts()
    halves = {"tuning": lines[::2], "held-out": lines[1::2]}
    chosen = halves[half] if half else lines
    return [
        "\n".join(chosen[start : start + _LINES_A_DOCUMENT])
        for start in range(0, len(chosen), _LINES_A_DOCUMENT)
    ]


def run(half: str | None, seeds: int, *, exported: bool) -> Figures:
    """Damage every document once per seed and repair it; `exported` as the web export does."""
    figures = Figures()
    for clean in documents(half):
        for seed in range(seeds):
            damaged = damage(clean, seed) if exported else damage(clean, seed, glossed=0.0, losses=0.001)
            measure(clean, damaged, repair_lines(damaged.text.split("\n")), figures)
    return figures


def false_alarms() -> int:
    """Repairs and flags on the clean texts: there should be none."""
    clean = [line for document in documents(None) for line in document.split("\n")]
    repaired = repair_lines(clean)
    return len(repaired.repairs) + len(repaired.flags)


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--half", choices=["tuning", "held-out"])
    arguments.add_argument("--seeds", type=int, default=1)
    arguments.add_argument("--show", type=int, default=0, help="how many runs that are not right to print")
    chosen = arguments.parse_args()
    for name, exported in (("web export", True), ("lost bytes", False)):
        figures = run(chosen.half, chosen.seeds, exported=exported)
        print(
            f"{name}: {figures.characters} characters, wrong {figures.wrong_before} before, "
            f"{figures.wrong_after} after; runs {dict(figures.runs)}"
        )
        for tenth, (total, right) in sorted(figures.calibration.items()):
            print(f"  confidence {tenth / 10:.1f}: {right} of {total} right")
        for was, now, how in figures.missed[: chosen.show]:
            print(f"  {was!r} became {now!r} ({how})")
    print(f"false alarms on clean texts: {false_alarms()}")


if __name__ == "__main__":
    main()
