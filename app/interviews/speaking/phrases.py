"""The interviewer's static words: `prompts/<language>/phrases.yaml`, strict, with declared placeholders."""

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from app.banks.schema import Kind
from app.interviews.flow.moves import Intent, Mode
from app.languages.files import LanguageFile, Strict


def _without_placeholders(text: str) -> str:
    return _with_placeholders(text, frozenset())


def _with_role_and_count(text: str) -> str:
    return _with_placeholders(text, frozenset({"role", "of"}))


def _with_fact(text: str) -> str:
    if "{fact}" not in text:
        raise ValueError("lacks {fact}, where what is known stands")
    return _with_placeholders(text, frozenset({"fact"}))


def _with_placeholders(text: str, allowed: frozenset[str]) -> str:
    if not text.strip():
        raise ValueError("is empty")
    used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if used - allowed:
        raise ValueError(f"uses {sorted(used - allowed)}; allowed are {sorted(allowed)}")
    return text


Words = Annotated[str, AfterValidator(_without_placeholders)]
Variants = Annotated[list[Words], Field(min_length=1)]
Several = Annotated[list[Words], Field(min_length=3)]
Many = Annotated[list[Words], Field(min_length=12)]


class ByMode(Strict):
    """One phrase for each mode of an interview."""

    practice: Words
    assessment: Words

    def of(self, mode: Mode) -> str:
        return self.practice if mode == "practice" else self.assessment


class ByKind(Strict):
    """One phrase for each kind of question."""

    behavioural: Words
    situational: Words
    knowledge: Words
    motivation: Words

    def of(self, kind: Kind) -> str:
        return str(getattr(self, kind))


class Greeting(Strict):
    """`welcome` may use `{role}` and `{of}`; `modes` says how scores are used."""

    welcome: Annotated[str, AfterValidator(_with_role_and_count)]
    ways: Words
    modes: ByMode
    first_question: Words


class Emotional(Strict):
    """Lines for a reply that shows feeling, which `cues` say."""

    cues: Variants
    lines: Many


class Heard(Strict):
    """Said before a question that stands alone, where nothing of the reply can be named.

    By its manner: few words, many, or neither.
    """

    short: Many
    long: Many
    vague: Many
    emotional: Emotional


class MovingOn(Strict):
    """Said before the next question, where nothing of the reply can be named, or there was no answer."""

    heard: Many
    skipped: Variants
    did_not_know: Variants


class Leads(Strict):
    """What stands directly before a question, the last question, a hint, the question once more."""

    question: Variants
    last_question: Words
    hint: Words
    again: Variants


class Asides(Strict):
    """One true line for each kind of reply that is no answer, by `Intent`; the question follows once more.

    `fact` tells what is known of the job and company.
    """

    about_job: Several
    about_interviewer: Several
    about_case: Several
    time: Several
    example: Several
    nerves: Several
    declines: Several
    trouble: Several
    complaint: Several
    demand: Several
    language: Several
    greeting: Several
    off_topic: Several
    fact: Annotated[str, AfterValidator(_with_fact)]

    def of(self, intent: Intent) -> list[str]:
        """The lines for an intent that has some."""
        lines: list[str] = getattr(self, intent.value)
        return lines


class Confirm(Strict):
    """Asks whether to give up what can't be taken back, and says what to type."""

    dont_know: Several
    skip: Several
    end: Several

    def of(self, intent: Intent) -> list[str]:
        lines: list[str] = getattr(self, intent.value)
        return lines


class ManyByKind(Strict):
    """Questions that fit any reply to a question of the kind."""

    behavioural: Several
    situational: Several
    knowledge: Several
    motivation: Several

    def of(self, kind: Kind) -> list[str]:
        lines: list[str] = getattr(self, kind)
        return lines


class Hints(Strict):
    refused: Words
    none_left: Words


class Explanation(Strict):
    """What kind of reply is asked for, by kind of question and for follow-ups."""

    kinds: ByKind
    follow_up: Words
    question_again: Words


class Invitation(Strict):
    """Asks what the candidate would like to know, and after an answer what else."""

    first: Several
    again: Several


class Closing(Strict):
    asked_to_end: Words
    time_up: Words
    questions_done: Words
    modes: ByMode


class Distress(Strict):
    """Care for a person under strain; `cues` are words that only someone speaking of themselves would use.

    `help` is added where they may be in danger, which `danger` cues say.
    """

    cues: list[Words]
    words: Words
    danger: list[Words]
    help: Words


class Phrases(LanguageFile):
    """One language's file."""

    file = "phrases"

    greeting: Greeting
    heard: Heard
    moving_on: MovingOn
    # Instead of these where a reply is not made of words.
    unclear: Variants
    leads: Leads
    deeper: ManyByKind
    asides: Asides
    confirm: Confirm
    # Words of praise, verdicts and promises, which the interviewer never says, and those of grading and such,
    # which it says only after the candidate or the question did.
    never: list[Words] = Field(default_factory=list)
    never_first: list[Words] = Field(default_factory=list)
    repeat: Words
    resume: Words
    pause: Words
    hints: Hints
    explanation: Explanation
    invitation: Invitation
    closing: Closing
    distress: Distress
