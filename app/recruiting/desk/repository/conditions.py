"""The list's filters and orders as conditions on interviews."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, not_, or_

from app.db.tables import Interview
from app.db.word_index import WordQuery, named, said
from app.pagination import Place, beyond, read_in_order
from app.recruiting.desk.filters import SCORED_ONLY, TELLING, Filters, Sort, YesNo
from app.recruiting.reviews.repository import blind_to

Condition = ColumnElement[bool]
Numbers = Sequence[int] | Select[int]
_SHORTEST_ID = 4


@dataclass(frozen=True)
class Order:
    """What a list is sorted by: `key`, if any, then the time, then the id, all up or all down."""

    key: Any
    down: bool

    @property
    def columns(self) -> list[Any]:
        columns = [Interview.created_at, Interview.id]
        return columns if self.key is None else [self.key, *columns]

    def sorted(self, backwards: bool = False) -> list[Any]:
        down = self.down != backwards
        return [column.desc() if down else column.asc() for column in self.columns]

    def beyond(self, place: Place, backwards: bool = False) -> Condition:
        """What comes after the place, or before it."""
        key = [] if self.key is None else [place.key]
        return beyond(self.columns, [*key, place.created_at, place.id], down=self.down != backwards)


ORDERS: dict[Sort, Order] = {
    "attention": Order(Interview.attention, down=True),
    "newest": Order(None, down=True),
    "oldest": Order(None, down=False),
    "score_down": Order(Interview.share, down=True),
    "score_up": Order(Interview.share, down=False),
    "flags": Order(Interview.flagged, down=True),
}


def narrowed(filters: Filters, sort: Sort, account_id: str) -> list[Condition]:
    """The conditions of all filters but the search, and of the order.

    Where an interview's place would tell what it got, those this account is to judge blind are left out.
    """
    c = read_in_order
    found: list[Condition] = []
    for column, wanted in (
        (Interview.template_id, filters.template),
        (Interview.bank_id, filters.bank),
        (Interview.mode, filters.mode),
        (Interview.status, filters.status),
    ):
        if wanted is not None:
            found.append(c(column) == wanted)
    if filters.least is not None:
        found.append(c(Interview.share) >= filters.least / 100)
    if filters.most is not None:
        share = c(Interview.share)
        found.append(share < filters.most / 100 if filters.most < 100 else share.is_not(None))
    for count, wanted in (
        (Interview.flagged, filters.flagged),
        (Interview.disputed, filters.disputed),
        (Interview.unscored, filters.unscored),
    ):
        if wanted is not None:
            found.append(c(count) > 0 if wanted == "yes" else c(count) == 0)
    found += _moments(Interview.released_at, filters.released)
    found += _moments(Interview.reviewed_at, filters.reviewed)
    if filters.since_moment is not None:
        found.append(c(Interview.created_at) >= filters.since_moment)
    if filters.until_moment is not None:
        found.append(c(Interview.created_at) < filters.until_moment)
    if sort in SCORED_ONLY:
        found.append(c(Interview.share).is_not(None))
    if sort in TELLING or filters.tells_scores:
        found.append(not_(blind_to(account_id)))
    return found


def _moments(column: Any, wanted: YesNo | None) -> list[Condition]:
    if wanted is None:
        return []
    return [read_in_order(column).is_not(None) if wanted == "yes" else read_in_order(column).is_(None)]


@dataclass(frozen=True)
class Search:
    """What was typed to search for: words said, a candidate's name or reference, the beginning of an id."""

    words: WordQuery
    id_prefix: str | None

    @classmethod
    def of(cls, typed: str) -> "Search":
        prefix = typed.strip().lower()
        is_id = _SHORTEST_ID <= len(prefix) <= 32 and set(prefix) <= set("0123456789abcdef")
        return cls(WordQuery.of(typed), prefix if is_id else None)

    def said(self, dialect: str) -> Select[int]:
        return said(self.words, dialect)

    def named(self, dialect: str) -> Select[int]:
        return named(self.words, dialect)

    def condition(self, said: Numbers, named: Numbers, account_id: str) -> Condition:
        """Interviews among those with the words or the name; names never lead to one to be judged blind."""
        number = Interview.number if _are_few(said, named) else read_in_order(Interview.number)
        found: list[Condition] = []
        if self.words.runs:
            found.append(number.in_(said))
            found.append(and_(number.in_(named), not_(blind_to(account_id))))
        if self.id_prefix is not None:
            found.append(Interview.id.between(self.id_prefix, self.id_prefix + "g"))
        return or_(*found) if found else false()


def _are_few(*numbers: Numbers) -> bool:
    return all(not isinstance(each, Select) for each in numbers)
