"""Which questions a template asks: strata of its banks, and draws that fill them. Pure."""

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import get_args

from pydantic import BaseModel, ConfigDict

from app.banks.schema import Bank, Difficulty, Question, Section
from app.interviews.planning.plan import Plan, PlannedQuestion
from app.recruiting.templates.content import Part
from app.recruiting.templates.errors import ContentError, DrawError, FieldProblem
from app.search.near_duplicates import wording

DIFFICULTIES: tuple[Difficulty, ...] = get_args(Difficulty)


class Stratum(BaseModel):
    """So many questions of one difficulty in one section of a bank."""

    model_config = ConfigDict(frozen=True)

    bank: str
    section: str
    difficulty: Difficulty
    count: int


class Drawing(BaseModel):
    """What a template keeps of its banks: the `strata` of every draw, and the `plan` if all get the same."""

    model_config = ConfigDict(frozen=True)

    strata: list[Stratum]
    plan: Plan | None = None


class BankNews(BaseModel):
    """A bank with another version than the questions are from: so many `changed`, so many are `gone`."""

    bank: str
    title: str
    before: str
    after: str
    changed: int
    gone: int


def strata_of(parts: Sequence[Part], banks: Mapping[str, Bank]) -> list[Stratum]:
    """The strata that the parts stand for: each section's difficulties in the bank's own proportions.

    Raises `ContentError` for banks and sections that there are not, too few questions, or mixed languages.
    """
    problems: list[FieldProblem] = []
    strata: list[Stratum] = []
    for part in parts:
        bank = banks.get(part.bank)
        if bank is None:
            problems.append(_problem(part, "", "unknown_bank", "there is no such bank"))
            continue
        if _tongue(bank) != _tongue(banks.get(parts[0].bank, bank)):
            problems.append(_problem(part, "", "mixed_languages", "the banks speak different languages"))
        found = _part_problems(part, bank)
        problems += found
        if not found:
            strata += _part_strata(part, bank)
    if problems:
        raise ContentError(problems)
    return strata


def draw(strata: Sequence[Stratum], banks: Mapping[str, Bank], seed: int) -> Plan:
    """A plan that fills the strata, the same for the same seed and banks.

    In the banks' order, easy before hard within a section; no two questions nearly repeat each other while
    there are others. Where a stratum lost questions since it was made, other difficulties of its section step
    in. May load the encoder, so call it in a thread. Raises `DrawError`.
    """
    chance = random.Random(f"draw {seed}")
    chosen: list[tuple[tuple[int, int, int, int], PlannedQuestion]] = []
    order = list(dict.fromkeys(stratum.bank for stratum in strata))
    for stratum in strata:
        bank, section = _place(stratum, banks)
        taken = {planned.question.id for _, planned in chosen}
        drawn = sorted(section.questions, key=lambda _: chance.random())
        drawn = [question for question in drawn if question.id not in taken]
        own = [question for question in drawn if question.difficulty == stratum.difficulty]
        others = [question for question in drawn if question.difficulty != stratum.difficulty]
        texts = [planned.question.text for _, planned in chosen]
        picked = [*_fresh_first(own, stratum.count, texts), *others][: stratum.count]
        if len(picked) < stratum.count:
            raise DrawError(
                f"the section {section.id} of the bank {bank.id} has too few questions left",
                hint="Open the template and save it with counts that the bank can fill.",
            )
        for question in picked:
            place = (
                order.index(bank.id),
                bank.sections.index(section),
                DIFFICULTIES.index(question.difficulty),
                section.questions.index(question),
            )
            chosen.append((place, _planned(bank, section, question)))
    chosen.sort(key=lambda item: item[0])
    return plan_of([banks[bank_id] for bank_id in order], [planned for _, planned in chosen])


def plan_of(banks: Sequence[Bank], questions: Sequence[PlannedQuestion]) -> Plan:
    """A plan whose questions are of these banks; the first one gives it its id, version and role."""
    first = Plan.of(banks[0], questions)
    titles = {competency.id: competency.title for bank in reversed(banks) for competency in bank.competencies}
    return first.model_copy(
        update={"title": " + ".join(bank.title for bank in banks), "competencies": titles}
    )


