"""Where in a transcript the words that were searched for stand. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.db.word_index import WordQuery
from app.recruiting.desk.schemas import Match, MatchPiece
from app.text.fold import fold
from app.text.units import unit_places

_AROUND = 36
_ELLIPSIS = "…"


@dataclass(frozen=True)
class Line:
    """A line of a transcript as it was said."""

    seq: int
    speaker: str
    text: str


def snippet(lines: Sequence[Line], query: WordQuery) -> Match | None:
    """An excerpt of the first line that holds the most of the query's runs; None when no line holds any."""
    plain = ["".join(run) for run in query.runs]
    held = [sum(run in text for run in plain) for text in (line.text.casefold() for line in lines)]
    if any(held):
        # Folding is slow beside looking for the words as they are typed, which nearly always finds them.
        line = lines[held.index(max(held))]
        if places := _places(line.text, query.runs):
            return _excerpt(line, places)
    for line in lines:
        if places := _places(line.text, query.runs):
            return _excerpt(line, places)
    return None


def _places(text: str, runs: Sequence[tuple[str, ...]]) -> list[tuple[int, int]]:
    """Every half-open range of the text where a run stands, in code points; punctuation may divide it."""
    folded = fold(text)
    units = unit_places(folded, halves=True)
    said = tuple(unit.text for unit in units)
    return sorted(
        folded.source_span(units[start].start, units[start + len(run) - 1].end)
        for run in runs
        for start in range(len(units) - len(run) + 1)
        if said[start : start + len(run)] == run
    )


def _excerpt(line: Line, places: Sequence[tuple[int, int]]) -> Match:
    first, last = places[0]
    begin, end = max(0, first - _AROUND), min(len(line.text), last + _AROUND)
    pieces = [(_ELLIPSIS if begin else "", False)]
    at = begin
    for start, stop in places:
        if start < at or stop > end:
            continue
        pieces += [(line.text[at:start], False), (line.text[start:stop], True)]
        at = stop
    pieces.append((line.text[at:end] + (_ELLIPSIS if end < len(line.text) else ""), False))
    shown = [MatchPiece(text=text, marked=marked) for text, marked in pieces if text]
    return Match(seq=line.seq, speaker=line.speaker, pieces=shown)
