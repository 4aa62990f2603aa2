"""Which questions an interview asks, and in which order: a pure choice, given what the index finds."""

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.banks.index import QuestionIndex
from app.banks.lexical import terms
from app.banks.schema import Bank, Question, Section
from app.banks.search import MAX_QUERY_CHARS, search
from app.errors import BadInputError, SetupError, StorageError
from app.text import fold, words

DEFAULT_COUNT = 6

# Unrelated questions of one bank reach a cosine of 0.96 in the carried embedding, reworded copies 0.99.
SAME_COSINE = 0.98
SAME_WORDS = 0.5

# With a job description, chance may lift a question past others about this much more relevant (scores are 0..1).
CHANCE_SHARE = 0.15

_ORDER = {"easy": 0, "medium": 1, "hard": 2}


@dataclass(frozen=True)
class PlannedQuestion:
    """A question of the interview with the title of its section."""

    section_title: str
    question: Question


@dataclass(frozen=True)
class _Candidate:
    section: int
    position: int
    question: Question
    terms: frozenset[str]
    vector: NDArray[np.float32] | None
    liking: float

    def nearly_repeats(self, other: "_Candidate") -> bool:
        shared = len(self.terms & other.terms) / max(len(self.terms | other.terms), 1)
        if shared >= SAME_WORDS:
            return True
        if self.vector is None or other.vector is None:
            return False
        return float(self.vector @ other.vector) >= SAME_COSINE


async def make_plan(
    bank: Bank,
    questions_index: QuestionIndex,
    *,
    count: int | None = None,
    sections: Sequence[str] | Mapping[str, int] | None = None,
    job_description: str | None = None,
    seed: int = 0,
) -> list[PlannedQuestion]:
    """The questions to ask, by section in the bank's order, easy before hard within a section.

    `sections` names sections by id or title, with a mapping also how many questions of each. Otherwise `count`
    questions (6, or all if there are fewer) are spread evenly over the sections. With a job description the
    questions closest to it come first, else chance decides. No two of them nearly repeat each other. The same
    bank, request and seed give the same plan. Raises `BadInputError` naming the field and what would be valid.
    """
    quotas = _quotas(bank, sections)
    if isinstance(sections, Mapping):
        asked = sum(sections.values())
        if count is not None and count != asked:
            raise BadInputError(
                f"questions: {count} were asked for, but the sections add up to {asked}",
                hint="Leave one out.",
            )
        count = asked
    if count is not None and count < 1:
        raise BadInputError(f"questions: {count} is too few", hint="Ask for at least one question.")
    candidates = await _candidates(bank, questions_index, list(quotas), job_description, seed)
    limits = {number: quota for number, quota in quotas.items() if quota is not None}
    chosen = _choose(candidates, count or DEFAULT_COUNT, limits, _turns(candidates, list(quotas), seed))
    if count is not None and len(chosen) < count:
        raise _too_many(bank, count, limits, candidates)
    chosen.sort(key=lambda item: (item.section, _ORDER[item.question.difficulty], item.position))
    return [PlannedQuestion(bank.sections[item.section].title, item.question) for item in chosen]


def _quotas(bank: Bank, sections: Sequence[str] | Mapping[str, int] | None) -> dict[int, int | None]:
    """The numbers of the sections to ask from, each with its count if one was given."""
    if sections is None or not sections:
        return dict.fromkeys(range(len(bank.sections)))
    quotas: dict[int, int | None] = {}
    for name in sections:
        number = _section_number(bank, name)
        quota = sections[name] if isinstance(sections, Mapping) else None
        if quota is not None and quota < 1:
            raise BadInputError(
                f"sections.{name}: {quota} is too few", hint="Ask for at least one, or leave it out."
            )
        if number in quotas and quota is not None:
            raise BadInputError(
                f"sections.{name}: this section is named twice", hint="Name each section once."
            )
        quotas[number] = quota
    return quotas


