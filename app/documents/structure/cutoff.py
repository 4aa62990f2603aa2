"""Whether a document begins or ends inside a question, which is kept but can't be asked."""

from collections import Counter
from collections.abc import Sequence

from app.documents.structure.contents import FoundQuestion
from app.documents.structure.segments import Segment
from app.text.clauses import COLONS, COMMAS, LIST_COMMA, SEMICOLONS, STOPS, Dot, ends, is_ended

_FEWEST_ENDS, _FEWEST_PARTS = 2, 3  # other questions whose ends or parts say something of one more
_SHARED = 0.8
_PROSE = 30
_OPEN_ENDS = tuple(COMMAS + LIST_COMMA + COLONS + "（(“「『《[【—–-")
_OPEN_BEGINNINGS = tuple(COMMAS + LIST_COMMA + COLONS + STOPS + SEMICOLONS + ".）)」』”")
_SENTENCE_ENDS = ends(STOPS, Dot.BEFORE_SPACE)
_PAIRS = {"（": "）", "(": ")", "“": "”", "「": "」", "『": "』", "《": "》", "【": "】", "[": "]"}


def is_cut_off(last: FoundQuestion, others: Sequence[FoundQuestion], is_preview: bool = False) -> bool:
    """Whether the document's last question breaks off.

    It does where its text stops in the middle of a clause, where it has no full stop although others end in
    one, or where it lacks the labelled parts that the others go on with. `others` are those before it. Of a
    preview, whatever does not end in a full stop breaks off.
    """
    ending = _last_text(last)
    if ending is None:
        return True
    text = ending.text.rstrip()
    if text.endswith(_OPEN_ENDS) or _is_unclosed(text):
        return True
    if _lacks_parts(last, others, certain=is_ended(text)):
        return True
    if is_ended(text):
        return False
    if is_preview:
        return True
    if not _is_item(ending) and len(text) >= _PROSE and _SENTENCE_ENDS.search(text):
        return True
    return _others_end(others, last)


def begins_cut_off(first: FoundQuestion) -> bool:
    """Whether the first question's own beginning is missing: it opens in mid-clause."""
    return first.head[0].text.lstrip().startswith(_OPEN_BEGINNINGS)


def _last_text(question: FoundQuestion) -> Segment | None:
    """The last segment with text; None where a label stands without anything behind it."""
    segments = question.segments
    return segments[-1] if segments[-1].text else None


def _is_unclosed(text: str) -> bool:
    return any(
        text.rfind(left) > text.rfind(right) and text.count(left) > text.count(right)
        for left, right in _PAIRS.items()
    )


def _others_end(others: Sequence[FoundQuestion], last: FoundQuestion) -> bool:
    """Whether nearly all other questions whose end is of the same make as this one's end in a full stop."""
    make = _make(last)
    endings = [is_ended(q.segments[-1].text.rstrip()) for q in others if _make(q) == make]
    return len(endings) >= _FEWEST_ENDS and sum(endings) >= _SHARED * len(endings)


def _make(question: FoundQuestion) -> tuple[str, bool, bool]:
    """The part a question ends with, whether in a list item, and whether nothing follows its own text."""
    role = question.regions[-1].role if question.regions else "head"
    return role, _is_item(question.segments[-1]), len(question.segments) == 1


def _is_item(segment: Segment) -> bool:
    return segment.marker is not None or segment.depth > 0 or bool(segment.fixed)


def _lacks_parts(last: FoundQuestion, others: Sequence[FoundQuestion], certain: bool) -> bool:
    """Whether it lacks the labelled parts that the others end with; with `certain`, all others."""
    if not last.regions:
        answered = [question.regions for question in others]
        return not certain and len(answered) >= _FEWEST_ENDS and all(answered)
    if len(others) < _FEWEST_PARTS:
        return False
    share = 1.0 if certain else _SHARED
    counts = Counter(
        role for question in others for role in {_alike(region.role) for region in question.regions}
    )
    usual = {role for role, count in counts.items() if count >= share * len(others)}
    missing = usual - {_alike(region.role) for region in last.regions}
    ends = [_alike(question.regions[-1].role) for question in others if question.regions]
    return bool(missing) and sum(role in missing for role in ends) >= share * len(ends)


def _alike(role: str) -> str:
    """Points and model answers stand for each other."""
    return "answer" if role == "points" else role
