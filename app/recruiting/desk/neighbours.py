"""The interviews before and after one in a list, from the place it was opened at. Nothing is counted."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.pagination import encode
from app.recruiting.desk.filters import PAGE_LENGTH, ListRequest
from app.recruiting.desk.repository import DeskInterviews
from app.recruiting.desk.repository.conditions import Condition


@dataclass(frozen=True)
class Neighbour:
    """An interview of a list, its `place` there as a cursor, and the page of the list that shows it."""

    id: str
    place: str
    page: ListRequest


@dataclass(frozen=True)
class Neighbours:
    """None at an end of the list."""

    previous: Neighbour | None = None
    next: Neighbour | None = None


async def neighbours(
    interviews: DeskInterviews, page: ListRequest, place: str, interview_id: str
) -> Neighbours:
    """What stands beside the interview that stood at `place` of the list when it was opened from its `page`.

    It may have left the list since, or moved in it, as one that was reviewed does: then too the walk goes on
    from where it stood. Raises `BadInputError` for a cursor that is no place of this list.
    """
    order = page.order
    here = page.place(place)
    conditions = await interviews.conditions(page.filters, order)
    shown = await _shown(interviews, conditions, page)
    places = await _places(interviews, shown, page)
    if interview_id in shown[1:-1] and places.get(interview_id) == place:
        # The page is read anyway, and to search for a common word three times takes a while.
        at = shown.index(interview_id)
        before, after = [shown[at - 1]], [shown[at + 1]]
    else:
        before = await interviews.ids(conditions, order, 1, here, backwards=True, but=interview_id)
        after = await interviews.ids(conditions, order, 1, here, but=interview_id)
        places |= await _places(interviews, [*before, *after], page)

    def neighbour(ids: list[str], side: str) -> Neighbour | None:
        (found,) = ids or [""]
        if found not in places:
            return None
        turned = page.model_copy(update={"after": None, "before": None, side: place})
        return Neighbour(found, places[found], page if found in shown else turned)

    return Neighbours(neighbour(before, "before"), neighbour(after, "after"))


async def _places(interviews: DeskInterviews, ids: list[str], page: ListRequest) -> dict[str, str]:
    """Where these stand in the list, as cursors."""
    found = await interviews.found(ids)
    return {each.interview.id: encode(interviews.place(each.interview, page.order)) for each in found}


async def _shown(interviews: DeskInterviews, conditions: Sequence[Condition], page: ListRequest) -> list[str]:
    """The ids on this page of the list."""
    begins = page.place(page.cursor) if page.cursor else None
    backwards = page.after is None and begins is not None
    ids = await interviews.ids(conditions, page.order, PAGE_LENGTH, begins, backwards)
    if backwards and len(ids) < PAGE_LENGTH:
        ids = await interviews.ids(conditions, page.order, PAGE_LENGTH)
    return ids
