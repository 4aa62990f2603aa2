"""What of a reply can't be judged, or must not be: decided in code, before any call. Pure.

Only text that can't win a credit under any rubric is kept from the judge; whatever is in doubt is judged.
"""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.scoring.rubric import AnswerPart, Item
from app.scoring.screening.addressing import addressed_to_grader
from app.scoring.screening.copying import repeats_question, repeats_reply, repeats_rubric
from app.scoring.screening.noise import is_noise
from app.scoring.screening.spans import blotted, without
from app.scoring.screening.wording import Wording, shipped_wording
from app.text.fold import FoldedText, fold
from app.text.units import units

VERSION = 2


class Code(StrEnum):
    """What the guard says of a reply; a card's reason begins with it, so that pages can translate it.

    The weightiest first: a card names one.
    """

    COPIED_RUBRIC = "copied-rubric"
    ADDRESSED_GRADER = "addressed-grader"
    REPEATED_REPLY = "repeated-reply"
    COPIED_QUESTION = "copied-question"
    MASTER_KEY = "master-key"
    NOISE = "noise"
    EMPTY = "empty"


REASONS = {
    Code.COPIED_RUBRIC: "The reply repeats the rubric or the reference answer.",
    Code.ADDRESSED_GRADER: "Words addressed to the grader were left out; only the rest was judged.",
    Code.REPEATED_REPLY: "The reply is nearly the same as one to another question.",
    Code.COPIED_QUESTION: "The reply only repeats the question.",
    Code.MASTER_KEY: "The reply is a stock phrase that answers nothing.",
    Code.NOISE: "The reply is not made of words.",
    Code.EMPTY: "The reply has no words.",
}
# A person should see these; what they lead to may be unjust, or deserve more than a low score.
FOR_REVIEW = frozenset({Code.COPIED_RUBRIC, Code.ADDRESSED_GRADER, Code.REPEATED_REPLY})


@dataclass(frozen=True)
class Screening:
    """What of an answer is judged, and why the rest is not.

    `judged` are the replies as the judge reads them, without what addresses the grader; `typed` are the same
    replies with that blotted out by line ends, so that offsets into them are offsets into what was typed.
    `caught` says of the replies that are not judged why, by `seq`; `noted` what is odd about judged ones.
    """

    judged: tuple[AnswerPart, ...]
    caught: dict[int, Code]
    typed: tuple[AnswerPart, ...] = ()
    noted: dict[int, Code] = field(default_factory=dict)

    @property
    def code(self) -> Code | None:
        """What the card should name although something was judged: the weightiest for a person to see."""
        codes = {*self.caught.values(), *self.noted.values()} & FOR_REVIEW
        return next((code for code in Code if code in codes), None)


def screen(
    item: Item, answer: Sequence[AnswerPart], wording: Wording | None = None, elsewhere: Sequence[str] = ()
) -> Screening:
    """The replies to one question, each checked by itself; `elsewhere` are replies to other questions."""
    wording = wording or shipped_wording()
    judged: list[AnswerPart] = []
    typed: list[AnswerPart] = []
    caught: dict[int, Code] = {}
    noted: dict[int, Code] = {}
    for part in answer:
        told = addressed_to_grader(part.text, wording)
        left = without(part.text, told)
        folded = fold(left)
        code = check(item, folded, wording)
        if code is not None:
            caught[part.seq] = Code.ADDRESSED_GRADER if told and code in {Code.EMPTY, Code.NOISE} else code
            continue
        judged.append(AnswerPart(part.seq, left))
        typed.append(AnswerPart(part.seq, blotted(part.text, told)))
        if told:
            noted[part.seq] = Code.ADDRESSED_GRADER
        elif elsewhere and repeats_reply(units(folded), elsewhere):
            noted[part.seq] = Code.REPEATED_REPLY
    return Screening(tuple(judged), caught, tuple(typed), noted)


def check(item: Item, reply: str | FoldedText, wording: Wording | None = None) -> Code | None:
    """Why `reply`, without what addresses the grader, needs no judging, or None."""
    folded = fold(reply)
    said = units(folded)
    if not said:
        shows_something = any(unicodedata.category(c) in {"So", "Sk", "Co", "Cn"} for c in folded.text)
        return Code.NOISE if shows_something else Code.EMPTY
    if is_noise(said):
        return Code.NOISE
    if (wording or shipped_wording()).is_master_key(folded):
        return Code.MASTER_KEY
    if repeats_question(said, item.question):
        return Code.COPIED_QUESTION
    if repeats_rubric(said, item):
        return Code.COPIED_RUBRIC
    return None


def reason(code: Code) -> str:
    """The card's reason: the code, then English words."""
    return f"{code}: {REASONS[code]}"
