"""Existing questions that new ones nearly repeat."""

from collections.abc import Sequence

from app.search.candidates import Scope
from app.search.index import Corpus, QuestionIndex
from app.search.likeness import likeness
from app.search.ranking import POOL, gather
from app.search.service import MAX_QUERY_CHARS, Hit, undisturbed
from app.text.fold import words


def near_duplicates(
    index: QuestionIndex, texts: Sequence[str], *, exclude_bank: str | None = None
) -> list[list[Hit]]:
    """For each question text the questions of all banks that nearly repeat it, best first.

    `exclude_bank` leaves one bank out. A hit's `score` is in 0.5..1, 1 for the same words or meaning, and
    compares hits of any text; a text without words repeats nothing. Blocks: call it in a thread. Raises
    `ConflictError` before the first sync, `SetupError` when the carried encoder can't be loaded.
    """

    def find(corpus: Corpus) -> list[list[Hit]]:
        return [_repeated(index, corpus, text[:MAX_QUERY_CHARS], exclude_bank) for text in texts]

    return undisturbed(index, find)


def _repeated(index: QuestionIndex, corpus: Corpus, text: str, exclude_bank: str | None) -> list[Hit]:
    if not words(text):
        return []
    asked = likeness(text)
    hits = []
    for position in gather(index, corpus, text, POOL, Scope({})).positions:
        place = corpus.entries.place(position)
        found = likeness(place.question.text)
        if place.bank.id != exclude_bank and asked.nearly_repeats(found):
            question = place.question
            score = round(asked.nearness(found), 6)
            hits.append(Hit(question.id, place.bank.id, place.section.id, question.text, score))
    return sorted(hits, key=lambda hit: (-hit.score, hit.question_id))
