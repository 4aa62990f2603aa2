"""Enumerations inside a line: ①…②…③… or (1)…(2)…(3)…, told by their numbers counting up from 1."""

import re
from collections.abc import Iterator

from app.documents.list_markers import read_marker

_ENUMERATOR = re.compile(r"[①-⑳❶-❿⑴-⒇⒈-⒛]|[（(]\d{1,2}[）)]|(?<![\d.,，])\d{1,2}(?:[)）、．]|\.(?!\d))")
_FEWEST = 3  # items of a run
_SHORTEST = 4  # code points of an item; shorter ones are a formula's or a table's


def run_starts(text: str) -> Iterator[int]:
    """Offsets where the items of a run begin, whatever stands before them. Time linear in the text."""
    open_runs: dict[str, list[int]] = {}
    ends: dict[str, int] = {}
    for match in _ENUMERATOR.finditer(text):
        marker = read_marker(text, match.start())
        if marker is None or not marker.number:
            continue
        run = open_runs.get(marker.style, [])
        near = bool(run) and match.start() - ends[marker.style] < _SHORTEST
        if marker.number == len(run) + 1 and not near:
            open_runs.setdefault(marker.style, []).append(match.start())
        elif marker.number == 1:
            yield from _long_enough(run)
            open_runs[marker.style] = [match.start()]
        else:
            continue
        ends[marker.style] = match.end()
    for run in open_runs.values():
        yield from _long_enough(run)


def _long_enough(run: list[int]) -> list[int]:
    return run if len(run) >= _FEWEST else []
