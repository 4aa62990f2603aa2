"""Parts of a typed text: half-open spans in code points. Pure."""

from collections.abc import Iterable, Sequence

Span = tuple[int, int]
BLOT = "\ue000"  # for private use, no letter, and kept by folding: nobody's words have it


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same characters as sorted spans that neither touch nor overlap."""
    joined: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def blotted(text: str, spans: Sequence[Span], mark: str = BLOT) -> str:
    """`text` with sorted spans replaced by as many marks: what is left keeps its offsets."""
    pieces, at = [], 0
    for start, end in spans:
        pieces += [text[at:start], mark * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def without(text: str, spans: Sequence[Span]) -> str:
    """`text` without the spans, pieces with words in them on lines of their own; itself if there are none."""
    if not spans:
        return text
    starts, ends = [0, *(end for _, end in spans)], [*(start for start, _ in spans), len(text)]
    pieces = (text[start:end].strip() for start, end in zip(starts, ends, strict=True))
    return "\n".join(piece for piece in pieces if any(map(str.isalnum, piece)))