def _section_number(bank: Bank, name: str) -> int:
    for number, section in enumerate(bank.sections):
        if name == section.id or fold(name) == fold(section.title):
            return number
    valid = ", ".join(f"{section.id} ({section.title})" for section in bank.sections)
    raise BadInputError(
        f"sections: the bank {bank.id} has no section {name!r}", hint=f"Its sections: {valid}."
    )


async def _candidates(
    bank: Bank, index: QuestionIndex, numbers: list[int], job_description: str | None, seed: int
) -> list[_Candidate]:
    places = [
        (number, position, question)
        for number in numbers
        for position, question in enumerate(bank.sections[number].questions)
    ]
    likings = await _likings(bank, index, [question.id for *_, question in places], job_description, seed)
    try:
        vectors = await asyncio.to_thread(index.vectors, [question.id for *_, question in places])
    except (SetupError, StorageError):
        vectors = {}
    return [
        _Candidate(
            number,
            position,
            question,
            frozenset(terms(question.text)),
            vectors.get(question.id),
            likings[question.id],
        )
        for number, position, question in places
    ]


async def _likings(
    bank: Bank, index: QuestionIndex, question_ids: list[str], job_description: str | None, seed: int
) -> dict[str, float]:
    """How much each question is wanted: chance alone, or relevance with a little of it."""
    chance = random.Random(f"{bank.id} {bank.version} {seed}")
    drawn = {question_id: chance.random() for question_id in sorted(question_ids)}
    if job_description is None or not words(job_description):
        return drawn
    of_bank = sum(len(section.questions) for section in bank.sections)
    hits = await search(index, job_description[:MAX_QUERY_CHARS], of_bank, bank=bank.id)
    relevance = {hit.question_id: hit.score for hit in hits}
    return {
        question_id: relevance.get(question_id, 0.0) + CHANCE_SHARE * draw
        for question_id, draw in drawn.items()
    }


def _turns(candidates: list[_Candidate], numbers: list[int], seed: int) -> list[int]:
    """The order in which sections take turns: the one with the best-liked question first."""
    best = {number: max(item.liking for item in candidates if item.section == number) for number in numbers}
    return sorted(numbers, key=lambda number: -best[number])


def _choose(
    candidates: list[_Candidate], count: int, limits: Mapping[int, int], turns: list[int]
) -> list[_Candidate]:
    """Takes each section's best-liked question in turn, passing over what nearly repeats a chosen one."""
    waiting = {
        number: sorted(
            (item for item in candidates if item.section == number),
            key=lambda item: -item.liking,
            reverse=False,
        )
        for number in turns
    }
    chosen: list[_Candidate] = []
    taken = dict.fromkeys(turns, 0)
    while any(waiting.values()):
        for number in turns:
            if taken[number] >= limits.get(number, count):
                waiting[number] = []
            while waiting[number]:
                item = waiting[number].pop(0)
                if not any(item.nearly_repeats(other) for other in chosen):
                    chosen.append(item)
                    taken[number] += 1
                    break
            if len(chosen) == count:
                return chosen
    return chosen


def _too_many(
    bank: Bank, count: int, limits: Mapping[int, int], candidates: list[_Candidate]
) -> BadInputError:
    for number, limit in limits.items():
        section: Section = bank.sections[number]
        if limit > len(section.questions):
            return BadInputError(
                f"sections.{section.id}: {limit} questions were asked for, {len(section.questions)} are available",
                hint=f"Ask for at most {len(section.questions)}.",
            )
    distinct = len(_choose(candidates, len(candidates), {}, sorted({item.section for item in candidates})))
    repeats = len(candidates) - distinct
    note = f" ({repeats} more nearly repeat others)" if repeats else ""
    return BadInputError(
        f"questions: {count} were asked for, {distinct} are available in the chosen sections{note}",
        hint=f"Ask for at most {distinct}, or choose more sections.",
    )
