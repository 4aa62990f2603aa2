"""Which questions an interview asks, and in which order."""

import asyncio
import random
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from app.banks.schema import Bank, Question
from app.errors import BadInputError
from app.search.index import QuestionIndex
from app.search.near_duplicates import ComparedText, wording
from app.search.service import MAX_HITS, MAX_QUERY_CHARS, search
from app.text.fold import fold, words

DEFAULT_COUNT = 6

# With a job description, chance may lift a question past others this much more relevant (scores are 0..1).
CHANCE_SHARE = 0.15

# Best-liked questions looked at closely: so many for each one asked for, so that a huge bank costs no more.
DEPTH = 4

_ORDER = {"easy": 0, "medium": 1, "hard": 2}


class PlannedQuestion(BaseModel):
    """A question of the interview, the title of its section, and the bank and version it is from."""

    model_config = ConfigDict(frozen=True)

    bank_id: str
    bank_version: str
    section_title: str
    question: Question


class Plan(BaseModel):
    """What an interview asks, complete in itself: banks may change or go, the plan stays.

    `competencies` are titles by id. `written_in` is the language of the bank where it is not the plan's.
    """

    model_config = ConfigDict(frozen=True)

    bank_id: str
    title: str
    version: str
    role: str
    language: str
    written_in: str = ""
    competencies: dict[str, str]
    questions: list[PlannedQuestion]

    @classmethod
    def of(cls, bank: Bank, questions: Sequence[PlannedQuestion]) -> "Plan":
        """A plan whose questions are all of one bank."""
        return cls(
            bank_id=bank.id,
            title=bank.title,
            version=bank.version,
            role=bank.role,
            language=bank.language,
            competencies={competency.id: competency.title for competency in bank.competencies},
            questions=list(questions),
        )


@dataclass(frozen=True)
class _Candidate:
    section: int
    position: int
    question: Question
    liking: float

    @property
    def wording(self) -> ComparedText:
        return wording(self.question.text)


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

    `sections` names sections by id or title, a mapping also how many questions of each. Otherwise `count`
    questions (6, or all if there are fewer) are spread evenly over the sections. With a job description the
    questions closest to it are preferred, else chance decides. No two of them nearly repeat each other. The
    same bank, request and seed give the same plan. Raises `BadInputError` naming the field and what is valid.
    """
    sections = sections or None
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
    wanted = count or DEFAULT_COUNT
    candidates = await _candidates(bank, questions_index, list(quotas), wanted, job_description, seed)
    limits = {number: quota for number, quota in quotas.items() if quota is not None}
    chosen = await asyncio.to_thread(_choose, candidates, wanted, limits)
    if count is not None and len(chosen) < count:
        raise await asyncio.to_thread(_too_many, bank, count, limits, candidates)
    chosen.sort(key=lambda item: (item.section, _ORDER[item.question.difficulty], item.position))
    return [
        PlannedQuestion(
            bank_id=bank.id,
            bank_version=bank.version,
            section_title=bank.sections[item.section].title,
            question=item.question,
        )
        for item in chosen
    ]


def _quotas(bank: Bank, sections: Sequence[str] | Mapping[str, int] | None) -> dict[int, int | None]:
    """The numbers of the sections to ask from, each with its count if one was given."""
    if sections is None:
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
    bank: Bank, index: QuestionIndex, numbers: list[int], wanted: int, job_description: str | None, seed: int
) -> list[_Candidate]:
    """The best-liked questions of each section, best first."""
    likings = await _likings(bank, index, job_description, seed)
    places = [
        (number, position, question)
        for number in numbers
        for position, question in sorted(
            enumerate(bank.sections[number].questions), key=lambda place: -likings[place[1].id]
        )[: DEPTH * wanted]
    ]
    return [
        _Candidate(number, position, question, likings[question.id]) for number, position, question in places
    ]


async def _likings(
    bank: Bank, index: QuestionIndex, job_description: str | None, seed: int
) -> dict[str, float]:
    """How much each question of the bank is wanted: chance alone, or relevance with a little of it."""
    chance = random.Random(f"{bank.id} {bank.version} {seed}")
    drawn = {question.id: chance.random() for _, question in bank.questions()}
    if job_description is None or not words(job_description[:MAX_QUERY_CHARS]):
        return drawn
    hits = await search(index, job_description[:MAX_QUERY_CHARS], min(len(drawn), MAX_HITS), bank=bank.id)
    relevance = {hit.question_id: hit.score for hit in hits}
    return {name: relevance.get(name, 0.0) + CHANCE_SHARE * draw for name, draw in drawn.items()}


def _choose(candidates: list[_Candidate], count: int, limits: Mapping[int, int]) -> list[_Candidate]:
    """Sections take turns, the one with the best-liked question first; each gives its best-liked question.

    What nearly repeats a chosen question is passed over.
    """
    waiting: dict[int, deque[_Candidate]] = {}
    for item in sorted(candidates, key=lambda item: -item.liking):
        waiting.setdefault(item.section, deque()).append(item)
    taken = dict.fromkeys(waiting, 0)
    chosen: list[_Candidate] = []
    while any(waiting.values()):
        for number, queue in waiting.items():
            new = _next_new(queue, chosen) if taken[number] < limits.get(number, count) else None
            if new is None:
                queue.clear()
                continue
            chosen.append(new)
            taken[number] += 1
            if len(chosen) == count:
                return chosen
    return chosen


def _next_new(queue: deque[_Candidate], chosen: list[_Candidate]) -> _Candidate | None:
    while queue:
        item = queue.popleft()
        if not any(item.wording.is_near_duplicate_in_words(other.wording) for other in chosen):
            return item
    return None


def _too_many(
    bank: Bank, count: int, limits: Mapping[int, int], candidates: list[_Candidate]
) -> BadInputError:
    for number, limit in limits.items():
        section = bank.sections[number]
        there = len(section.questions)
        if limit > there:
            return BadInputError(
                f"sections.{section.id}: {limit} questions were asked for, {there} are available",
                hint=f"Ask for at most {there}.",
            )
    distinct = len(_choose(candidates, len(candidates), {}))
    repeats = len(candidates) - distinct
    note = f" ({repeats} more nearly repeat others)" if repeats else ""
    return BadInputError(
        f"questions: {count} were asked for, {distinct} are available in the chosen sections{note}",
        hint=f"Ask for at most {distinct}, or choose more sections.",
    )
