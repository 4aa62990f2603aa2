"""The outline: which segments begin sections, questions, list items or labelled parts, which are mere text.

A Viterbi search with a narrow beam: every numbered segment, heading, label and question-like line can play
several parts, and the parts must make sense together. The order of numbers is the evidence: the question
after 3 is 4, or the 1 of a new section; a number that a list waits for belongs to the list; a question is
followed by its answer, and has one answer. Scores are additive, about 1 for weak and 3 for strong evidence.
"""

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple, cast

from app.documents.structure.marks import has_promise, own_marks
from app.documents.structure.paragraphs import ASKING
from app.documents.structure.segments import Segment
from app.documents.structure.vocabulary import ABOUT_DOCUMENT, ANSWERING, Vocabulary
from app.text.clauses import is_ended

Part = Literal["section", "question", "item", "label", "text"]
Key = tuple[str, int, int, bool]  # kind of marker, heading level, list depth, indented

BEAM = 6
_MARGIN = 6.0
_LONGEST_TITLE = 40
_VALUE = re.compile(r"\S[:：]\s?\S")
_INDENT = 2


class State(NamedTuple):
    """What the segments so far make the next one mean."""

    sections: tuple[tuple[Key, int], ...] = ()
    question: tuple[Key, int] | None = None
    region: str = ""  # "head" behind a question, the role behind a label
    seen: frozenset[str] = frozenset()  # roles of the question's labels so far
    lists: tuple[tuple[Key, int], ...] = ()
    fresh: bool = True  # a section has begun, and no question since


class _Trail(NamedTuple):
    """Decisions so far, newest first, as a linked list."""

    position: int
    part: Part
    before: "_Trail | None"


def outline(segments: Sequence[Segment], known: Vocabulary) -> list[Part]:
    """The part each segment plays. Time and memory linear in the segments."""
    beam: dict[State, tuple[float, _Trail | None]] = {State(): (0.0, None)}
    starters = _starters(segments)
    highest = [position for position, segment in enumerate(segments) if segment.heading == 1]
    for position, segment in enumerate(segments):
        following = segments[position + 1] if position + 1 < len(segments) else None
        view = _View(segment, following, known, starters, position == 0 or highest == [position])
        if not view.parts:
            continue
        grown: dict[State, tuple[float, _Trail | None]] = {}
        for state, (score, trail) in beam.items():
            for part in view.parts:
                gain, new = view.play(part, state)
                known_best = grown.get(new)
                if known_best is None or known_best[0] < score + gain:
                    grown[new] = (score + gain, _Trail(position, part, trail))
        best = sorted(grown.items(), key=_score, reverse=True)[:BEAM]
        beam = {state: entry for state, entry in best if entry[0] > best[0][1][0] - _MARGIN}
    _, trail = max(beam.values(), key=lambda entry: entry[0])
    parts: list[Part] = ["text"] * len(segments)
    while trail is not None:
        parts[trail.position] = trail.part
        trail = trail.before
    return parts


def _starters(segments: Sequence[Segment]) -> frozenset[str]:
    """The roles that may come first behind a question: those never found but behind another role can't."""
    roles = [str(segment.label) for segment in segments if segment.label in ANSWERING]
    return frozenset(roles[:1]) | {role for before, role in pairwise(roles) if before == role}


def _score(entry: tuple[State, tuple[float, _Trail | None]]) -> float:
    return entry[1][0]


