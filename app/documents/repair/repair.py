"""Undoing what exports and wrong decodings did to a text, and saying what was undone.

Where pinyin stands in brackets behind Traditional characters, a site's export put it there, into a text that
was Simplified with full-width punctuation: both are folded back. Runs shifted by one byte and characters that
stand for nothing are looked for in every document.
"""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Literal

from app.documents.draft import Flag, Repair, Span
from app.documents.repair import pinyin
from app.documents.repair.chinese import FULL_WIDTH, simplified, widened
from app.documents.repair.realigned_line import RealignedLine, realigned
from app.documents.repair.realignment import Realigner

_CONTEXT = 6
_LONGEST_FLAG = 200
_PINYIN = 0.99
_FOLDED = 0.95


@dataclass(frozen=True)
class Repaired:
    """As many lines as there were. Of every repair `lines[line - 1][start:end]` is its `after`."""

    lines: list[str]
    repairs: list[Repair] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)


def repair_lines(lines: Sequence[str]) -> Repaired:
    """Undo the damage of a document's lines; lines without any come back as they are.

    One repair per bracketed pinyin and per shifted run, the latter with a little of what stands around it;
    one per distinct character of script and punctuation, at its first place. What can't be read is flagged
    `unreadable`, with □ where no character is left. Takes time linear in the text.
    """
    glossed = pinyin.glossed(lines)
    realigner = Realigner(lines, glossed)
    repaired = Repaired([])
    folded: dict[tuple[str, str], Repair] = {}
    for number, line in enumerate(lines, 1):
        result = realigned(line, realigner)
        text = result.text
        glosses = list(pinyin.glosses(text)) if glossed else []
        offsets = _Offsets(glosses)
        bare = pinyin.without(text) if glosses else text
        final = widened(simplified(bare)) if glossed else bare
        repaired.lines.append(final)
        if glossed:
            _note_folded(folded, number, bare, final)
        for at, bullet in result.bullets:
            start = offsets.of(at)
            _note(folded, "encoding", number, start, bullet, final[start])
        repaired.repairs.extend(_pinyin_repairs(number, text, glosses, final))
        _note_runs(repaired, number, result, offsets, final)
    repaired.repairs.extend(folded.values())
    return repaired


class _Offsets:
    """From offsets in a line with pinyin to those in the line without."""

    def __init__(self, glosses: Sequence[pinyin.Gloss]) -> None:
        self._ends = [gloss.end for gloss in glosses]
        self._removed = list(accumulate((gloss.end - gloss.start for gloss in glosses), initial=0))
        self._starts = [gloss.start for gloss in glosses]

    def of(self, at: int) -> int:
        """`at` itself must not be within pinyin, unless at its end."""
        inside = bisect_right(self._starts, at - 1)
        within = max(0, self._ends[inside - 1] - at) if inside else 0
        return at - self._removed[inside] + within


def _pinyin_repairs(number: int, text: str, glosses: Sequence[pinyin.Gloss], final: str) -> Iterator[Repair]:
    removed = 0
    for gloss in glosses:
        start = gloss.start - 1 - removed
        removed += gloss.end - gloss.start
        yield Repair(
            kind="pinyin",
            before=text[gloss.start - 1 : gloss.end],
            after=final[start : start + 1],
            confidence=_PINYIN,
            line=number,
            start=start,
            end=start + 1,
        )


def _note_folded(noted: dict[tuple[str, str], Repair], number: int, bare: str, final: str) -> None:
    for at, (before, after) in enumerate(zip(bare, final, strict=True)):
        if before != after:
            _note(noted, "punctuation" if before in FULL_WIDTH else "script", number, at, before, after)


def _note(
    noted: dict[tuple[str, str], Repair],
    kind: Literal["script", "punctuation", "encoding"],
    number: int,
    at: int,
    before: str,
    after: str,
) -> None:
    """Count a character's repair, listed once, where it was first undone."""
    known = noted.get((before, after))
    if known:
        noted[before, after] = known.model_copy(update={"count": known.count + 1})
        return
    noted[before, after] = Repair(
        kind=kind,
        before=before,
        after=after,
        confidence=_FOLDED,
        line=number,
        start=at,
        end=at + 1,
    )


def _note_runs(repaired: Repaired, number: int, result: RealignedLine, offsets: _Offsets, final: str) -> None:
    for position, run in enumerate(result.runs):
        start, end = offsets.of(run.start), offsets.of(run.end)
        if run.confidence is None:
            shown = final[max(0, start - _CONTEXT) : end + _CONTEXT][:_LONGEST_FLAG]
            span = Span(line=number, start=start, end_line=number, end=end)
            repaired.flags.append(Flag(text=shown, reason="unreadable", span=span))
            continue
        earlier = result.runs[position - 1].end if position else 0
        later = result.runs[position + 1].start if position + 1 < len(result.runs) else len(result.text)
        left = min(_CONTEXT, run.start - earlier)
        right = min(_CONTEXT, later - run.end)
        first, last = offsets.of(run.start - left), offsets.of(run.end + right)
        repaired.repairs.append(
            Repair(
                kind="shifted",
                before=result.source[run.source_start - left : run.source_end + right],
                after=final[first:last],
                confidence=run.confidence,
                line=number,
                start=first,
                end=last,
            )
        )
