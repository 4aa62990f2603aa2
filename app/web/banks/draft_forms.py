"""The form of one question: read from a draft or from a post, changed by its buttons, checked. Pure."""

import hashlib
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import get_args

from starlette.datastructures import FormData

from app.authoring.schemas import PointEdit, QuestionEdit
from app.banks.schema import Difficulty, Kind
from app.documents.draft import DraftQuestion, DraftSection
from app.text.quoting import clean
from app.web.rendering import marks

KINDS: tuple[Kind, ...] = get_args(Kind)
DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)
_MOST_POINTS = 40
_MOST_MARKS = 1000
_MOST_WEIGHT = 100


@dataclass(frozen=True)
class PointForm:
    """A rubric point as typed; `proposed` only says whether to show it as an LLM's."""

    text: str
    weight: str = "1"
    proposed: bool = False
    probe: str = ""


@dataclass(frozen=True)
class Difference:
    """A field that someone else and this visitor left different."""

    field: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class QuestionForm:
    """What the form holds, as typed."""

    text: str
    kind: str
    difficulty: str
    max_score: str
    examines: str
    reference_answer: str
    section: str
    included: bool
    points: tuple[PointForm, ...]

    @classmethod
    def of(cls, section: DraftSection, question: DraftQuestion) -> "QuestionForm":
        """The question as it stands."""
        return cls(
            text=question.text,
            kind=question.kind,
            difficulty=question.difficulty,
            max_score="" if question.max_score is None else marks(question.max_score),
            examines=question.examines or "",
            reference_answer=question.reference_answer or "",
            section=section.key,
            included=question.included,
            points=tuple(
                PointForm(point.text, marks(point.weight), point.proposed, point.probe or "")
                for point in question.points
            ),
        )

    @classmethod
    def read(cls, sent: FormData, question: DraftQuestion) -> "QuestionForm":
        """What was sent; points that read as before keep their sign of being proposed."""
        proposed = {point.text for point in question.points if point.proposed}
        texts = [clean(str(value)) for value in sent.getlist("point_text")]
        weights = [_plain(str(value)) for value in sent.getlist("point_weight")]
        weights += ["1"] * (len(texts) - len(weights))
        probes = [clean(str(value)) for value in sent.getlist("point_probe")]
        probes += [""] * (len(texts) - len(probes))
        return cls(
            text=_text(sent, "text"),
            kind=_text(sent, "kind"),
            difficulty=_text(sent, "difficulty"),
            max_score=_plain(_text(sent, "max_score")),
            examines=_text(sent, "examines"),
            reference_answer=_text(sent, "reference_answer"),
            section=_text(sent, "section"),
            included="included" in sent,
            points=tuple(
                PointForm(text, weight, text in proposed, probe)
                for text, weight, probe in zip(texts, weights, probes, strict=False)
            ),
        )

    @property
    def mark(self) -> str:
        """What a form carries to tell whether the question was changed meanwhile: 16 hexadecimal digits."""
        return hashlib.sha256(repr(asdict(self)).encode("utf-8", "replace")).hexdigest()[:16]

    def after(self, do: str) -> tuple["QuestionForm", str]:
        """The form after one of its points' buttons, and what is to have the focus then."""
        points = list(self.points)
        step, _, number = do.partition("-")
        place = int(number) if number.isascii() and number.isdigit() else 0
        if step == "add":
            points.append(PointForm(""))
            return replace(self, points=tuple(points)), f"point-{len(points) - 1}"
        if step not in ("up", "down", "remove") or not place < len(points):
            return self, ""
        if step == "remove":
            del points[place]
            focus = f"point-{min(place, len(points) - 1)}" if points else "add"
            return replace(self, points=tuple(points)), focus
        target = place + (1 if step == "down" else -1)
        if not 0 <= target < len(points):
            return self, ""
        points[place], points[target] = points[target], points[place]
        at_the_end = target in (0, len(points) - 1)
        focus = f"point-{target}" if at_the_end else f"{step}-{target}"
        return replace(self, points=tuple(points)), focus

    def problems(self, sections: Sequence[DraftSection]) -> list[str]:
        """What keeps it from being saved, as names of problems."""
        found = [] if self.text else ["text"]
        if self.max_score and not _is_number(self.max_score, _MOST_MARKS):
            found.append("max_score")
        kept = [point for point in self.points if point.text]
        if not all(_is_number(point.weight, _MOST_WEIGHT) for point in kept):
            found.append("weight")
        if len(kept) > _MOST_POINTS:
            found.append("points")
        if (
            self.kind not in KINDS
            or self.difficulty not in DIFFICULTIES
            or all(section.key != self.section for section in sections)
        ):
            found.append("choice")
        return found

    def edit(self) -> QuestionEdit:
        """The change this form asks for; only for a form without problems."""
        return QuestionEdit.model_validate(
            {
                "text": self.text,
                "kind": self.kind,
                "difficulty": self.difficulty,
                "max_score": float(self.max_score) if self.max_score else None,
                "examines": self.examines,
                "reference_answer": self.reference_answer,
                "section": self.section,
                "included": self.included,
                "points": [
                    PointEdit(text=point.text, weight=float(point.weight), probe=point.probe)
                    for point in self.points
                    if point.text
                ],
            }
        )

    def differences(self, theirs: "QuestionForm") -> list[Difference]:
        """The fields in which this form and another one differ."""
        return [
            Difference(field, _shown(getattr(theirs, field)), _shown(getattr(self, field)))
            for field in asdict(self)
            if _shown(getattr(theirs, field)) != _shown(getattr(self, field))
        ]


def _text(sent: FormData, name: str) -> str:
    return clean(str(sent.get(name, "")))


def _plain(number: str) -> str:
    """A number as typed on any keyboard: full-width digits and a decimal comma are taken too."""
    return unicodedata.normalize("NFKC", number).strip().replace(",", ".")


def _is_number(typed: str, most: float) -> bool:
    try:
        return 0 < float(typed) <= most
    except ValueError:
        return False


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "\n".join(f"· {point.text} ({point.weight}) {point.probe}".rstrip() for point in value)
    if isinstance(value, bool):
        return "✓" if value else "✗"
    return str(value)
