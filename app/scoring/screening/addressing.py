"""Clauses of a reply that speak to or for the grader, or in a forged turn: no part of the answer. Pure."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from app.scoring.screening import markup
from app.scoring.screening.spans import Span, blotted, merged
from app.scoring.screening.wording import Wording
from app.text.clauses import CLOSING, COMMAS, LIST_COMMA, SENTENCE_MARKS, UNDUE_SPACE, Dot, ends, partition
from app.text.fold import fold, words
from app.text.scripts import EAST_ASIAN

TAKEN_SHARE = 1 / 3  # of a sentence's letters in clauses that address the grader: the rest goes with them
LONGEST_GAP = 40  # letters of a sentence that goes because those before and after it do
SHORTEST_LEFT = 2  # letters that what is left of a reply must have to be judged
_SENTENCE_ENDS = ends(SENTENCE_MARKS, Dot.NOT_IN_WORD, closing=rf"{CLOSING}\s")
_CLAUSE_ENDS = ends(COMMAS + LIST_COMMA, UNDUE_SPACE, closing=r"\s")
_SPACE_BETWEEN = re.compile(rf"(?<=[{EAST_ASIAN}])\s+(?=[{EAST_ASIAN}])")
_FRAME = re.compile(r"\s*(?:[|#>*=~_-]|\d+[.)、])")  # marks that begin a line of a list, table or heading


@dataclass
class _Sentence:
    """A sentence of a line: `letters` in it, how many of them `told`; `taken` once it is to go."""

    span: Span
    letters: int
    told: int
    spans: list[Span]
    weak: bool
    opener: bool
    fake: bool
    taken: bool = False


def addressed_to_grader(text: str, wording: Wording) -> list[Span]:
    """Spans of `text` that are no answer, sorted and apart; all of it where hardly a letter would be left."""
    spans = merged(markup.found(text, wording))
    rest = blotted(text, spans, "\n")
    lines = [
        [_sentence(rest, span, wording) for span in partition(rest, _SENTENCE_ENDS, line.span())]
        for line in re.finditer(r"[^\n]+", rest)
    ]
    for line in lines:
        _take(line)
    _take_blocks(rest, lines)
    told = [span for line in lines for sentence in line for span in _spans(sentence)]
    if spans or told:
        _take_weak(lines, spans)
        told = [span for line in lines for sentence in line for span in _spans(sentence)]
    taken = merged([*spans, *told])
    return taken if not taken or len(words(blotted(text, taken))) >= SHORTEST_LEFT else [(0, len(text))]


def _sentence(text: str, span: Span, wording: Wording) -> _Sentence:
    whole = _folded(text[slice(*span)])
    clauses = partition(text, _CLAUSE_ENDS, span)
    told = [clause for clause in clauses if wording.addresses_grader(_folded(text[slice(*clause)]))]
    if wording.quotes_someone(whole):
        told = []
    elif wording.speaks_of_grading(whole):
        told = clauses
    return _Sentence(
        span=span,
        letters=_letters(text, span),
        told=sum(_letters(text, clause) for clause in told),
        spans=told,
        weak=all(wording.weak.search(_folded(text[slice(*c)])) for c in clauses),
        opener=wording.openers.search(whole) is not None,
        fake=wording.fake_turns.search(whole) is not None,
    )


def _take(line: Sequence[_Sentence]) -> None:
    """Whole sentences where much of them is told, from a forged turn's opening to its last told sentence."""
    for sentence in line:
        sentence.taken = sentence.fake or (
            bool(sentence.spans) and sentence.told >= TAKEN_SHARE * sentence.letters
        )
    told = [at for at, sentence in enumerate(line) if sentence.taken or sentence.spans]
    opened = [at for at, sentence in enumerate(line) if sentence.opener or sentence.fake]
    if told and opened and opened[0] <= told[-1]:
        last = told[-1] + 1
        while last < len(line) and (line[last].opener or line[last].weak):
            last += 1
        for sentence in line[opened[0] : last]:
            sentence.taken = True
    for before, after in pairwise(told):
        if after - before == 2 and line[before + 1].letters <= LONGEST_GAP:
            line[before + 1].taken = True


def _take_blocks(text: str, lines: Sequence[list[_Sentence]]) -> None:
    """Lines of a forged dialogue, list or table go together."""
    for step in (1, -1):
        ordered = list(lines)[::step]
        for before, line in pairwise(ordered):
            near = text[min(before[-1].span[1], line[-1].span[1]) : max(before[0].span[0], line[0].span[0])]
            if near.count("\n") > 2 or not all(s.taken or not s.letters for s in before):
                continue
            framed = _FRAME.match(text, line[0].span[0]) and _FRAME.match(text, before[0].span[0])
            if framed or (line[0].opener and before[0].opener):
                for sentence in line:
                    sentence.taken = True


def _take_weak(lines: Sequence[list[_Sentence]], markup_spans: Sequence[Span]) -> None:
    """What says nothing by itself goes with its neighbour."""
    sentences = [sentence for line in lines for sentence in line if sentence.letters]
    for step in (1, -1):
        ordered = sentences[::step]
        for before, sentence in pairwise(ordered):
            gap = sorted((*before.span, *sentence.span))[1:3]
            beside_markup = any(start < gap[1] and end > gap[0] for start, end in markup_spans)
            if sentence.weak and (before.taken or before.spans or beside_markup):
                sentence.taken = True


def _spans(sentence: _Sentence) -> list[Span]:
    return [sentence.span] if sentence.taken else sentence.spans


def _folded(text: str) -> str:
    return _SPACE_BETWEEN.sub("", fold(text).text).rstrip("。.,;!?、… ")


def _letters(text: str, span: Span) -> int:
    return sum(unicodedata.category(text[at])[0] in "LN" for at in range(*span))
