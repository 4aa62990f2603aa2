"""The start page's form: what it offers, and what was chosen as a request for an interview."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pydantic import ValidationError

from app.banks.schema import Bank
from app.errors import BadInputError
from app.interviews.schemas import NewInterview

USUAL_QUESTIONS = 5


@dataclass(frozen=True)
class SectionCard:
    id: str
    title: str
    questions: int


@dataclass(frozen=True)
class BankCard:
    """A bank as the start page shows it; `questions` counts those of all its sections.

    `languages` are those an interview from it can be held in, its own first.
    """

    id: str
    title: str
    description: str | None
    language: str
    languages: tuple[str, ...]
    sections: tuple[SectionCard, ...]
    questions: int


def bank_cards(banks: Iterable[Bank], language: str, languages: Callable[[str], list[str]]) -> list[BankCard]:
    """The banks, those in the visitor's language first."""
    cards = [
        BankCard(
            bank.id,
            bank.title,
            bank.description,
            bank.language,
            tuple(languages(bank.language)),
            tuple(
                SectionCard(section.id, section.title, len(section.questions)) for section in bank.sections
            ),
            sum(len(section.questions) for section in bank.sections),
        )
        for bank in banks
    ]
    primary = language.partition("-")[0]
    return sorted(cards, key=lambda card: card.language.partition("-")[0] != primary)


@dataclass(frozen=True)
class Choice:
    """What the form holds; `sections` are `bank/section`, so that one form can offer every bank's."""

    bank: str
    sections: tuple[str, ...] = ()
    questions: int = USUAL_QUESTIONS
    follow_ups: int = 1
    practice: bool = True
    job_description: str = ""
    language: str = ""

    def available(self, card: BankCard) -> int:
        """How many questions the bank has in the chosen sections; in all of them if none is chosen."""
        chosen = [each.questions for each in card.sections if f"{card.id}/{each.id}" in self.sections]
        return sum(chosen) or card.questions

    def wanted(self) -> NewInterview:
        """The interview asked for. Raises `BadInputError`."""
        prefix = f"{self.bank}/"
        sections = [section.removeprefix(prefix) for section in self.sections if section.startswith(prefix)]
        try:
            return NewInterview(
                bank=self.bank,
                questions=self.questions,
                sections=sections or None,
                language=self.language or None,
                mode="practice" if self.practice else "assessment",
                follow_ups=self.follow_ups,
                job_description=self.job_description or None,
                seed=None,
            )
        except ValidationError as error:
            problems = "; ".join(f"{problem['loc'][0]}: {problem['msg']}" for problem in error.errors())
            raise BadInputError(problems, hint="Change the named fields.") from error
