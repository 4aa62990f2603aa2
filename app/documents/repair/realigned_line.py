"""A line with its shifted runs read again, and a sign in place of every character that stands for nothing."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace

from app.documents.list_markers import BULLET
from app.documents.repair.byte_shift import LOST
from app.documents.repair.pinyin import sound_after
from app.documents.repair.realignment import Realigner

UNREADABLE = "□"
# Fonts of symbols keep their bullets at these private-use code points; a shifted run has none of them.
_BULLETS = "\uf06c\uf06e\uf071\uf075\uf076\uf09f\uf0a7\uf0b2\uf0b7\uf0d8\uf0e8\uf0fc"
_NO_CHARACTER = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U0010fffd\ud800-\udfff]")
_SIGN = re.compile(rf"[?{_NO_CHARACTER.pattern[1:]}")
_NEIGHBOURHOOD = 4


@dataclass(frozen=True)
class Run:
    """`source[source_start:source_end]` is `text[start:end]` now. Offsets are code points.

    `confidence` is 0..1, and None where the run could not be read.
    """

    source_start: int
    source_end: int
    start: int
    end: int
    confidence: float | None


@dataclass
class RealignedLine:
    """`text` is `source` with its `runs` read again.

    `bullets` are the offsets in `text` of those made plain, each with what stood there. The source is read up
    to `read_to`.
    """

    source: str
    text: str = ""
    runs: list[Run] = field(default_factory=list)
    bullets: list[tuple[int, str]] = field(default_factory=list)
    read_to: int = 0

    def keep(self, to: int) -> None:
        """Take the source up to `to` as it is."""
        self.text += self.source[self.read_to : to]
        self.read_to = to

    def give_back(self, to: int) -> None:
        """Undo `keep` from `to` on."""
        if self.read_to > to:
            self.text = self.text[: to - self.read_to]
            self.read_to = to

    def replace(self, to: int, text: str, confidence: float | None) -> None:
        """Take `text` for the source up to `to`."""
        start = len(self.text)
        self.text += text
        self.runs.append(Run(self.read_to, to, start, len(self.text), confidence))
        self.read_to = to

    def source_of(self, at: int) -> int:
        """The offset in the source of a character of `text` that no run holds."""
        before = bisect_right(self.runs, at, key=lambda run: run.end)
        return at + (self.runs[before - 1].source_end - self.runs[before - 1].end if before else 0)

    @property
    def last_run_end(self) -> int:
        """Where the source begins that no run holds yet."""
        return self.runs[-1].source_end if self.runs else 0


def realigned(line: str, realigner: Realigner) -> RealignedLine:
    """The line read again, from left to right: what one run was decides how the next can be read."""
    result = RealignedLine(line)
    at = 0
    while sign := _SIGN.search(line, at):
        result.keep(sign.start())
        at = _read_sign(result, sign.start(), realigner)
    result.keep(len(line))
    _distrust(result, realigner)
    return result


def _read_sign(result: RealignedLine, at: int, realigner: Realigner) -> int:
    """Where to go on, after the sign at `at`."""
    line = result.source
    if line[at] in LOST:
        if run := realigner.after_loss(line, at, result.text):
            result.replace(run.end, run.text, run.confidence)
            return run.end
        if spoken := sound_after(line, at + 1):
            result.replace(spoken.end(), UNREADABLE, None)
            return spoken.end()
        if line[at] == "?":
            return at + 1
    if line[at] in _BULLETS:
        result.bullets.append((len(result.text), line[at]))
        result.text += BULLET
        result.read_to = at + 1
        return at + 1
    if run := realigner.without_sign(line, at, result.last_run_end):
        result.give_back(run.start)
        result.replace(run.end, run.text, run.confidence)
        return run.end
    end = at + 1
    while end < len(line) and line[end] not in _BULLETS and _NO_CHARACTER.match(line[end]):
        end += 1
    result.replace(end, UNREADABLE * (end - at), None)
    return end


def _distrust(result: RealignedLine, realigner: Realigner) -> None:
    """Count as unreadable what no run holds and has characters such a document can't have."""
    held = {at for run in result.runs for at in range(run.start, run.end)}
    odd = [
        Run(source, source + 1, at, at + 1, None)
        for at in realigner.out_of_place(result.text)
        if at not in held
        for source in (result.source_of(at),)
    ]
    joined: list[Run] = []
    for run in sorted([*result.runs, *odd], key=lambda run: run.start):
        last = joined[-1] if joined else None
        if last and last.confidence is run.confidence is None and run.start - last.end <= _NEIGHBOURHOOD:
            joined[-1] = replace(last, source_end=run.source_end, end=run.end)
        else:
            joined.append(run)
    result.runs = joined
