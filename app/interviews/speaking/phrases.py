"""The interviewer's static words: `prompts/<language>/phrases.yaml`, strict, with declared placeholders."""

from string import Formatter
from typing import Annotated

from pydantic import AfterValidator, Field

from app.banks.schema import Kind
from app.interviews.flow.moves import Mode
from app.languages.files import LanguageFile, Strict


def _without_placeholders(text: str) -> str:
    return _with_placeholders(text, frozenset())


def _with_role_and_count(text: str) -> str:
    return _with_placeholders(text, frozenset({"role", "of"}))


def _with_told(text: str) -> str:
    if "{told}" not in text:
        raise ValueError("lacks {told}, where what the candidate said stands")
    return _with_placeholders(text, frozenset({"told"}))


def _with_placeholders(text: str, allowed: frozenset[str]) -> str:
    if not text.strip():
        raise ValueError("is empty")
    used = {name for _, name, _, _ in Formatter().parse(text) if name is not None}
    if used - allowed:
        raise ValueError(f"uses {sorted(used - allowed)}; allowed are {sorted(allowed)}")
    return text


Words = Annotated[str, AfterValidator(_without_placeholders)]
Variants = Annotated[list[Words], Field(min_length=1)]


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


class Grammar(Strict):
    """Words that tell whether a retold clause is true: who acts, what is denied, what cannot stand alone.

    `turned` are the first persons, each with the word that speaks to them, `openings` what they become at the
    beginning, where that is something else. `addressed` are second persons, `others` third ones; `dependent`
    words mark a clause that needs the next one, `hanging` words begin one that needs the last; `little` words
    count neither for nor against a likeness.
    """

    turned: dict[Words, Words]
    openings: dict[Words, str] = Field(default_factory=dict)
    addressed: Variants
    others: Variants
    negators: Variants
    dependent: Variants
    hanging: Variants
    little: Variants

    @property
    def speaker(self) -> list[str]:
        return list(self.turned)


class Acknowledgement(Strict):
    """What shows that a reply was heard.

    An opener, then the LLM's sentence, else a sentence of the reply in one of `told`, else a fallback.
    Neither sentence may have any of `avoid` (praise, grading, promises, advice). The LLM's begins with one of
    `starts`, is true to the reply by `grammar`, and has none of `voice`: words of somebody who speaks as the
    candidate or as a machine.
    """

    openers: Variants
    told: Annotated[list[Annotated[str, AfterValidator(_with_told)]], Field(min_length=1)]
    fallbacks: Variants
    starts: Variants
    avoid: list[Words] = Field(default_factory=list)
    voice: list[Words] = Field(default_factory=list)
    grammar: Grammar


class MovingOn(Strict):
    """Said instead of an acknowledgement when there was no answer."""

    skipped: Variants
    did_not_know: Variants


class Leads(Strict):
    """What stands directly before a question, the last question, a follow-up, a hint."""

    question: Variants
    last_question: Words
    follow_up: Variants
    hint: Words
    original: Words


class Hints(Strict):
    refused: Words
    none_left: Words


class Explanation(Strict):
    """What kind of reply is asked for, by kind of question and for follow-ups.

    `starts` are the words a simpler wording of the question may begin with; `avoid` as above.
    """

    kinds: ByKind
    follow_up: Words
    question_again: Words
    starts: Variants
    avoid: list[Words] = Field(default_factory=list)


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
    acknowledgement: Acknowledgement
    moving_on: MovingOn
    # Instead of an acknowledgement where a reply is not made of words.
    unclear: Variants
    leads: Leads
    any_more: Words
    repeat: Words
    resume: Words
    pause: Words
    hints: Hints
    explanation: Explanation
    closing: Closing
    distress: Distress
