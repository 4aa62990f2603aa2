"""A document's structure by rules: title, sections, questions with points and answers, and what is doubtful.

Nothing is asked of a language model here, and text of the document is only ever data.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.banks.schema import Competency
from app.documents.document import Document
from app.documents.draft import DraftQuestion, DraftSection, Flag
from app.documents.structure.contents import (
    Contents,
    FoundQuestion,
    FoundSection,
    contents_of,
    take_closing_words,
)
from app.documents.structure.cutoff import begins_cut_off, is_cut_off
from app.documents.structure.layout import Layout, read_layout
from app.documents.structure.marks import Promise, read_promise, without_promise
from app.documents.structure.questions import Setting, draft_question, flag, instructions_in
from app.documents.structure.segments import Segment
from app.documents.structure.titles import clean_title, role_of, take_title
from app.documents.structure.vocabulary import ANSWERING, Role, Vocabulary, vocabulary
from app.languages.guessing import tag_of

_CREDIBLE = 0.3  # share of questions that look like questions, below which a document holds none


@dataclass(frozen=True)
class Structured:
    """What was understood. `role` is "" where nothing says it; `sections` is empty without questions."""

    title: str
    role: str
    language: str
    sections: list[DraftSection] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    competencies: list[Competency] = field(default_factory=list)


def structure(document: Document, heads: Mapping[int, Role] | None = None) -> Structured:
    """Understands a repaired document. Spans count code points of its lines; time is linear in its length.

    `heads` names lines, by number, that are known to begin a question, an answer or a section. Never raises:
    text that no rule could place is flagged `not-understood`.
    """
    known = vocabulary()
    layout = read_layout(document, known, heads or {})
    found = contents_of(layout.segments, layout.parts, {line.number: line for line in document.lines})
    if not _is_credible(found, known):
        found = Contents(before=list(layout.segments))
    take_closing_words(found)
    language = tag_of(document.text)
    title = take_title(found, document.name, [line.text for line in document.lines[:12]], known)
    drafting = _Drafting(known, title)
    sections = drafting.sections(found)
    _flag_ends(found, sections, layout)
    flags = [*drafting.promises_broken(found, sections), *_unplaced(found, known)]
    return Structured(
        title, role_of(title, found, known), language, sections, flags, list(drafting.competencies.values())
    )


def _is_credible(found: Contents, known: Vocabulary) -> bool:
    """Whether enough questions look like questions or have answers; a numbered text alone is no bank."""
    questions = found.questions
    good = sum(bool(question.regions) or _asks(question.head[0], known) for question in questions)
    return good > 0 and good >= _CREDIBLE * len(questions)


def _asks(segment: Segment, known: Vocabulary) -> bool:
    return bool(segment.label or segment.fixed or known.question_cue.search(segment.text))


def _flag_ends(found: Contents, sections: Sequence[DraftSection], layout: Layout) -> None:
    questions = found.questions
    drafts = [question for section in sections for question in section.questions]
    if not questions:
        return
    if layout.is_orphaned or begins_cut_off(questions[0]):
        _cut(drafts[0], questions[0].head[0])
    if is_cut_off(questions[-1], questions[:-1], layout.is_preview):
        _cut(drafts[-1], questions[-1].segments[-1])


def _cut(draft: DraftQuestion, segment: Segment) -> None:
    if not draft.incomplete:
        draft.incomplete = True
        draft.flags = [*draft.flags, flag("cut-off", segment.text[-80:], [segment])]


def _unplaced(found: Contents, known: Vocabulary) -> list[Flag]:
    """Flags for what stands in no question: as instructions to a model, or as not understood."""
    loose = [*found.before, *(segment for section in found.sections for segment in section.opening)]
    loose += [segment for segment in found.labels if segment.label in ANSWERING]
    told = instructions_in([*loose, *(s.titles[-1] for s in found.sections if s.titles)], known)
    telling = {(entry.span.line, entry.span.start) for entry in told if entry.span is not None}
    rest = [p for p in loose if (p.line, p.head) not in telling and read_promise(p.text, known) == Promise()]
    runs: list[list[Segment]] = []
    for segment in sorted(rest, key=lambda segment: (segment.line, segment.head)):
        if runs and segment.line - runs[-1][-1].line <= 2:
            runs[-1].append(segment)
        else:
            runs.append([segment])
    return [*told, *(flag("not-understood", " ".join(segment.text for segment in run), run) for run in runs)]


class _Drafting:
    """Found sections become draft sections; keys and competencies are numbered through the document."""

    def __init__(self, known: Vocabulary, title: str) -> None:
        self._known = known
        self._title = title
        self._questions = 0
        self.competencies: dict[str, Competency] = {}

    def sections(self, found: Contents) -> list[DraftSection]:
        whole = self._promise_before(found)
        drafts = []
        shared = _shared(found.sections)
        for number, section in enumerate(found.sections, 1):
            titles = tuple(self._plain(title.text) for title in section.titles)
            promise = self._promise(section)
            marks = promise.per_question or whole.each
            setting = Setting(titles, marks)
            questions = [self._question(question, setting) for question in section.questions]
            name = " · ".join(dict.fromkeys(title for title in titles[shared:] if title)) or self._title
            drafts.append(DraftSection(key=f"s{number}", title=name[:200], questions=questions))
        return drafts

    def _question(self, found: FoundQuestion, setting: Setting) -> DraftQuestion:
        self._questions += 1
        question, words = draft_question(found, f"q{self._questions}", setting, self._known)
        if words:
            for word in words:
                number = len(self.competencies) + 1
                self.competencies.setdefault(word, Competency(id=f"c{number}", title=word[:200]))
            question.competencies = [self.competencies[word].id for word in dict.fromkeys(words)]
        return question

    def _plain(self, title: str) -> str:
        return clean_title(without_promise(title, self._known))

    def _promise(self, section: FoundSection) -> Promise:
        """What the section's titles, the innermost first, or its opening say."""
        for segment in (*reversed(section.titles), *section.opening):
            promise = read_promise(segment.text, self._known)
            if promise != Promise():
                return promise
        return Promise()

    def _promise_before(self, found: Contents) -> Promise:
        for segment in found.before:
            promise = read_promise(segment.text, self._known)
            if promise != Promise():
                return promise
        return read_promise(self._title, self._known)

    def promises_broken(self, found: Contents, drafts: Sequence[DraftSection]) -> list[Flag]:
        """A flag for every title or preface that promises another number of questions or marks."""
        held: dict[Segment, list[DraftQuestion]] = {}
        for section, draft in zip(found.sections, drafts, strict=True):
            for title in section.titles:
                held.setdefault(title, []).extend(draft.questions)
        everything = [question for draft in drafts for question in draft.questions]
        held |= {segment: everything for segment in found.before if everything}
        return [
            flag("count-disagrees", segment.text, [segment])
            for segment, questions in held.items()
            if _is_broken(read_promise(segment.text, self._known), questions)
        ]


def _shared(sections: Sequence[FoundSection]) -> int:
    """How many outer titles tell no section from another, because all of several have them."""
    depth = 0
    while len(sections) > 1 and all(len(s.titles) > depth + 1 for s in sections):
        if len({section.titles[depth] for section in sections}) > 1:
            break
        depth += 1
    return depth


def _is_broken(promise: Promise, questions: Sequence[DraftQuestion]) -> bool:
    if promise.count is not None and promise.count != len(questions):
        return True
    marks = [question.max_score for question in questions]
    if promise.total is None or None in marks:
        return False
    return abs(sum(mark for mark in marks if mark is not None) - promise.total) > 0.01
