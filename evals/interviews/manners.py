"""Rules that a follow-up must keep, checked in its text. They find faults; they do not prove good style."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

from pydantic import Field, StrictStr

from app.banks.leaks import leaks
from app.banks.schema import Question
from app.languages.files import Strict
from app.text.fold import fold
from app.text.units import Run, contains, runs, units
from evals.labelled import DATASETS
from evals.language_file import read_language_file

FOLDER = DATASETS / "follow_ups"
RUN_OF_CHARACTERS = 4
RUN_OF_WORDS = 3
_QUESTION_MARK = re.compile(r"[?？؟]+")
_MARKUP = re.compile(r"[<>{}\[\]*#`|]|\\n|^\s*-", re.MULTILINE)
_BLANK_LINE = re.compile(r"\n\s*\n")


class Manners(Strict):
    """One language's file: bounds of a follow-up's length, in characters of scripts counted so and else
    words, and words that no interviewer says."""

    shortest: int = Field(gt=0)
    longest: int = Field(gt=0)
    meta_words: Annotated[list[StrictStr], Field(min_length=1)]


def read_manners(language: str, folder: Path = FOLDER) -> Manners:
    """The file for `language`; `zh-CN` finds `zh`. Raises `SetupError` naming the file and its fault."""
    return read_language_file(Manners, folder, language)


def asks_once(text: str) -> bool:
    """Whether there is exactly one question in it, by its question marks."""
    return len(_QUESTION_MARK.findall(text)) == 1


def acknowledgement_of(text: str) -> str:
    """What stands before the first blank line, where the reply is acknowledged; "" without one."""
    parts = _BLANK_LINE.split(text.strip(), maxsplit=1)
    return parts[0].strip() if len(parts) == 2 else ""


def faults(text: str, before: str, manners: Manners) -> list[str]:
    """What is unnatural in a follow-up by rule; `before` is the interviewer's utterance before it.

    Codes: `repeated-acknowledgement`, `meta-words`, `markup`, `too-short`, `too-long`.
    """
    found = []
    acknowledgement = acknowledgement_of(text)
    if acknowledgement and acknowledgement == acknowledgement_of(before):
        found.append("repeated-acknowledgement")
    said = units(fold(text))
    if any(contains(said, units(fold(word))) for word in manners.meta_words):
        found.append("meta-words")
    if _MARKUP.search(text):
        found.append("markup")
    if len(said) < manners.shortest:
        found.append("too-short")
    if len(said) > manners.longest:
        found.append("too-long")
    return found


def leaked(text: str, question: Question, point: str | None, replies: Sequence[str]) -> list[str]:
    """What of the rubric or the reference answer an utterance gives away beyond the probe of `point`.

    By production's own check, and by one that knows nothing of it: runs of characters or words in common,
    across punctuation. What the candidate said, the question and the probe are known to them already.
    """
    probe = next((other.probe or "" for other in question.points if other.id == point), "")
    known = [probe, *replies]
    found = [f"check: {leak}" for leak in leaks(text, question, known)]
    free = _runs(question.text).union(*map(_runs, known))
    sources = {other.id: other.text for other in question.points}
    sources["reference answer"] = question.reference_answer or ""
    for name, source in sources.items():
        common = (_runs(text) & _runs(source)) - free
        found += [f"run: {name}: {' '.join(run)}" for run in sorted(common)]
    return found


def _runs(text: str) -> set[Run]:
    return set(runs(units(fold(text)), RUN_OF_CHARACTERS, RUN_OF_WORDS))
