"""One found question becomes a draft question: text, points, model answer, marks, kind, flags."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from app.banks.schema import Difficulty, Kind
from app.documents.draft import DraftPoint, DraftQuestion, Flag, FlagReason
from app.documents.structure.contents import FoundQuestion, FoundRegion
from app.documents.structure.kinds import Notes, difficulty_of, kind_of, read_notes, stated_kind
from app.documents.structure.marks import marks_value
from app.documents.structure.paragraphs import ASKING, flow, is_wrapped, span_of
from app.documents.structure.points import has_marks, points_of
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import Role, Vocabulary

SHOWN = 200  # code points of a flag
_BANK_TEXT, _BANK_POINTS, _DRAFT_TEXT = 4000, 40, 20_000
_REACH = 3  # lines within which one that does not ask comes to its question
_LISTED = 0.6  # share of an answer that is a list, from which on its items are points
_FEWEST_LISTED = 2
_SPLIT = re.compile(r"[、,，;；/|]\s*|\n")


@dataclass(frozen=True)
class Setting:
    """What a question's section gives it: titles, outermost first, and marks a question."""

    titles: tuple[str, ...] = ()
    marks: float | None = None


def flag(reason: FlagReason, text: str, segments: Sequence[Segment] = ()) -> Flag:
    """A flag at the place of some segments."""
    return Flag(
        text=text.strip()[:SHOWN], reason=reason, span=span_of(segments, whole=True) if segments else None
    )


def draft_question(
    found: FoundQuestion, key: str, setting: Setting, known: Vocabulary
) -> tuple[DraftQuestion, list[str]]:
    """The draft question and the competencies that its labels name."""
    asked, body = _asked(found, known)
    asked = [replace(asked[0], marker=None), *asked[1:]]
    notes = read_notes(flow(asked), known)
    stated = notes.marks or marks_value(_value(found, "marks"), known) or setting.marks
    points, rest = _points(found, body, known, stated)
    answers = [*_labelled(found, "answer"), *([] if _answered(found) else _prose(body, rest))]
    flags = [
        flag("not-understood", flow(r.segments), r.segments)
        for r in found.regions
        if r.role == "aside" and r.segments
    ]
    left = rest if _answered(found) else [segment for segment in rest if segment not in answers]
    flags += [flag("not-understood", segment.text, [segment]) for segment in left]
    max_score, disagrees = _max_score(found, points, stated, known)
    flags += [flag("count-disagrees", disagrees, found.head[:1])] if disagrees else []
    reference = flow(answers) or None
    if not points and reference is None:
        flags.append(flag("no-points", notes.text, found.head[:1]))
    examines = flow(_labelled(found, "examines")) or None
    if _is_too_long(notes.text, points, reference, examines):
        flags.append(flag("too-long", notes.text, found.head[:1]))
    flags += instructions_in(found.segments, known)
    question = DraftQuestion(
        key=key,
        text=notes.text[:_DRAFT_TEXT],
        kind=_kind(found, notes, setting, known),
        difficulty=_difficulty(found, notes, known) or "medium",
        max_score=max_score,
        points=points,
        reference_answer=reference and reference[:_DRAFT_TEXT],
        examines=examines and examines[:_DRAFT_TEXT],
        included=not any(entry.reason == "instructions" for entry in flags),
        span=span_of(found.segments, whole=True),
        flags=flags,
    )
    return question, _competencies(found)


def instructions_in(segments: Sequence[Segment], known: Vocabulary) -> list[Flag]:
    """A flag for each segment that speaks to a language model."""
    return [
        flag("instructions", segment.text, [segment])
        for segment in segments
        if segment.text and known.instruction.search(unicodedata.normalize("NFKC", segment.text))
    ]


def _labelled(found: FoundQuestion, role: Role) -> list[Segment]:
    """The segments of all the question's parts of one role."""
    return [segment for region in found.regions if region.role == role for segment in region.segments]


def _answered(found: FoundQuestion) -> bool:
    return any(region.role in ("answer", "points") for region in found.regions)


