"""Statements: for every rubric point of a question, sentences that cover just that point.

Suites compose replies from them whose credits are known by construction (`datasets/statements.yaml`). A
language model wrote them; that each covers its own point and no other is its word, not a person's.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from app.banks.schema import Question
from app.errors import SetupError
from evals.labelled import STATEMENTS

WORDINGS = 2
FILLERS = 2


@dataclass(frozen=True)
class Statements:
    """`points`: point id → two wordings of the same statement. `filler`: two sentences that cover nothing."""

    points: Mapping[str, tuple[str, ...]]
    filler: tuple[str, ...]


def read_statements(questions: Mapping[str, Question], path: Path = STATEMENTS) -> dict[str, Statements]:
    """The statements of `questions`, by question id.

    Raises `SetupError` naming the file and every question and point whose statements are missing or unusable.
    Questions of the file that are not asked for are not looked at.
    """
    content = _content(path)
    problems: list[str] = []
    found = {}
    for question in questions.values():
        entry: Any = content.get(question.id)
        faults = _faults(question, entry)
        problems += [f"{question.id}: {fault}" for fault in faults]
        if not faults:
            points = {point.id: tuple(entry["points"][point.id]) for point in question.points}
            found[question.id] = Statements(points, tuple(entry["filler"]))
    if problems:
        raise SetupError(
            f"{path}: " + "; ".join(problems),
            hint=f"Write {WORDINGS} wordings of every point and {FILLERS} filler sentences.",
        )
    return found


def _content(path: Path) -> dict[str, Any]:
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise SetupError(f"{path}: there is no such file", hint="Restore it from the repository.") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SetupError(f"{path}: {error}", hint="Correct the file.") from error
    if not isinstance(content, dict):
        raise SetupError(f"{path}: not a map of question ids", hint="Correct the file.")
    return content


def _faults(question: Question, entry: Any) -> list[str]:
    if not isinstance(entry, dict) or not isinstance(entry.get("points"), dict):
        return ["no statements"]
    points = entry["points"]
    faults = [
        f"point {point.id}: {fault}"
        for point in question.points
        if (fault := _fault_of(points.get(point.id), WORDINGS))
    ]
    faults += [f"point {name}: the question has no such point" for name in _strangers(question, points)]
    if fault := _fault_of(entry.get("filler"), FILLERS):
        faults.append(f"filler: {fault}")
    return faults


def _fault_of(texts: Any, wanted: int) -> str | None:
    if texts is None:
        return "missing"
    if not isinstance(texts, list) or not all(isinstance(text, str) and text.strip() for text in texts):
        return "not a list of sentences"
    if len(texts) != wanted:
        return f"{len(texts)} sentences instead of {wanted}"
    return "the same sentence twice" if len(set(texts)) < wanted else None


def _strangers(question: Question, points: Mapping[Any, Any]) -> list[str]:
    known = {point.id for point in question.points}
    return [str(name) for name in points if name not in known]
