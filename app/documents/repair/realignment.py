"""Choosing between the readings of a shifted run, by the frequencies of words."""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from app.documents.repair.byte_shift import Ending, endings, octets, with_lead, with_trail
from app.documents.repair.chinese import FULL_WIDTH, Familiarity, Repertoire, likelihood, simplified
from app.documents.repair.pinyin import is_reading, sound_after, syllable, syllables, without

# Natural logarithms, measured on damaged texts of ours: see evals/importing.
_NEEDED_GAIN = 16.0
_NEEDED_GAIN_WHERE_GLOSSED = 6.0
_READABLE = -9.0
_OUTSIDE = -6.0
_CERTAIN = 40.0
# Bounds on the work for a hostile document; one as damaged as the export makes it needs a tenth.
_MOST_SEARCHES = 50
_MOST_SCORES = 20_000
_CONTEXT = 6
_RAW_CONTEXT = 60
_BESIDE_STOP = re.compile(r"[?\ufffd][,;:!?，；：！？。、]+")
_LONGEST_PINYIN = 9
_LAST = frozenset("。？！”）")


@dataclass(frozen=True)
class Realigned:
    """`line[start:end]` was `text`. `confidence` is 0..1."""

    start: int
    end: int
    text: str
    confidence: float


@dataclass(frozen=True)
class _Reading:
    end: int
    text: str
    margin: float


