"""Ids and version numbers of what is published: kept from the current version, else made anew. Pure."""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Sequence
from difflib import SequenceMatcher

from app.banks.schema import Bank, Question
from app.documents.draft import DraftQuestion
from app.text.fold import fold, words

LONGEST_BANK_ID = 60
_UNFIT = re.compile(r"[^a-z0-9]+")
_DIGITS = 8
# A question reworded this little is the same one; with half of its points kept, a longer way is allowed.
ALIKE = 0.85
ALIKE_WITH_POINTS = 0.6
_CANDIDATES = 5
# Pairs of characters that very many questions have tell nothing.
_COMMON = 200


def slug(text: str, longest: int = LONGEST_BANK_ID) -> str:
    """The text in a-z, 0-9 and hyphens, Chinese as pinyin; empty when nothing is left. Cut at a hyphen."""
    # Its dictionary takes a tenth of a second to load, and only imports need it.
    from pypinyin import lazy_pinyin

    spelt = _UNFIT.sub("-", " ".join(lazy_pinyin(fold(text).text)).casefold()).strip("-")
    if len(spelt) <= longest:
        return spelt
    return spelt[: longest + 1].rpartition("-")[0] or spelt[:longest]


def free_id(wanted: str, taken: Collection[str]) -> str:
    """`wanted`, or with the first number behind it that is not taken."""
    number, found = 1, wanted
    while found in taken:
        number += 1
        found = f"{wanted}-{number}"
    return found


def question_id(bank_id: str, text: str, taken: Collection[str]) -> str:
    """The bank's id and 8 hexadecimal digits of what the question says; more where these are taken."""
    bank_id = bank_id[:LONGEST_BANK_ID]
    digest = hashlib.sha256((words(text) or text).encode()).hexdigest()
    for digits in range(_DIGITS, 17):
        if (found := f"{bank_id}-{digest[:digits]}") not in taken:
            return found
    return free_id(f"{bank_id}-{digest[:_DIGITS]}", taken)


def version_key(version: str) -> tuple[int, ...]:
    """What versions are ordered by."""
    return tuple(int(part) for part in version.split("."))


def raised(version: str, *, minor: bool) -> str:
    """The next minor version, or the next patch."""
    major, middle, patch = version_key(version)
    return f"{major}.{middle + 1}.0" if minor else f"{major}.{middle}.{patch + 1}"


def ancestors_of(questions: Sequence[DraftQuestion], current: Bank | None) -> dict[str, Question]:
    """The current question for the key of each question that is one; no two are the same one.

    The same id says so, else the same words, else nearly the same words.
    """
    if current is None:
        return {}
    left = {question.id: question for _, question in current.questions()}
    found: dict[str, Question] = {}
    for question in questions:
        if question.id is not None and question.id in left:
            found[question.key] = left.pop(question.id)
    by_words = {words(question.text): question.id for question in reversed(left.values())}
    for question in questions:
        if question.key not in found and (name := by_words.pop(words(question.text), None)) is not None:
            found[question.key] = left.pop(name)
    unknown = [question for question in questions if question.key not in found]
    for question, old in _reworded(unknown, list(left.values())):
        found[question.key] = old
    return found


def _reworded(new: list[DraftQuestion], old: list[Question]) -> list[tuple[DraftQuestion, Question]]:
    """Pairs of questions that are much alike, the most alike first served."""
    texts = [words(question.text) for question in old]
    holders: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        for pair in _pairs(text):
            holders.setdefault(pair, []).append(place)
    alike: list[tuple[float, int, int]] = []
    for number, question in enumerate(new):
        text = words(question.text)
        shared = Counter(
            place
            for pair in _pairs(text)
            if len(places := holders.get(pair, [])) <= _COMMON
            for place in places
        )
        for place, _ in shared.most_common(_CANDIDATES):
            likeness = SequenceMatcher(None, text, texts[place], autojunk=False).ratio()
            if likeness >= ALIKE or (likeness >= ALIKE_WITH_POINTS and _keeps_points(question, old[place])):
                alike.append((-likeness, number, place))
    pairs: list[tuple[DraftQuestion, Question]] = []
    used: tuple[set[int], set[int]] = set(), set()
    for _, number, place in sorted(alike):
        if number not in used[0] and place not in used[1]:
            used[0].add(number)
            used[1].add(place)
            pairs.append((new[number], old[place]))
    return pairs


def _pairs(text: str) -> set[str]:
    return {text[place : place + 2] for place in range(len(text) - 1)}


def _keeps_points(question: DraftQuestion, old: Question) -> bool:
    before = {words(point.text) for point in old.points}
    return 2 * len(before & {words(point.text) for point in question.points}) >= len(before)
