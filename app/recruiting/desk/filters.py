"""What the recruiter's list is narrowed to and how it is sorted, as its address says it."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.interviews.flow.moves import Mode, Status
from app.pagination import Place, decode

Sort = Literal["attention", "newest", "oldest", "score_down", "score_up", "flags"]
YesNo = Literal["yes", "no"]
BY_TIME: tuple[Sort, ...] = ("newest", "oldest")
"""Orders by time alone; the others sort by a number first."""

SCORED_ONLY: tuple[Sort, ...] = ("score_down", "score_up")
# To stand in these orders says something about the score: who may not know it is not shown there.
TELLING: tuple[Sort, ...] = (*SCORED_ONLY, "flags")

PAGE_LENGTH = 25
MOST_SELECTED = 1000


def _unset(value: object) -> object:
    """A form sends a field that was left empty too."""
    return None if value == "" else value


_Empty = BeforeValidator(_unset)
Percent = Annotated[int | None, Field(ge=0, le=100), _Empty]


class Filters(BaseModel):
    """None narrows nothing.

    Scores are at least `least` and below `most` percent of the marks; a `most` of 100 includes full marks.
    Days are UTC's.
    """

    model_config = ConfigDict(frozen=True)

    q: Annotated[str | None, Field(max_length=200), _Empty] = None
    template: Annotated[str | None, Field(max_length=32), _Empty] = None
    bank: Annotated[str | None, Field(max_length=80), _Empty] = None
    mode: Annotated[Mode | None, _Empty] = None
    status: Annotated[Status | None, _Empty] = None
    least: Percent = None
    most: Percent = None
    flagged: Annotated[YesNo | None, _Empty] = None
    disputed: Annotated[YesNo | None, _Empty] = None
    unscored: Annotated[YesNo | None, _Empty] = None
    released: Annotated[YesNo | None, _Empty] = None
    reviewed: Annotated[YesNo | None, _Empty] = None
    since: Annotated[date | None, _Empty] = None
    until: Annotated[date | None, _Empty] = None

    @property
    def since_moment(self) -> datetime | None:
        """The moment the first day begins."""
        return None if self.since is None else datetime.combine(self.since, time(), UTC)

    @property
    def until_moment(self) -> datetime | None:
        """The moment the last day is over."""
        if self.until is None or self.until == date.max:
            return None
        return datetime.combine(self.until + timedelta(days=1), time(), UTC)

    @property
    def tells_scores(self) -> bool:
        """Whether being on the list says something about an interview's score."""
        return any(value is not None for value in (self.least, self.most, self.flagged, self.unscored))

    def given(self) -> dict[str, str]:
        """What is narrowed, as the address says it."""
        return {name: str(value) for name, value in self.model_dump(mode="json", exclude_none=True).items()}


class ListRequest(Filters):
    """A page of the list: the filters, the order, and the place `after` or `before` which it stands."""

    sort: Annotated[Sort | None, _Empty] = None
    after: Annotated[str | None, Field(max_length=400), _Empty] = None
    before: Annotated[str | None, Field(max_length=400), _Empty] = None

    @property
    def filters(self) -> Filters:
        return Filters(**{name: getattr(self, name) for name in Filters.model_fields})

    @property
    def order(self) -> Sort:
        return self.sort or "attention"

    @property
    def cursor(self) -> str | None:
        return self.after or self.before

    def place(self, cursor: str) -> Place:
        """The place of a cursor in this list. Raises `BadInputError` for one of another order, or none."""
        return decode(cursor, self.order, has_key=self.order not in BY_TIME)