class Realigner:
    """Reads the shifted runs of one document. `glossed` are the characters its export put pinyin behind."""

    def __init__(self, lines: Sequence[str], glossed: frozenset[str]) -> None:
        self._glossed = glossed
        self._lines = lines
        self._searches = _MOST_SEARCHES
        self._scores = _MOST_SCORES + sum(map(len, lines))
        self._repertoire = Repertoire(lines if glossed else [])
        self._needed_gain = _NEEDED_GAIN_WHERE_GLOSSED if glossed else _NEEDED_GAIN

    @cached_property
    def _familiar(self) -> Familiarity:
        return Familiarity(without(line) for line in self._lines)

    def after_loss(self, line: str, at: int, before: str) -> Realigned | None:
        """The run that begins with the lost byte at `at`; `before` is the repaired text up to there."""
        if self._scores <= 0:
            return None
        left = without(before[-_RAW_CONTEXT:])[-_CONTEXT:]
        spoken = sound_after(line, at + 1)
        if spoken:
            readings = self._behind_pinyin(line, spoken.end(), spoken[1], left)
            return self._best(line, at, left, list(readings), surely_lost=True)
        return self._best(line, at, left, self._behind_unknown(line, at + 1, left))

    def without_sign(self, line: str, at: int, earliest: int) -> Realigned | None:
        """The run that holds the character at `at`, where nothing shows where it began."""
        if not self._searches or self._scores <= 0 or not octets(line[at]):
            return None
        self._searches -= 1
        found: list[Realigned] = []
        for start in range(max(earliest, at - _RAW_CONTEXT), at + 1):
            left = without(line[:start][-_RAW_CONTEXT:])[-_CONTEXT:]
            readings = [reading for reading in self._behind_unknown(line, start, left) if reading.end > at]
            if best := self._best(line, start, left, readings):
                found.append(best)
        self._searches += bool(found)
        return max(
            found,
            key=lambda run: self._gain(line, line[: run.start][-_CONTEXT:], run.start, run),
            default=None,
        )

    def out_of_place(self, text: str) -> list[int]:
        """Where the text has what a document with such pinyin can't have: other hanzi, a lost byte."""
        if not self._glossed:
            return []
        lost = {at for found in _BESIDE_STOP.finditer(text) for at in range(*found.span())}
        bare = [
            at
            for at in self._repertoire.misses(text)
            if self._is_garbled(without(text[max(0, at - 2) : at + 3]))
        ]
        return sorted(lost.union(bare))

    def _gain(self, line: str, left: str, start: int, reading: "_Reading | Realigned") -> float:
        """How much likelier the reading is than what stands there."""
        read = _followed(line, reading.text, reading.end, reading.end)
        stands = _followed(line, line[start : reading.end], reading.end, reading.end)
        return likelihood(left + read) - likelihood(left + stands)

    def _behind_unknown(self, line: str, start: int, left: str) -> list[_Reading]:
        """Readings whose first lead byte was lost."""
        read: list[_Reading] = []
        for ending in endings(line, start, None, bool(self._glossed)):
            if ending.first is None or not self._is_plausible(line[start : ending.end]):
                continue
            if likelihood(ending.text) < likelihood(line[start : ending.end]):
                continue
            ranked = self._ranked(with_trail(ending.first), left, ending.text[:_CONTEXT])
            if ranked:
                first, margin = ranked
                read.extend(self._ended(line, replace(ending, text=first + ending.text), left, margin))
        return read

    def _is_garbled(self, text: str) -> bool:
        return likelihood(text) < _READABLE * len(text)

    def _is_plausible(self, stands: str) -> bool:
        """Hanzi, or punctuation after the lost byte where all punctuation was made narrow."""
        if any(octets(each)[1:] for each in stands):
            return True
        return bool(self._glossed) and stands[0] in FULL_WIDTH and len(stands) > 1

    def _behind_pinyin(self, line: str, start: int, sound: str, left: str) -> Iterator[_Reading]:
        """Readings of a run that pinyin began: its character was made of two others, or is lost itself."""
        trail = octets(left[-1])[1:] if left else b""
        for taken in self._spoken(with_lead(trail[0]) if trail else [], sound):
            for ending in endings(line, start, octets(taken)[1], bool(self._glossed)):
                yield from self._ended(line, ending, left, math.inf)
        right = _right(line, start)
        so_read = self._spoken(sorted(self._glossed), sound)
        ranked = self._ranked(so_read or _traditional_by_syllable().get(syllable(sound), []), left, right)
        if ranked and not self._is_garbled(right):
            yield _Reading(start, *ranked)

    def _ended(self, line: str, ending: Ending, left: str, margin: float) -> Iterator[_Reading]:
        if ending.lead is None:
            yield _Reading(ending.end, ending.text, margin)
            return
        lost = with_lead(ending.lead)
        if ending.sound:
            lost = self._spoken(lost, ending.sound)
        else:
            lost = [whole for whole in lost if whole not in self._glossed]
        if ending.end == len(line):
            lost = [whole for whole in lost if whole in _LAST] or lost
        ranked = self._ranked(lost, (left + ending.text)[-_CONTEXT:], _right(line, ending.end))
        if ranked:
            last, last_margin = ranked
            yield _Reading(ending.end, ending.text + last, min(margin, last_margin))

    def _spoken(self, characters: list[str], sound: str) -> list[str]:
        """Those of the characters that are read so; only the glossed ones if one of those is."""
        read = [whole for whole in characters if is_reading(sound, whole)]
        return [whole for whole in read if whole in self._glossed] or read

    def _ranked(self, candidates: list[str], left: str, right: str) -> tuple[str, float] | None:
        """The likeliest candidate between `left` and `right`, and by how much it is."""
        scored: dict[str, tuple[float, str]] = {}
        for candidate in candidates:
            score = self._score(left + candidate + right)
            scored[simplified(candidate)] = max(
                (score, candidate), scored.get(simplified(candidate), (-math.inf, ""))
            )
        ranked = sorted(scored.values(), reverse=True)
        if not ranked:
            return None
        return ranked[0][1], ranked[0][0] - ranked[1][0] if len(ranked) > 1 else math.inf

    def _best(
        self, line: str, start: int, left: str, readings: list[_Reading], *, surely_lost: bool = False
    ) -> Realigned | None:
        """The likeliest reading; none where what stands there is as likely, unless that was surely lost."""
        if not readings:
            return None
        furthest = max(reading.end for reading in readings)

        def score(text: str, end: int) -> float:
            return self._score(left + _followed(line, text, end, furthest))

        ranked = sorted(
            ((score(reading.text, reading.end), reading) for reading in readings),
            key=lambda scored: scored[0],
            reverse=True,
        )
        best_score, best = ranked[0]
        rivals = [
            rival_score
            for rival_score, rival in ranked[1:]
            if simplified(rival.text + line[rival.end : furthest])
            != simplified(best.text + line[best.end : furthest])
        ]
        margin = min(best.margin, best_score - rivals[0] if rivals else math.inf)
        if likelihood(best.text) < _READABLE * len(best.text) - _NEEDED_GAIN_WHERE_GLOSSED:
            return None
        if not surely_lost:
            gain = self._gain(line, left, start, best)
            if gain < self._needed_gain:
                return None
            margin = min(margin, gain - self._needed_gain / 2)
        return Realigned(start, best.end, best.text, _confidence(margin))

    def _score(self, text: str) -> float:
        self._scores -= 1
        return likelihood(text) + self._familiar.of(text) + _OUTSIDE * len(self._repertoire.misses(text))


def _right(line: str, end: int) -> str:
    return without(line[end : end + _RAW_CONTEXT])[:_CONTEXT]


def _followed(line: str, text: str, end: int, furthest: int) -> str:
    """The text, what follows it from `end` to `furthest`, and a little more; all without pinyin."""
    to = furthest + _CONTEXT
    while to < min(len(line), furthest + _RAW_CONTEXT) and "(" in line[to - _LONGEST_PINYIN : to]:
        to += 1
    return without(text + line[end:to])


def _confidence(margin: float) -> float:
    return round(1 / (1 + math.exp(1.0 - min(margin, _CERTAIN))), 3)


@cache
def _traditional_by_syllable() -> dict[str, list[str]]:
    """Traditional characters of GBK by their readings without tones."""
    found: dict[str, list[str]] = {}
    for code in range(0x4E00, 0x9FA6):
        if simplified(chr(code)) != chr(code):
            for read in syllables(chr(code)):
                found.setdefault(read, []).append(chr(code))
    return found
