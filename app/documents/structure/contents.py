"""What the outline found, gathered: sections, questions with their labelled parts, and what is in none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.documents.document import Line
from app.documents.structure.outline import Part
from app.documents.structure.segments import Piece
from app.documents.structure.vocabulary import Role

_ABOUT_DOCUMENT = ("title", "role", "number")
_FEWEST_ALIKE = 3  # questions before the last one that show what stands behind one
_SHORT_VALUES: frozenset[Role] = frozenset({"marks", "difficulty", "kind", "competency", "aside"})


@dataclass
class FoundRegion:
    """A labelled part of a question. `pieces` holds the label's own value first, if it has one."""

    role: Role
    label: Piece
    pieces: list[Piece] = field(default_factory=list)


@dataclass
class FoundQuestion:
    """`head` begins with the question; what follows it unlabelled is in there too."""

    head: list[Piece]
    regions: list[FoundRegion] = field(default_factory=list)

    @property
    def pieces(self) -> list[Piece]:
        """All of it, in order."""
        return [*self.head, *(piece for region in self.regions for piece in (region.label, *region.pieces))]


@dataclass
class FoundSection:
    """`titles` are its own and those of sections around it; `opening` stands before its first question."""

    titles: tuple[Piece, ...]
    opening: list[Piece] = field(default_factory=list)
    questions: list[FoundQuestion] = field(default_factory=list)


@dataclass
class Found:
    """`before` stands before the first section and question; `labels` say something of the document."""

    before: list[Piece] = field(default_factory=list)
    labels: list[Piece] = field(default_factory=list)
    sections: list[FoundSection] = field(default_factory=list)


def gather(pieces: Sequence[Piece], parts: Sequence[Part], lines: dict[int, Line]) -> Found:
    """The pieces in their places. `lines` by number."""
    found = Found()
    section: FoundSection | None = None
    question: FoundQuestion | None = None
    region: FoundRegion | None = None
    for piece, part in settled(pieces, parts, lines):
        if part == "section":
            section = FoundSection(_path(section, piece))
            found.sections.append(section)
            question = region = None
        elif part == "question":
            if section is None:
                section = FoundSection(())
                found.sections.append(section)
            question, region = FoundQuestion([piece]), None
            section.questions.append(question)
        elif piece.label is not None and question is None:
            (found.labels if section is None else section.opening).append(piece)
        elif piece.label is not None and question is not None:
            value = [replace(piece, label=None, marker=None, head=piece.start)] if piece.text else []
            opened = FoundRegion(piece.label, replace(piece, text="", end=piece.start), value)
            question.regions.append(opened)
            # After a short value on the label's own line, what comes next belongs where it did before.
            region = region if piece.label in _SHORT_VALUES and piece.text else opened
        elif region is not None:
            region.pieces.append(piece)
        elif question is not None:
            question.head.append(piece)
        else:
            (found.before if section is None else section.opening).append(piece)
    _without_empty(found)
    return found


def settled(
    pieces: Sequence[Piece], parts: Sequence[Part], lines: dict[int, Line]
) -> list[tuple[Piece, Part]]:
    """Pieces whose cut was not needed are text again, glued to what stands before them in their line."""
    kept: list[tuple[Piece, Part, int]] = []
    for piece, part in zip(pieces, parts, strict=True):
        text = lines[piece.line].text
        is_text = part == "text" and not piece.fixed and piece.label not in _ABOUT_DOCUMENT
        if is_text and piece.inline and kept and kept[-1][0].line == piece.line:
            kept[-1] = (*kept[-1][:2], piece.end)
            continue
        if is_text and (piece.label is not None or (piece.marker is not None and piece.marker.number)):
            whole = text[piece.head : piece.end]
            piece = replace(piece, text=whole, start=piece.head, marker=None, label=None)
        kept.append((piece, part, piece.end))
    return [
        (
            piece
            if end == piece.end
            else replace(piece, text=lines[piece.line].text[piece.start : end], end=end),
            part,
        )
        for piece, part, end in kept
    ]


def _path(section: FoundSection | None, piece: Piece) -> tuple[Piece, ...]:
    around = section.titles if section is not None else ()
    if not is_loose(piece):
        # A bare line above numbered sections is a title page's, not a section around them.
        around = tuple(title for title in around if not is_loose(title))
    for position, title in enumerate(around):
        if _level(title) == _level(piece) or 0 < piece.heading <= title.heading:
            return (*around[:position], piece)
    return (*around[:2], piece)


def _level(piece: Piece) -> tuple[str, int]:
    style = piece.marker.style if piece.marker is not None and piece.marker.number else "plain"
    return style, piece.heading


def is_loose(title: Piece) -> bool:
    """Whether a section's title is a mere line: no number, no heading, no label."""
    numbered = title.marker is not None and title.marker.number
    return not (numbered or title.heading or title.fixed or title.label)


def _without_empty(found: Found) -> None:
    """Sections without questions are taken out; what they say is text, unless it is around other sections."""
    kept = [section for section in found.sections if section.questions]
    around = {title for section in kept for title in section.titles}
    texts = {title.text for title in around}
    last: FoundSection | None = None
    for section in found.sections:
        if section.questions:
            last = section
            continue
        title = section.titles[-1]
        said = [] if title in around or title.text in texts else [title]
        (found.before if last is None else last.opening).extend([*said, *section.opening])
    found.sections = kept


def take_closing_words(found: Found) -> None:
    """Prose behind the last question alone, where no other has anything behind it, is no answer to it."""
    questions = [question for section in found.sections for question in section.questions]
    if len(questions) <= _FEWEST_ALIKE or any(len(question.pieces) > 1 for question in questions[:-1]):
        return
    last = questions[-1]
    if not last.regions and all(piece.marker is None and not piece.depth for piece in last.head[1:]):
        found.sections[-1].opening.extend(last.head[1:])
        last.head = last.head[:1]