def _asked(found: FoundQuestion, known: Vocabulary) -> tuple[list[Segment], list[Segment]]:
    """The segments of the question's own text, and what follows it unlabelled."""
    head = found.head
    if _answered(found):
        return head, []
    end = 1
    while end < len(head) and is_wrapped(head[end - 1], head[end]):
        end += 1
    asks = bool(known.question_cue.search(flow(head[:end])))
    reach = 0 if head[0].heading else 1 if asks else _REACH
    for position in range(end, min(end + reach, len(head))):
        # A question may need sentences of its own before it comes to the point.
        if head[position].marker is not None:
            break
        if head[position].text.endswith(ASKING):
            end = position + 1
    return head[:end], head[end:]


def _points(
    found: FoundQuestion, body: list[Segment], known: Vocabulary, total: float | None
) -> tuple[list[DraftPoint], list[Segment]]:
    listed = _labelled(found, "points")
    if listed:
        return points_of(listed, known, total)
    answers = [region for region in found.regions if region.role == "answer"]
    if answers:
        lists = [segment for region in answers for segment in _list_in(region)]
        return (points_of(lists, known, total)[0], []) if lists else ([], [])
    marked = [segment for segment in body if segment.marker is not None or segment.depth]
    if not marked or sum(segment.text.endswith(ASKING) for segment in marked) * 2 > len(marked):
        return [], body
    return points_of(body, known, total)


def _list_in(region: FoundRegion) -> list[Segment]:
    """The items of an answer that is mostly a list."""
    items = [segment for segment in region.segments if segment.marker is not None or segment.depth]
    length = sum(len(segment.text) for segment in region.segments)
    mostly = sum(len(segment.text) for segment in items) >= _LISTED * length
    return items if len(items) >= _FEWEST_LISTED and mostly else []


def _prose(body: list[Segment], rest: list[Segment]) -> list[Segment]:
    """Of what stands unlabelled behind a question, the paragraphs: its model answer. A line that asks is a
    further question, but one that carries on a paragraph is a sentence of it."""
    places = {(segment.line, segment.head) for segment in body}
    prose: list[Segment] = []
    for before, segment in pairwise([None, *rest]):
        if segment is None or segment.marker is not None or (segment.line, segment.head) not in places:
            continue
        carries_on = bool(prose) and before is prose[-1] and not segment.blank
        if carries_on or not segment.text.endswith(ASKING):
            prose.append(segment)
    return prose


def _value(found: FoundQuestion, role: Role) -> str:
    return flow(_labelled(found, role)).strip()


def _max_score(
    found: FoundQuestion, points: list[DraftPoint], stated: float | None, known: Vocabulary
) -> tuple[float | None, str]:
    """The question's marks, and what is wrong if those of its points make another sum."""
    total = round(sum(point.weight for point in points), 2)
    in_points = [*_labelled(found, "points"), *_labelled(found, "answer"), *found.head[1:]]
    if not has_marks(in_points, known) or not 0 < total <= 1000:
        return stated, ""
    if stated is not None and abs(stated - total) > 0.01:
        return stated, f"{total:g} ≠ {stated:g}"
    return stated or total, ""


def _kind(found: FoundQuestion, notes: Notes, setting: Setting, known: Vocabulary) -> Kind:
    stated = stated_kind(_value(found, "kind"), known) if _value(found, "kind") else None
    return stated or notes.kind or kind_of(notes.text, setting.titles, known)


def _difficulty(found: FoundQuestion, notes: Notes, known: Vocabulary) -> Difficulty | None:
    return difficulty_of(_value(found, "difficulty"), known) or notes.difficulty


def _competencies(found: FoundQuestion) -> list[str]:
    return [word.strip() for word in _SPLIT.split(_value(found, "competency")) if word.strip()]


def _is_too_long(text: str, points: list[DraftPoint], reference: str | None, examines: str | None) -> bool:
    texts = [text, reference or "", examines or "", *(point.text for point in points)]
    return len(points) > _BANK_POINTS or any(len(entry) > _BANK_TEXT for entry in texts)