def newer_banks(plan: Plan, banks: Mapping[str, Bank]) -> list[BankNews]:
    """The banks of a plan that have another version now."""
    found = []
    for bank_id, before in {each.bank_id: each.bank_version for each in plan.questions}.items():
        bank = banks.get(bank_id)
        if bank is None or bank.version == before:
            continue
        now = {question.id: question for _, question in bank.questions()}
        planned = [each.question for each in plan.questions if each.bank_id == bank_id]
        gone = sum(question.id not in now for question in planned)
        changed = sum(question.id in now and now[question.id] != question for question in planned)
        found.append(
            BankNews(
                bank=bank_id,
                title=bank.title,
                before=before,
                after=bank.version,
                changed=changed,
                gone=gone,
            )
        )
    return found


def in_newest_version(plan: Plan, banks: Mapping[str, Bank]) -> Plan | None:
    """The same questions as the banks have them now, in the plan's order; None if one of them is gone."""
    places = {
        (bank.id, question.id): _planned(bank, section, question)
        for bank in banks.values()
        for section, question in bank.questions()
    }
    questions = [places.get((each.bank_id, each.question.id)) for each in plan.questions]
    if not all(questions):
        return None
    order = dict.fromkeys(each.bank_id for each in plan.questions)
    return plan_of([banks[bank_id] for bank_id in order], [each for each in questions if each])


def _part_problems(part: Part, bank: Bank) -> list[FieldProblem]:
    sizes = {section.id: len(section.questions) for section in bank.sections}
    wanted = [("", part.count, sum(sizes.values()))] if part.count is not None else []
    wanted += [(section, count, sizes.get(section, 0)) for section, count in part.sections.items()]
    problems = []
    for section, count, there in wanted:
        if section and section not in sizes:
            problems.append(_problem(part, section, "unknown_section", "the bank has no such section"))
        elif count > there:
            message = f"{count} questions were asked for, {there} are available"
            problems.append(_problem(part, section, "too_many", message, there=there))
    return problems


def _part_strata(part: Part, bank: Bank) -> Iterator[Stratum]:
    sizes = [len(section.questions) for section in bank.sections]
    counts = (
        [part.sections.get(section.id, 0) for section in bank.sections]
        if part.count is None
        else _spread(part.count, sizes)
    )
    for section, count in zip(bank.sections, counts, strict=True):
        there = [
            sum(question.difficulty == difficulty for question in section.questions)
            for difficulty in DIFFICULTIES
        ]
        for difficulty, share in zip(DIFFICULTIES, _shares(count, there), strict=True):
            if share:
                yield Stratum(bank=bank.id, section=section.id, difficulty=difficulty, count=share)


def _spread(count: int, sizes: Sequence[int]) -> list[int]:
    """`count` dealt out one by one, in turns, to places that take at most their size."""
    counts = [0] * len(sizes)
    while sum(counts) < min(count, sum(sizes)):
        for place, size in enumerate(sizes):
            if counts[place] < size and sum(counts) < count:
                counts[place] += 1
    return counts


def _shares(count: int, there: Sequence[int]) -> list[int]:
    """`count` split in proportion to `there` by largest remainder; ties go to the earlier."""
    total = sum(there)
    shares = [count * size // total for size in there]
    by_remainder = sorted(range(len(there)), key=lambda place: -(count * there[place] % total))
    for place in by_remainder[: count - sum(shares)]:
        shares[place] += 1
    return shares


def _fresh_first(questions: Sequence[Question], count: int, texts: Sequence[str]) -> list[Question]:
    """The first `count` questions that repeat neither one another nor `texts`, then those that do."""
    fresh: list[Question] = []
    repeating: list[Question] = []
    for question in questions:
        if len(fresh) == count:
            break
        said = [wording(text) for text in (*texts, *(each.text for each in fresh))]
        new = wording(question.text)
        repeats = any(new.is_near_duplicate_in_words(other) for other in said)
        (repeating if repeats else fresh).append(question)
    return fresh + repeating


def _place(stratum: Stratum, banks: Mapping[str, Bank]) -> tuple[Bank, Section]:
    bank = banks.get(stratum.bank)
    for section in bank.sections if bank else ():
        if bank and section.id == stratum.section:
            return bank, section
    raise DrawError(
        f"the bank {stratum.bank} or its section {stratum.section} is no longer there",
        hint="Open the template, choose its questions anew and save it.",
    )


def _planned(bank: Bank, section: Section, question: Question) -> PlannedQuestion:
    return PlannedQuestion(
        bank_id=bank.id, bank_version=bank.version, section_title=section.title, question=question
    )


def _problem(part: Part, section: str, kind: str, message: str, **values: object) -> FieldProblem:
    name = ".".join(["parts", part.bank, *([section] if section else [])])
    return FieldProblem(name, kind, message, values)


def _tongue(bank: Bank) -> str:
    return bank.language.partition("-")[0]
