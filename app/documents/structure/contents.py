"""What the outline found, gathered: sections, questions with their labelled parts, and what is in none."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from app.documents.document import DocumentLine
from app.documents.structure.outline import Part
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import ABOUT_DOCUMENT, Role

_FEWEST_ALIKE = 3  # questions before the last one that show what stands behind one
_SHORT_VALUES: frozenset[Role] = frozenset({"marks", "difficulty", "kind", "competency", "aside"})


@dataclass
class FoundRegion:
    """A labelled part of a question. `segments` holds the label's own value first, if it has one."""

    role: Role
    label: Segment
    segments: list[Segment] = field(default_factory=list)


@dataclass
class FoundQuestion:
    """`head` begins with the question; what follows it unlabelled is in there too."""

    head: list[Segment]
    regions: list[FoundRegion] = field(default_factory=list)

    @property
    def segments(self) -> list[Segment]:
        """All of it, in order."""
        return [
            *self.head,
            *(segment for region in self.regions for segment in (region.label, *region.segments)),
        ]


@dataclass
class FoundSection:
    """`titles` are its own and those of sections around it; `opening` stands before its first question."""

    titles: tuple[Segment, ...]
    opening: list[Segment] = field(default_factory=list)
    questions: list[FoundQuestion] = field(default_factory=list)


@dataclass
class Contents:
    """`before` stands before the first section and question; `labels` say something of the document."""

    before: list[Segment] = field(default_factory=list)
    labels: list[Segment] = field(default_factory=list)
    sections: list[FoundSection] = field(default_factory=list)

    @property
    def questions(self) -> list[FoundQuestion]:
        """Those of all sections, in their order."""
        return [question for section in self.sections for question in section.questions]


def contents_of(
    segments: Sequence[Segment], parts: Sequence[Part], lines: dict[int, DocumentLine]
) -> Contents:
    """The segments in their places. `lines` by number."""
    found = Contents()
    section: FoundSection | None = None
    question: FoundQuestion | None = None
    region: FoundRegion | None = None
    for segment, part in settled(segments, parts, lines):
        if part == "section":
            section = FoundSection(_path(section, segment))
            found.sections.append(section)
            question = region = None
        elif part == "question":
            if section is None:
                section = FoundSection(())
                found.sections.append(section)
            question, region = FoundQuestion([segment]), None
            section.questions.append(question)
        elif segment.label is not None and question is None:
            (found.labels if section is None else section.opening).append(segment)
        elif segment.label is not None and question is not None:
            value = [replace(segment, label=None, marker=None, head=segment.start)] if segment.text else []
            opened = FoundRegion(segment.label, replace(segment, text="", end=segment.start), value)
            question.regions.append(opened)
            # After a short value on the label's own line, what comes next belongs where it did before.
            region = region if segment.label in _SHORT_VALUES and segment.text else opened
        elif region is not None:
            region.segments.append(segment)
        elif question is not None:
            question.head.append(segment)
        else:
            (found.before if section is None else section.opening).append(segment)
    _without_empty(found)
    return found


def settled(
    segments: Sequence[Segment], parts: Sequence[Part], lines: dict[int, DocumentLine]
) -> list[tuple[Segment, Part]]:
    """Segments whose cut was not needed are text again, glued to what stands before them in their line."""
    kept: list[tuple[Segment, Part, int]] = []
    for segment, part in zip(segments, parts, strict=True):
        text = lines[segment.line].text
        is_text = part == "text" and not segment.fixed and segment.label not in ABOUT_DOCUMENT
        if is_text and segment.inline and kept and kept[-1][0].line == segment.line:
            kept[-1] = (*kept[-1][:2], segment.end)
            continue
        if is_text and (segment.label is not None or (segment.marker is not None and segment.marker.number)):
            whole = text[segment.head : segment.end]
            segment = replace(segment, text=whole, start=segment.head, marker=None, label=None)
        kept.append((segment, part, segment.end))
    return [
        (
            segment
            if end == segment.end
            else replace(segment, text=lines[segment.line].text[segment.start : end], end=end),
            part,
        )
        for segment, part, end in kept
    ]


def _path(section: FoundSection | None, segment: Segment) -> tuple[Segment, ...]:
    around = section.titles if section is not None else ()
    if not is_loose(segment):
        # A bare line above numbered sections is a title page's, not a section around them.
        around = tuple(title for title in around if not is_loose(title))
    for position, title in enumerate(around):
        if _level(title) == _level(segment) or 0 < segment.heading <= title.heading:
            return (*around[:position], segment)
    return (*around[:2], segment)


def _level(segment: Segment) -> tuple[str, int]:
    style = segment.marker.style if segment.marker is not None and segment.marker.number else "plain"
    return style, segment.heading


def is_loose(title: Segment) -> bool:
    """Whether a section's title is a mere line: no number, no heading, no label."""
    numbered = title.marker is not None and title.marker.number
    return not (numbered or title.heading or title.fixed or title.label)


def _without_empty(found: Contents) -> None:
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


def take_closing_words(found: Contents) -> None:
    """Prose behind the last question alone, where no other has anything behind it, is no answer to it."""
    questions = found.questions
    if len(questions) <= _FEWEST_ALIKE or any(len(question.segments) > 1 for question in questions[:-1]):
        return
    last = questions[-1]
    if not last.regions and all(segment.marker is None and not segment.depth for segment in last.head[1:]):
        found.sections[-1].opening.extend(last.head[1:])
        last.head = last.head[:1]
