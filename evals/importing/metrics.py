"""How much of a document a draft got right, counted against its truth."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from app.documents.draft import Draft, DraftPoint, DraftQuestion
from app.text.scripts import EVERYDAY_HAN
from evals.importing.distance import distance
from evals.importing.truth import TruePoint, TrueQuestion, Truth
from evals.importing.wording import signs

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹ"
_GLOSS = re.compile(rf"(?<=[{EVERYDAY_HAN}])[（(][a-z{_TONED}]*[{_TONED}][a-z{_TONED}]*[)）]", re.IGNORECASE)
_WEIGHT_SLACK = 0.001


@dataclass(frozen=True)
class Share:
    """`right` of `of`."""

    right: int = 0
    of: int = 0

    def __add__(self, other: "Share") -> "Share":
        return Share(self.right + other.right, self.of + other.of)

    def __str__(self) -> str:
        return f"{self.right}/{self.of}" if self.of else "–"


@dataclass(frozen=True)
class Structure:
    """What was understood. Every share is out of what the truth holds, so a question that was not found has
    none of its parts right; the extras were found where the truth has nothing.

    `questions` and `points` were found when `Wording.same` says so; `exact` of both to the last letter.
    `placed` questions are in the right section. `marks` are right when the question's are, none where there
    are none, and its points' weights are in proportion to the marks they carry. `incomplete` counts the
    questions whose "cut off" is right, either way.
    """

    sections: Share = Share()
    questions: Share = Share()
    placed: Share = Share()
    points: Share = Share()
    exact: Share = Share()
    marks: Share = Share()
    incomplete: Share = Share()
    answers: Share = Share()
    examined: Share = Share()
    extra_questions: int = 0
    extra_points: int = 0

    def __add__(self, other: "Structure") -> "Structure":
        return Structure(**{name: getattr(self, name) + getattr(other, name) for name in vars(self)})


@dataclass
class Misses:
    """In words, for whoever wants to know why."""

    missed: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)


def understood(draft: Draft, truth: Truth) -> tuple[Structure, Misses]:
    """The figures of a draft's structure, and what they were lowered by."""
    misses = Misses()
    found = [(section.title, question) for section, question in draft.questions()]
    titles = [section.title for section in draft.sections]
    total = Structure()
    for section in truth.sections:
        named = section.title is None or any(section.title.same(title) for title in titles)
        total += Structure(sections=Share(int(named), 1) if section.title else Share())
        for true in section.questions:
            match = _take(found, true)
            if match is None:
                misses.missed.append(f"question: {true.text}")
                total += _nothing(true)
                continue
            title, question = match
            placed = section.title is None or section.title.same(title)
            total += Structure(questions=Share(1, 1), placed=Share(int(placed), 1))
            total += _parts(question, true, misses)
    misses.extra += [f"question: {question.text}" for _, question in found]
    unmatched = sum(len(question.points) for _, question in found)
    return total + Structure(extra_questions=len(found), extra_points=unmatched), misses


def changed(before: Sequence[str], after: Sequence[str]) -> int:
    """Characters in which two readings of a document differ, line ends included, nothing folded."""
    return distance("\n".join(before), "\n".join(after))


def wrong(text: str, clean: str) -> int:
    """Characters to be changed to make the text the clean one, both folded, punctuation kept, without white
    space."""
    return distance(signs(clean), signs(text))


def sentences_right(draft: Draft, truth: Truth) -> tuple[Share, Share]:
    """Of the sentences that were damaged in the document: how many the repaired text has letter by letter,
    and how many with their punctuation too."""
    text = "".join(draft.lines)
    right = [(wording.digest.of, wording.occurs(text)) for wording in truth.sentences if wording.digest]
    letters, with_punctuation = (
        [occurs for of, occurs in right if of == kind] for kind in ("letters", "signs")
    )
    return Share(sum(letters), len(letters)), Share(sum(with_punctuation), len(with_punctuation))


def left_over(draft: Draft) -> int:
    """Private-use and replacement characters, and pinyin in brackets, in what candidates and scorer read."""
    return sum(
        sum(unicodedata.category(c) == "Co" or c == "\ufffd" for c in text) + len(_GLOSS.findall(text))
        for text in _texts(draft)
    )


def _texts(draft: Draft) -> list[str]:
    texts = [section.title for section in draft.sections]
    for _, question in draft.questions():
        texts += [question.text, question.reference_answer or "", question.examines or ""]
        texts += [point.text for point in question.points]
    return texts


def _take(found: list[tuple[str, DraftQuestion]], true: TrueQuestion) -> tuple[str, DraftQuestion] | None:
    for index, (_, question) in enumerate(found):
        if true.text.same(question.text):
            return found.pop(index)
    return None


def _nothing(true: TrueQuestion) -> Structure:
    return Structure(
        questions=Share(0, 1),
        placed=Share(0, 1),
        points=Share(0, len(_required(true))),
        exact=Share(0, 1 + len(_required(true))),
        marks=Share(0, 1),
        incomplete=Share(0, 1),
        answers=Share(0, int(true.answer is not None)),
        examined=Share(0, int(true.examines is not None)),
    )


def _parts(question: DraftQuestion, true: TrueQuestion, misses: Misses) -> Structure:
    pairs, extra = _pair(question.points, true.points)
    required = [(point, match) for point, match in pairs if not point.optional]
    hits = [(point, match) for point, match in required if match is not None]
    exact = sum(any(wording.exactly(match.text) for wording in point.wordings()) for point, match in hits)
    misses.missed += [
        f"point: {point.text} (of: {question.text})" for point, match in required if match is None
    ]
    misses.extra += [f"point: {point.text} (of: {question.text})" for point in extra]
    answered = true.answer is not None and true.answer.given_by(question.reference_answer)
    examined = true.examines is not None and true.examines.opens(question.examines or "")
    marked = question.max_score == true.marks and _in_proportion(pairs)
    return Structure(
        points=Share(len(hits), len(required)),
        exact=Share(true.text.exactly(question.text) + exact, 1 + len(required)),
        marks=Share(int(marked), 1),
        incomplete=Share(int(question.incomplete == true.incomplete), 1),
        answers=Share(int(answered), int(true.answer is not None)),
        examined=Share(int(examined), int(true.examines is not None)),
        extra_points=len(extra),
    )


def _required(true: TrueQuestion) -> list[TruePoint]:
    return [point for point in true.points if not point.optional]


def _pair(
    found: Sequence[DraftPoint], true: Sequence[TruePoint]
) -> tuple[list[tuple[TruePoint, DraftPoint | None]], list[DraftPoint]]:
    """Each true point with the first point found that says it, and the points found that say none."""
    left = list(found)
    pairs: list[tuple[TruePoint, DraftPoint | None]] = []
    for point in true:
        says = (one for one in left if any(wording.same(one.text) for wording in point.wordings()))
        match = next(says, None)
        left = [one for one in left if one is not match]
        pairs.append((point, match))
    return pairs, left


def _in_proportion(pairs: Sequence[tuple[TruePoint, DraftPoint | None]]) -> bool:
    marked = [(point.marks, found.weight) for point, found in pairs if point.marks and found]
    marks, weights = sum(mark for mark, _ in marked), sum(weight for _, weight in marked)
    return all(abs(mark / marks - weight / weights) < _WEIGHT_SLACK for mark, weight in marked)
