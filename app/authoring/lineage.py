"""Which question of a bank's current version a question of a draft is, so that ids stay. Pure."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from app.banks.schema import Bank, Question
from app.documents.draft import DraftQuestion
from app.text.fold import words

# A question reworded this little is the same one; with half of its points kept, a longer way is allowed.
ALIKE = 0.85
ALIKE_WITH_POINTS = 0.6
_CANDIDATES = 5
# Pairs of characters that very many questions have tell nothing.
_COMMON = 200


def kin(questions: Sequence[DraftQuestion], current: Bank | None) -> dict[str, Question]:
    """The current question for the key of each question that is one; no two are the same one.

    The same id says so, else the same words, else nearly the same words.
    """
    if current is None:
        return {}
    left = {question.id: question for section in current.sections for question in section.questions}
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
