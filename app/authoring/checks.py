"""What keeps a question of a draft from being published. Pure."""

from collections import Counter
from typing import Any

from pydantic import ValidationError

from app.authoring.schemas import DraftSummary, LeftOutReason
from app.banks.schema import Question
from app.documents.draft import Draft, DraftQuestion, Flag, FlagReason

_SHOWN = 200
# What is settled once the words it is about are gone from the question.
_ABOUT_WORDS: frozenset[FlagReason] = frozenset(
    {"unreadable", "doubtful-repair", "instructions", "not-understood"}
)


def reasons_against(question: DraftQuestion) -> list[LeftOutReason]:
    """Why the question would be left out of a publication; empty when it would be taken."""
    if not question.included:
        return ["not-included"]
    reasons: dict[LeftOutReason, None] = dict.fromkeys(flag.reason for flag in question.blocking)
    if question.incomplete:
        reasons["cut-off"] = None
    return list(reasons | dict.fromkeys(lacks(question)))


def lacks(question: DraftQuestion) -> list[LeftOutReason]:
    """Where the question is not what a bank's schema asks for."""
    try:
        Question.model_validate({"id": "draft", **published_fields(question)})
    except ValidationError as error:
        found: dict[LeftOutReason, None] = {}
        for details in error.errors(include_url=False, include_input=False):
            if details["type"] in {"string_too_long", "too_long"}:
                found["too-long"] = None
            else:
                found["no-points" if details["loc"][0] == "points" else "no-text"] = None
        return list(found)
    return []


def published_fields(question: DraftQuestion) -> dict[str, Any]:
    """The question's fields as a bank has them; of the points only text and weight, blank ones left out."""
    fields: dict[str, Any] = {
        "text": question.text,
        "kind": question.kind,
        "difficulty": question.difficulty,
        "examines": question.examines or None,
        "reference_answer": question.reference_answer or None,
        "points": [
            {"id": f"p{number}", "text": point.text, "weight": point.weight}
            for number, point in enumerate((point for point in question.points if point.text), 1)
        ],
    }
    return fields if question.max_score is None else fields | {"max_score": question.max_score}


def texts_of(question: DraftQuestion) -> list[str]:
    """Every text of the question."""
    fields = [question.text, question.examines or "", question.reference_answer or ""]
    return [*fields, *(point.text for point in question.points)]


def recheck(question: DraftQuestion, before: DraftQuestion | None = None) -> None:
    """Bring the flags in step with the question after a change; `before` is as it was.

    Lacks get a flag and lose it once they are made good. A flag about words that the change removed from
    the question is settled.
    """
    found = lacks(question)
    for reason in ("no-points", "too-long"):
        if reason not in found:
            question.flags = [flag for flag in question.flags if flag.reason != reason]
        elif all(flag.reason != reason for flag in question.flags):
            question.flags.append(Flag(text=question.text[:_SHOWN], reason=reason, span=question.span))
    if question.incomplete and all(flag.reason != "cut-off" for flag in question.flags):
        question.flags.append(Flag(text=question.text[-_SHOWN:], reason="cut-off", span=question.span))
    if before is not None:
        old, new = texts_of(before), texts_of(question)
        for flag in question.flags:
            if flag.reason in _ABOUT_WORDS and flag.text and _is_in(flag.text, old):
                flag.settled = flag.settled or not _is_in(flag.text, new)


def summarise(draft: Draft) -> DraftSummary:
    """The counts of a draft."""
    questions = [question for _, question in draft.questions()]
    included = [question for question in questions if question.included]
    publishable = sum(not reasons_against(question) for question in included)
    repairs: Counter[str] = Counter()
    for repair in draft.repairs:
        repairs[repair.kind] += repair.count
    flags = [*draft.flags, *(flag for question in questions for flag in question.flags)]
    unsettled = [flag for flag in flags if not flag.settled]
    return DraftSummary(
        title=draft.title,
        questions=len(questions),
        included=len(included),
        publishable=publishable,
        blocked=len(included) - publishable,
        incomplete=sum(question.incomplete for question in questions),
        points=sum(len(question.points) for question in questions),
        repairs=dict(repairs),
        doubtful=sum(flag.reason == "doubtful-repair" for flag in unsettled),
        flags=len(unsettled),
    )


def _is_in(words: str, texts: list[str]) -> bool:
    return any(words in text for text in texts)
