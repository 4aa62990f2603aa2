"""What the index holds: one entry for each question and for each rubric point, in columns.

Numbers instead of objects keep a hundred thousand questions with their points below 20 MB; texts stay where
the banks have them.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.banks.schema import Bank, Question, RubricPoint, Section

EntryKind = Literal["questions", "points"]
KINDS: tuple[EntryKind, ...] = ("questions", "points")
Keys = NDArray[np.uint64]
Positions = NDArray[np.int64]
_Facets = Mapping[tuple[str, str], NDArray[np.int32]]

_APART = "\x1f"

# Part of every document's key: raise it when `lexical.terms` gives other terms, and all are written again.
_TERMS_VERSION = "1"


def content_key(*parts: str) -> int:
    """64 bits that name a content: two different ones among half a million share a key once in 10⁸ times."""
    joined = _APART.join(parts).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(joined, digest_size=8).digest(), "big")


def key_name(key: int) -> str:
    """The key as Chroma holds it: 16 hexadecimal digits."""
    return f"{key:016x}"


@dataclass(frozen=True)
class BankQuestion:
    """A question with its bank and section; what it can be filtered by."""

    bank: Bank
    section: Section
    question: Question

    @property
    def facets(self) -> Iterator[tuple[str, str]]:
        """Field and value of everything the question can be filtered by."""
        yield "bank", self.bank.id
        yield "section", self.section.id
        yield "kind", self.question.kind
        yield "difficulty", self.question.difficulty
        yield "language", self.bank.language
        for competency in self.question.competencies:
            yield "competency", competency


@dataclass(frozen=True, eq=False)
class BankEntries:
    """The entries of one bank.

    `question_keys` name what a question's vector is made of (its text and its points), `point_keys` a point's
    text, `document_keys` all that the lexical index knows of a question. `point_counts` says how many points
    each question has; the points stand in the questions' order. `facets` tell which questions have a value.
    """

    bank: Bank
    questions: Sequence[tuple[Section, Question]]
    question_keys: Keys
    document_keys: Keys
    point_keys: Keys
    point_counts: NDArray[np.int64]
    facets: _Facets

    @classmethod
    def of(cls, bank: Bank) -> "BankEntries":
        questions = bank.questions()
        texts = [[point.text for point in question.points] for _, question in questions]
        return cls(
            bank=bank,
            questions=questions,
            question_keys=_keys(
                content_key(question.text, *points)
                for (_, question), points in zip(questions, texts, strict=True)
            ),
            document_keys=_keys(
                content_key(
                    _TERMS_VERSION,
                    question.id,
                    question.text,
                    *points,
                    *(f"{field}={value}" for field, value in BankQuestion(bank, section, question).facets),
                )
                for (section, question), points in zip(questions, texts, strict=True)
            ),
            point_keys=_keys(content_key(text) for points in texts for text in points),
            point_counts=np.fromiter(map(len, texts), np.int64, len(texts)),
            facets=_facets_of(bank, questions),
        )


def _keys(keys: Iterable[int]) -> Keys:
    return np.fromiter(keys, np.uint64)


def without(keys: Keys, others: Keys) -> Keys:
    """The keys that are not among the others; both stand in rising order, each key once."""
    if not len(others):
        return keys
    places = np.minimum(np.searchsorted(others, keys), len(others) - 1)
    return np.asarray(keys[others[places] != keys], dtype=np.uint64)


class KeyTable:
    """Finds the positions of keys; equal contents share a key, so a key may have several positions."""

    def __init__(self, keys: Keys) -> None:
        self._order = np.argsort(keys, kind="stable")
        self._sorted = keys[self._order]

    def unique(self) -> Keys:
        """Each key once, in rising order."""
        first = np.diff(self._sorted, prepend=~self._sorted[:1]) != 0
        return np.asarray(self._sorted[first], dtype=np.uint64)

    def find(self, keys: Sequence[int]) -> list[Positions]:
        """The positions of each key, empty for one that is not here."""
        wanted = np.asarray(keys, dtype=np.uint64)
        starts = np.searchsorted(self._sorted, wanted, "left")
        ends = np.searchsorted(self._sorted, wanted, "right")
        return [self._order[start:end] for start, end in zip(starts, ends, strict=True)]


class Entries:
    """The entries of all banks; a position is a question's or a point's row in every column."""

    def __init__(self, banks: Sequence[BankEntries]) -> None:
        self.banks = banks
        self._bank_ends = np.cumsum([len(bank.questions) for bank in banks], dtype=np.int64)
        self.size = int(self._bank_ends[-1]) if banks else 0
        counts = np.concatenate([np.empty(0, np.int64), *(bank.point_counts for bank in banks)])
        self.point_ends = np.cumsum(counts)
        self.point_owners: Positions = np.repeat(np.arange(self.size), counts)
        self.document_keys: Keys = _joined([bank.document_keys for bank in banks])
        self.keys: dict[EntryKind, Keys] = {
            "questions": _joined([bank.question_keys for bank in banks]),
            "points": _joined([bank.point_keys for bank in banks]),
        }
        self.tables: dict[EntryKind, KeyTable] = {kind: KeyTable(keys) for kind, keys in self.keys.items()}
        self.documents = KeyTable(self.document_keys)
        self.positions: Mapping[str, int] = {
            question.id: position
            for position, (_, question) in enumerate(each for bank in banks for each in bank.questions)
        }
        self._facets = _facet_positions(banks)

    def __len__(self) -> int:
        return self.size

    @property
    def count(self) -> int:
        """How many entries there are: questions and points."""
        return self.size + len(self.point_owners)

    def names(self, keys: Mapping[EntryKind, Collection[int]]) -> set[str]:
        """The ids of the entries with these contents, a point's as `question#point`."""
        names: set[str] = set()
        for positions in self.tables["questions"].find(list(keys["questions"])):
            names |= {self.question_at(position).question.id for position in positions}
        for rows in self.tables["points"].find(list(keys["points"])):
            for row in rows:
                owner, point = self.point(row)
                names.add(f"{self.question_at(owner).question.id}#{point.id}")
        return names

    def question_at(self, position: int) -> BankQuestion:
        number = int(np.searchsorted(self._bank_ends, position, "right"))
        bank = self.banks[number]
        start = int(self._bank_ends[number]) - len(bank.questions)
        return BankQuestion(bank.bank, *bank.questions[position - start])

    def point_rows(self, position: int) -> range:
        """The rows of a question's points."""
        start = int(self.point_ends[position - 1]) if position else 0
        return range(start, int(self.point_ends[position]))

    def point(self, row: int) -> tuple[int, RubricPoint]:
        """The position of the point's question and the point."""
        owner = int(self.point_owners[row])
        return owner, self.question_at(owner).question.points[row - self.point_rows(owner).start]

    def admitted(self, filters: Mapping[str, str]) -> NDArray[np.bool_] | None:
        """Which questions fit all filters, by position; None when there are no filters."""
        if not filters:
            return None
        fits = np.ones(self.size, dtype=np.bool_)
        for facet in filters.items():
            mask = np.zeros(self.size, dtype=np.bool_)
            mask[self._facets.get(facet, _NOWHERE)] = True
            fits &= mask
        return fits


_NOWHERE = np.empty(0, dtype=np.int32)


def _joined(columns: Sequence[Keys]) -> Keys:
    return np.concatenate(columns) if columns else np.empty(0, dtype=np.uint64)


def _facet_positions(banks: Sequence[BankEntries]) -> Mapping[tuple[str, str], NDArray[np.int32]]:
    found: dict[tuple[str, str], list[NDArray[np.int32]]] = {}
    start = 0
    for bank in banks:
        for facet, positions in bank.facets.items():
            found.setdefault(facet, []).append(positions + np.int32(start))
        start += len(bank.questions)
    return {facet: np.concatenate(parts) for facet, parts in found.items()}


def _facets_of(bank: Bank, questions: Sequence[tuple[Section, Question]]) -> _Facets:
    found: dict[tuple[str, str], list[int]] = {}
    for position, (section, question) in enumerate(questions):
        for facet in BankQuestion(bank, section, question).facets:
            found.setdefault(facet, []).append(position)
    return {facet: np.asarray(positions, dtype=np.int32) for facet, positions in found.items()}
