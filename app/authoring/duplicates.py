"""Questions of other banks that a draft repeats, looked up once for each text."""

import asyncio
import logging
from collections.abc import Mapping, Sequence

from cachetools import LRUCache

from app.authoring.schemas import Duplicate
from app.background import TaskSet
from app.documents.draft import Draft
from app.errors import AppError
from app.search.index import QuestionIndex
from app.text.fold import words

log = logging.getLogger("interviewer.banks")

WAIT_SECONDS = 1.0
_AT_ONCE = 8
_REMEMBERED = 50_000

_Key = tuple[int, str, str]


class DuplicateFinder:
    """Asks the index in the background and remembers what it said: one text takes some 40 ms."""

    def __init__(self, index: QuestionIndex) -> None:
        self._index = index
        self._known: LRUCache[_Key, list[Duplicate]] = LRUCache(_REMEMBERED)
        self._looking = TaskSet()
        self._turn = asyncio.Lock()

    async def of(
        self, draft_id: str, draft: Draft, bank_id: str, number: int, *, look: bool
    ) -> tuple[dict[str, list[Duplicate]], int]:
        """Duplicates by question key, besides those in the bank itself, and how many are not looked up yet.

        `number` is the publication that the index holds. With `look`, what is missing is looked up: a second
        is waited for it, the rest is there later. An index that fails finds none.
        """
        texts = {
            question.key: question.text
            for _, question in draft.questions()
            if question.included and words(question.text)
        }
        places = {key: (number, bank_id, words(text)) for key, text in texts.items()}
        missing = {place: texts[key] for key, place in places.items() if place not in self._known}
        if look and missing:
            if draft_id not in self._looking:
                self._looking.spawn(self._look_up(missing, bank_id), draft_id)
            await self._looking.wait(draft_id, WAIT_SECONDS)
        known = {key: self._known[place] for key, place in places.items() if place in self._known}
        found = {key: duplicates for key, duplicates in known.items() if duplicates}
        return found, len(places) - len(known)

    async def close(self) -> None:
        """Stop looking."""
        await self._looking.close()

    async def _look_up(self, missing: Mapping[_Key, str], bank_id: str) -> None:
        places = list(missing)
        # One draft after the other: candidates' interviews need the processor too.
        async with self._turn:
            for start in range(0, len(places), _AT_ONCE):
                chosen = places[start : start + _AT_ONCE]
                try:
                    found = await asyncio.to_thread(self._ask, [missing[place] for place in chosen], bank_id)
                except AppError as error:
                    log.warning("repeated questions can't be looked for: %s", error.detail)
                    return
                except Exception:
                    log.exception("repeated questions can't be looked for")
                    return
                self._known.update(zip(chosen, found, strict=True))

    def _ask(self, texts: Sequence[str], bank_id: str) -> list[list[Duplicate]]:
        # Looking for them brings an encoder with it, which only drafts need.
        from app.search.service import near_duplicates

        return [
            [
                Duplicate(question_id=hit.question_id, bank=hit.bank, text=hit.text, score=hit.score)
                for hit in hits
            ]
            for hits in near_duplicates(self._index, texts, exclude_bank=bank_id)
        ]
