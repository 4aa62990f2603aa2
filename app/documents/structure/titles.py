"""A document's title, and the role it is for."""

import re
from collections.abc import Sequence
from pathlib import PurePath

from app.documents.structure.contents import Contents
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import Vocabulary
from app.text.clauses import SEMICOLONS, STOPS

_LONGEST = 80
_FILE_NAME = re.compile(r"[^\s/\\]{2,80}?(?=\.(?:docx?|pdf|xlsx?|pptx?|txt|md|html?|wps)\b)", re.I)


def take_title(found: Contents, name: str, lines: Sequence[str], known: Vocabulary) -> str:
    """The document's title, taken out of `found` if it stands there; else guessed from the file's name."""
    for segment in found.labels:
        if segment.label == "title" and segment.text:
            return segment.text
    candidates = [segment for segment in found.before if _may_be_title(segment)]
    section = _title_in_sections(found)
    if section is not None:
        candidates.append(section)
    if candidates:
        telling = [segment for segment in candidates if _names_role(segment, known)]
        headed = [segment for segment in candidates if segment.heading == 1]
        chosen = (telling or headed or candidates)[0]
        if chosen is section:
            for other in found.sections:
                other.titles = tuple(title for title in other.titles if title is not chosen)
        else:
            found.before.remove(chosen)
        return clean_title(chosen.text)
    for line in lines[:12]:
        match = _FILE_NAME.match(line.strip())
        if match is not None:
            return clean_title(match[0])
    return clean_title(PurePath(name).stem.replace("_", " "))


def _title_in_sections(found: Contents) -> Segment | None:
    """A section's title that may be the document's: the first, unnumbered and the only one of its level."""
    if not found.sections or not found.sections[0].titles:
        return None
    first = found.sections[0].titles[0]
    outer = {section.titles[0] for section in found.sections if section.titles}
    alike = {title for title in outer if title.heading == first.heading and not _is_numbered(title)}
    if alike != {first} or first.fixed or first.label or first.heading > 1:
        return None
    return None if first.heading == 0 and _is_sentence(first.text) else first


def _is_sentence(text: str) -> bool:
    return text.endswith(tuple(STOPS + SEMICOLONS)) or (text[-1:] == "." and not text[-2:-1].isdecimal())


def _is_numbered(segment: Segment) -> bool:
    return segment.marker is not None and segment.marker.number > 0


def _names_role(segment: Segment, known: Vocabulary) -> bool:
    """Whether a line names a role, as titles of banks do."""
    return any(pattern.search(segment.text) for pattern in known.roles)


def clean_title(text: str) -> str:
    """A title without white space and brackets around it."""
    return text.strip(" \t《》【】[]*#").rstrip("：:")[:_LONGEST]


def _may_be_title(segment: Segment) -> bool:
    return segment.label is None and (
        segment.heading == 1
        or (len(segment.text) <= _LONGEST and not _is_sentence(segment.text) and segment.marker is None)
    )


def role_of(title: str, found: Contents, known: Vocabulary) -> str:
    """The role that a label names or the title is about; "" where neither says."""
    for segment in found.labels:
        if segment.label == "role" and segment.text:
            return segment.text[:_LONGEST]
    for pattern in known.roles:
        match = pattern.search(title)
        if match is not None:
            return match[1].strip(" 的-–—:：·")
    return ""
