"""A damaged place, corrected by hand in every text of its question that was taken from it. Pure."""

from app.authoring.alignment import places_of
from app.authoring.schemas import PointEdit, QuestionEdit
from app.documents.draft import Draft, DraftQuestion, Flag

_AROUND = 8


def damaged_place(draft: Draft, question: DraftQuestion, flag: Flag) -> tuple[str, int, int] | None:
    """The flagged line and the half-open range of it that a person is to rewrite.

    Eight characters around the place belong to it where the question's texts hold them too. None where they
    don't hold the place itself, or it is not within one line.
    """
    span = flag.span
    if span is None or span.line != span.end_line or not 0 < span.line <= len(draft.lines):
        return None
    line = draft.lines[span.line - 1]
    for around in (_AROUND, 0):
        start, end = max(0, span.start - around), min(len(line), span.end + around)
        if corrected(question, line, start, end, "") is not None:
            return line, start, end
    return None


def corrected(question: DraftQuestion, line: str, start: int, end: int, text: str) -> QuestionEdit | None:
    """The change that puts `text` in the place of `line[start:end]`; None where no text holds that place."""

    def rewritten(field: str | None) -> str | None:
        places = places_of(field, line, start, end) if field else []
        return None if not places or field is None else field[: places[0][0]] + text + field[places[0][1] :]

    changes: dict[str, object] = {
        name: new
        for name in ("text", "examines", "reference_answer")
        if (new := rewritten(getattr(question, name))) is not None
    }
    points = [rewritten(point.text) for point in question.points]
    if any(point is not None for point in points):
        changes["points"] = [
            PointEdit(text=point.text if new is None else new, weight=point.weight)
            for point, new in zip(question.points, points, strict=True)
        ]
    return QuestionEdit.model_validate(changes) if changes else None