class _View:
    """One segment with what stands behind it: the parts it may play, and what each is worth."""

    def __init__(
        self,
        segment: Segment,
        after: Segment | None,
        known: Vocabulary,
        starters: frozenset[str],
        may_title: bool,
    ) -> None:
        self.segment, self.may_title = segment, may_title
        self.labelled = bool(starters)
        self.starters = starters
        self.number = segment.marker.number if segment.marker is not None else 0
        style = segment.marker.style if segment.marker is not None and self.number else ""
        unnumbered = "label" if segment.label else "heading" if segment.heading else "plain"
        self.kind = style or ("bullet" if segment.marker is not None else unnumbered)
        self.key: Key = (self.kind, segment.heading, segment.depth, segment.indent >= _INDENT)
        text = segment.text
        self.asks = bool(known.question_cue.search(text)) if len(text) < 600 else False
        self.next_label = after.label if after is not None else None
        self.next_first = (
            after is not None
            and after.label in (None, "question")
            and after.marker is not None
            and after.marker.number == 1
            and after.marker.style != self.kind
        )
        self.next_deeper = after is not None and after.heading > segment.heading > 0
        self.parts = self._parts(known)
        if self.parts:
            self.promises = has_promise(text, known)
            self.marked = own_marks(text, known) is not None
            self.titled = bool(known.section_cue.search(text)) if len(text) <= _LONGEST_TITLE else False

    def _parts(self, known: Vocabulary) -> tuple[Part, ...]:
        segment, text = self.segment, self.segment.text
        if segment.fixed:
            return (cast(Part, segment.fixed),)
        if segment.label == "question":
            return ("question", "text")
        if segment.label == "section":
            return ("section", "text")
        if segment.label in ABOUT_DOCUMENT:
            return ()
        if segment.label is not None:
            return ("label",)
        if self.number:
            return ("question", "section", "item", "text")
        if segment.heading:
            return ("question", "section", "text")
        if segment.marker is not None and text.endswith(ASKING) and self.asks:
            return ("question", "text")
        if segment.inline or segment.marker is not None or len(text) > 300:
            return ()
        if self.next_label in ANSWERING or text.rstrip('”"』」）)').endswith(ASKING):
            return ("question", "text")
        if len(text) <= _LONGEST_TITLE and (
            self.next_first or self.next_label == "question" or has_promise(text, known)
        ):
            return ("section", "text")
        return ()

    def play(self, part: Part, state: State) -> tuple[float, State]:
        """What playing `part` after `state` is worth, and the state it leads to."""
        if part == "question":
            question = (self.key, self.number)
            return self._as_question(state), State(state.sections, question, "head", frozenset(), (), False)
        if part == "section":
            sections = self._sections_with(state)
            return self._as_section(state), State(sections, state.question, "section", frozenset(), (), True)
        if part == "item":
            return self._as_item(state), state._replace(lists=self._lists_with(state))
        if part == "label":
            role = str(self.segment.label)
            return self._as_label(state, role), state._replace(
                region=role, seen=state.seen | {role}, lists=()
            )
        return self._as_text(state), state

    def _as_question(self, state: State) -> float:
        score = 1.5 if self.asks else -0.5
        score += 1.0 if self.marked else 0.0
        score += 1.0 if self.next_label in self.starters else 0.0
        # Where questions have labelled answers, one that neither asks nor has any is hardly a question.
        score -= 1.0 if self.labelled and not self.asks and self.next_label is None else 0.0
        score += 3.0 if self.kind in ("word", "label") else 0.0
        score -= 2.0 if self.kind == "letter" else 0.0
        score -= 1.0 if self.kind in ("plain", "bullet") else 0.0
        score -= 1.0 if self.segment.inline and not self.asks and self.next_label is None else 0.0
        score -= 1.0 if len(self.segment.text) < 4 and not self.segment.label else 0.0
        score -= 1.0 if self.labelled and state.region == "head" and not state.seen else 0.0
        score += self._heading_below(state)
        if state.question is None:
            return score + 0.5 + (0.5 if self.number == 1 else 0.0)
        key, number = state.question
        score += _likeness(self.key, key)
        if not self.number:
            return score + (1.0 if key[0] == self.kind else 0.0)
        if self.number == number + 1 or (self.number == 1 and state.fresh):
            return score + 2.0
        if self.number == 1 or self.number > number:
            return score - 1.5
        return score - 4.0

    def _heading_below(self, state: State) -> float:
        """A question's heading stands below those of sections."""
        levels = [key[1] for key, _ in state.sections if key[1]]
        if not self.segment.heading or not levels:
            return 0.0
        return 0.5 if self.segment.heading > levels[-1] else -2.5

    def _as_section(self, state: State) -> float:
        text = self.segment.text
        score = {
            "han": 0.5,
            "formal": 0.5,
            "roman": 0.5,
            "han-bracket": 0.0,
            "word": 3.0,
            "label": 2.0,
            "letter": -1.0,
        }.get(self.kind, -1.0 if self.kind == "plain" else -0.5 if self.kind == "heading" else -2.0)
        score += 1.0 if self.segment.heading and self.number else 0.0
        score -= 2.5 if self.asks else 0.0
        score -= 2.0 if text.endswith(("。", ".", "！", "!", "；", ";", "？", "?")) else 0.0
        score -= 2.0 if len(text) > _LONGEST_TITLE and not self.promises else 0.0
        score += 1.5 if self.titled else 0.0
        # A sentence that promises marks opens a section, it is no title.
        score += 2.5 if self.promises and not is_ended(text) else 0.0
        score += 1.5 if self.next_first or self.next_deeper or self.next_label == "question" else 0.0
        score -= 4.0 if self.next_label in ANSWERING else 0.0
        # A name beside its value says something of the document.
        score -= 2.0 if self.kind == "plain" and _VALUE.search(text) else 0.0
        score -= 0.5 if state.region == "head" else 0.0
        score -= 4.0 if self._is_awaited(state) else 0.0
        if state.question is not None:
            score -= 3.0 if state.question[0] == self.key else 0.0
            score -= 2.0 if 0 < state.question[0][1] < self.segment.heading else 0.0
        if not state.sections:
            return score + (1.0 if self.number <= 1 else -0.5)
        for key, number in reversed(state.sections):
            if key[:2] == self.key[:2]:
                if state.region == "section" and key == state.sections[-1][0]:
                    return score - 3.0  # the one before would be empty
                return score + (2.0 if self.number == number + 1 else 1.5 if not self.number else -2.0)
        return score + (0.5 if self.number <= 1 else -2.0)

    def _sections_with(self, state: State) -> tuple[tuple[Key, int], ...]:
        for position, (key, _) in enumerate(state.sections):
            if key[:2] == self.key[:2] or 0 < self.segment.heading <= key[1]:
                return (*state.sections[:position], (self.key, self.number))
        return (*state.sections[:2], (self.key, self.number))

    def _as_item(self, state: State) -> float:
        score = -1.0 if self.asks else 0.0
        score -= 2.0 if self.promises else 0.0
        score -= 2.0 if self.next_label in state.seen else 0.0
        score -= 0.3 if self.segment.inline else 0.0
        if state.question is None:
            return score - 1.5
        if self._is_awaited(state):
            return score + 1.5
        if self.number != 1:
            return score - 2.0
        if state.region in ANSWERING:
            return score + 1.0
        deeper = self.segment.depth > state.question[0][2] or self.key[3] > state.question[0][3]
        return score + (0.5 if deeper or state.question[0][0] != self.kind else 0.0)

    def _is_awaited(self, state: State) -> bool:
        """Whether an open list goes on with this number."""
        return any(
            _same_list(key, self.key) and self.number == number + 1 for key, number in state.lists if number
        )

    def _lists_with(self, state: State) -> tuple[tuple[Key, int], ...]:
        for position in reversed(range(len(state.lists))):
            key, number = state.lists[position]
            if _same_list(key, self.key) and self.number == number + 1:
                return (*state.lists[:position], (self.key, self.number))
        return (*state.lists[:3], (self.key, self.number))

    def _as_label(self, state: State, role: str) -> float:
        if state.question is None:
            return -1.0
        if role in state.seen:
            return -4.0
        if role not in ANSWERING or state.region != "head":
            return 0.5
        return 2.0 if role in self.starters else -1.0

    def _as_text(self, state: State) -> float:
        if self.segment.label:
            return -1.0
        if self.segment.heading:
            first = not state.sections and state.question is None
            return 1.0 if first and self.may_title and self.segment.heading == 1 and not self.number else -0.5
        if self.number and not self.segment.inline:
            return -1.5
        return 0.0


def _likeness(one: Key, other: Key) -> float:
    """What it costs that two questions are numbered in different ways."""
    if one[:2] != other[:2]:
        return -3.0
    return -1.5 * (one[2] != other[2]) - 0.7 * (one[3] != other[3])


def _same_list(one: Key, other: Key) -> bool:
    return one[0] == other[0] and one[2] == other[2]
