"""Evenness: the questions of a bank are made alike, so one that is not was hardly meant to be one."""

from collections.abc import Sequence

from app.documents.structure.contents import Found
from app.documents.structure.outline import Part
from app.documents.structure.segments import Piece

_FEWEST = 3  # questions that show how a document makes them
_ANSWERING = ("answer", "points", "examines")


def without_strays(pieces: Sequence[Piece], parts: Sequence[Part]) -> list[Part]:
    """The parts, where a bare line between, or once behind, questions with numbers, labels or headings of
    one kind is text of the question before it: an answer too may hold a sentence that asks."""
    evened = list(parts)
    asked = [at for at, part in enumerate(parts) if part == "question"]
    carriers = [_carrier(pieces[at]) for at in asked]
    for position, at in enumerate(asked):
        if carriers[position] or position == 0 or not carriers[position - 1]:
            continue
        if evened[asked[position - 1]] != "question" or "section" in parts[asked[position - 1] : at]:
            continue
        following = at + 1 < len(pieces) and pieces[at + 1].label in _ANSWERING
        alike = carriers[max(position - _FEWEST, 0) : position]
        before = len(alike) == _FEWEST and set(alike) == {carriers[position - 1]}
        last = position + 1 == len(asked)
        goes_on = last or _goes_on(pieces[asked[position - 1]], pieces[asked[position + 1]])
        if before and goes_on and not following:
            evened[at] = "text"
    return evened


def _carrier(piece: Piece) -> str:
    """What marks a piece as a question besides its wording; "" for a bare line."""
    if piece.fixed or piece.label:
        return piece.fixed or str(piece.label)
    if piece.marker is not None:
        return piece.marker.style
    return "heading" if piece.heading else ""


def _goes_on(before: Piece, after: Piece) -> bool:
    """Whether two questions are neighbours by their numbers, or where they have none, by their kind."""
    if not _carrier(after) or _carrier(before) != _carrier(after):
        return False
    if before.marker is None or after.marker is None or not before.marker.number:
        return True
    return after.marker.number == before.marker.number + 1


def take_closing_words(found: Found) -> None:
    """Prose behind the last question alone, where no other has anything behind it, is no answer to it."""
    questions = [question for section in found.sections for question in section.questions]
    if len(questions) <= _FEWEST or any(len(question.pieces) > 1 for question in questions[:-1]):
        return
    last = questions[-1]
    if not last.regions and all(piece.marker is None and not piece.depth for piece in last.head[1:]):
        found.sections[-1].opening.extend(last.head[1:])
        last.head = last.head[:1]
