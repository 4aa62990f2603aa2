"""Points proposed without a language model: the sentences of a model answer that carry it, cut to size."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.documents.proposing.sentences import is_open
from app.documents.proposing.tracing import says_the_same, stems
from app.documents.structure.vocabulary import Vocabulary
from app.text.clauses import COLONS, COMMAS, SEMICOLONS, ends, partition

FEWEST, MOST = 3, 8
_SHORTEST, _LONGEST = 6, 48  # units of a point's text
_UNITS_A_POINT = 70  # an answer of this many units more gets one point more
_CLAUSE_ENDS = ends(COMMAS + SEMICOLONS + COLONS)
_TRAILING = " \t，,；;。.：:、"
_QUOTES = '“「『"‘'
_OPENING = 2  # units that make two sentences begin alike


@dataclass(frozen=True)
class Extract:
    """A point's text with the sentence it is a part of."""

    text: str
    sentence: str


def extract_points(sentences: Sequence[str], known: Vocabulary) -> list[Extract]:
    """Between 3 and 8 verbatim parts of an answer's sentences in their order; fewer where it has fewer.

    A sentence is worth more that begins with a word of order, states what someone does or is, shares its
    beginning with others, or is followed by longer ones that explain it; less if it frames or illustrates.
    """
    scored = [(worth_of(sentences, i, known), i) for i in range(len(sentences))]
    wanted = max(FEWEST, min(MOST, round(sum(len(stems(s)) for s in sentences) / _UNITS_A_POINT)))
    chosen: dict[int, Extract] = {}
    for worth, i in sorted(scored, key=lambda entry: (-entry[0], entry[1])):
        if len(chosen) >= wanted or (worth < 0 and len(chosen) >= FEWEST):
            break
        text = _cut(sentences[i], known)
        fresh = not any(says_the_same(text, other.text) for other in chosen.values())
        if len(stems(text)) >= _SHORTEST and fresh:
            chosen[i] = Extract(text, sentences[i])
    return [chosen[i] for i in sorted(chosen)]


def worth_of(sentences: Sequence[str], position: int, known: Vocabulary) -> float:
    """How likely the sentence at `position` carries a point of the answer; about -4 to 4."""
    cues = known.answers
    sentence = sentences[position]
    length = len(stems(sentence))
    openings = Counter(tuple(stems(s)[:_OPENING]) for s in sentences)
    worth = 0.0
    if cues["openers"].match(sentence):
        worth += 2.0
    if cues["statements"].search(_stripped(sentence, known)):
        worth += 1.0
    if openings[tuple(stems(sentence)[:_OPENING])] > 1:
        worth += 0.5
    following = sentences[position + 1] if position + 1 < len(sentences) else ""
    if length <= _LONGEST and len(stems(following)) > length:
        worth += 0.75
    if cues["framing"].search(sentence):
        worth -= 2.5
    if cues["examples"].search(sentence):
        worth -= 0.75
    if cues["dependent"].search(_stripped(sentence, known)):
        worth -= 1.25
    if sentence.endswith(("?", "？", ":", "：")) or sentence[0] in _QUOTES:
        worth -= 2.5
    worth -= 0.75 if length < _SHORTEST + 2 else 0.0
    worth -= 0.5 if position == 0 and len(sentences) > FEWEST else 0.0
    return worth - 0.5 * max(0.0, length / _LONGEST - 1)


def _stripped(sentence: str, known: Vocabulary) -> str:
    return known.answers["strip"].sub("", sentence, count=1).strip()


def _cut(sentence: str, known: Vocabulary) -> str:
    """The sentence without its word of order and its speaker, its examples of speech, and what is long."""
    text = _stripped(sentence, known)
    text = known.answers["subjects"].sub("", text, count=1).strip()
    kept = 0
    for start, end in partition(text, _CLAUSE_ENDS):
        is_speech = any(c in _QUOTES for c in text[start:end]) and known.answers["examples"].search(
            text, start, end
        )
        if kept and (is_speech or len(stems(text[:end])) > _LONGEST):
            break
        if not is_open(text[:end]):
            kept = end
    return text[: kept or len(text)].strip(_TRAILING)
