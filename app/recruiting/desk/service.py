"""The recruiter's list, a page at a time, what stands beside an interview in it, and comparisons."""

import asyncio
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from cachetools import TTLCache

from app.db.engine import Database
from app.db.tables import Account, Interview
from app.db.word_index import WordQuery
from app.interviews.repository import Interviews, missing
from app.pagination import Place, encode
from app.recruiting.desk.comparison import Sheet, chosen, compare
from app.recruiting.desk.filters import PAGE_LENGTH, TELLING, ListRequest
from app.recruiting.desk.neighbours import Neighbours, neighbours
from app.recruiting.desk.repository import DeskInterviews, Found
from app.recruiting.desk.schemas import (
    Choices,
    Comparison,
    Distribution,
    InterviewList,
    ListedInterview,
    Match,
)
from app.recruiting.desk.snippets import snippet
from app.recruiting.reviews.repository import hidden_from

# Counting a longer list is slow enough to be felt, and a few interviews more or less in it are not.
_LONG = 2000
_KEPT_SECONDS = 20.0
_MOST_KEPT = 500


@dataclass(frozen=True)
class Counted:
    """How long the whole list is, and how the scores are distributed in it, whatever scores it asks for."""

    total: int
    distribution: Distribution


class DeskService:
    """Reads the list. What is counted over a long one, and the banks to choose from, may be 20 s old."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._counted_lately: TTLCache[Hashable, Counted] = TTLCache(_MOST_KEPT, _KEPT_SECONDS)
        self._banks: TTLCache[str, list[tuple[str, str]]] = TTLCache(1, _KEPT_SECONDS)

    async def page(self, wanted: ListRequest, account: Account) -> InterviewList:
        """The page asked for. Raises `BadInputError` for a cursor of another order or none at all."""
        place = wanted.place(wanted.cursor) if wanted.cursor else None
        # Beside each other, since for a word that was said everywhere both take a while.
        page, counted = await asyncio.gather(
            self._page(wanted, account, place), self._counted(wanted, account)
        )
        return page.model_copy(update={"total": counted.total, "distribution": counted.distribution})

    async def _page(self, wanted: ListRequest, account: Account, place: Place | None) -> InterviewList:
        """The page without what is counted over all pages."""
        backwards = wanted.after is None and place is not None
        async with self._database.reading() as session:
            interviews = DeskInterviews(session, account.id)
            conditions = await interviews.conditions(wanted.filters, wanted.order)
            limit = PAGE_LENGTH + 1
            ids = await interviews.ids(conditions, wanted.order, limit, place, backwards)
            if backwards and len(ids) <= PAGE_LENGTH:
                # The way back ends here: the first page, and a whole one.
                place, backwards = None, False
                ids = await interviews.ids(conditions, wanted.order, limit)
            more = len(ids) > PAGE_LENGTH
            found = await interviews.found(ids[1:] if more and backwards else ids[:PAGE_LENGTH])
            shown = [each.interview.id for each in found]
            hidden = await hidden_from(session, account.id, shown)
            lines = await interviews.lines(shown) if wanted.q else {}
        query = WordQuery.of(wanted.q or "")
        cursors = [encode(interviews.place(each.interview, wanted.order)) for each in found]
        has_previous = more if backwards else place is not None
        has_next = backwards or more
        return InterviewList(
            interviews=[
                listed(each, id in hidden, cursor, snippet(lines.get(id, []), query))
                for id, each, cursor in zip(shown, found, cursors, strict=True)
            ],
            previous=cursors[0] if cursors and has_previous else None,
            next=cursors[-1] if cursors and has_next else None,
            total=0,
            distribution=Distribution(counts=[], without=0),
        )

    async def _counted(self, wanted: ListRequest, account: Account) -> Counted:
        order = wanted.order if wanted.order in TELLING else None
        asked = (wanted.filters, order, account.id)
        kept = self._counted_lately.get(asked)
        if kept is not None:
            return kept
        any_score = wanted.filters.model_copy(update={"least": None, "most": None})
        async with self._database.reading() as session:
            interviews = DeskInterviews(session, account.id)
            conditions = await interviews.conditions(any_score, wanted.order)
            counts, without = await interviews.distribution(conditions)
            distribution = Distribution(counts=counts, without=without)
            total = sum(counts) + without
            if any_score != wanted.filters:
                conditions = await interviews.conditions(wanted.filters, wanted.order)
                total = await interviews.count(conditions)
        counted = Counted(total, distribution)
        if sum(counts) + without > _LONG:
            self._counted_lately[asked] = counted
        return counted

    async def choices(self) -> Choices:
        """The banks and templates there are to choose from."""
        banks = self._banks.get("all")
        async with self._database.reading() as session:
            interviews = DeskInterviews(session, "")
            if banks is None:
                banks = await interviews.banks()
                self._banks["all"] = banks
            return Choices(banks=banks, templates=await interviews.templates())

    async def beside(self, page: ListRequest, place: str, interview_id: str, account: Account) -> Neighbours:
        """What stands beside an interview that was opened from its `page` at `place`.

        Raises `BadInputError` for a cursor that is no place of this list.
        """
        async with self._database.reading() as session:
            return await neighbours(DeskInterviews(session, account.id), page, place, interview_id)

    async def compare(self, wanted: Sequence[str], account: Account) -> Comparison:
        """Two to five interviews side by side, in the order `wanted`; each id may hold several, with commas.

        Raises `NotComparableError` for another number of them, `NotFoundError` for an id of no interview.
        """
        ids = chosen(wanted)
        async with self._database.reading() as session:
            interviews = DeskInterviews(session, account.id)
            found = await interviews.whole(ids)
            unknown = [interview_id for interview_id in ids if interview_id not in found]
            if unknown:
                raise missing(*unknown)
            hidden = await hidden_from(session, account.id, ids)
            names = await interviews.invited_names(ids)
            sheets = [
                await _sheet(Interviews(session), found[each], names.get(each), hidden=each in hidden)
                for each in ids
            ]
        return compare(sheets)


async def _sheet(interviews: Interviews, interview: Interview, invited: str | None, *, hidden: bool) -> Sheet:
    return Sheet(
        interview=interview,
        questions=await interviews.questions(interview.id),
        cards={} if hidden else await interviews.effective_cards(interview.id),
        name=None if hidden else interview.candidate_name or invited,
        hidden=hidden,
    )


def listed(found: Found, hidden: bool, cursor: str = "", match: Match | None = None) -> ListedInterview:
    """The interview as its reader may see it."""
    interview = found.interview
    return ListedInterview(
        id=interview.id,
        candidate=None if hidden else interview.candidate_name or found.invite_name or None,
        reference=None if hidden else found.reference or None,
        template_id=interview.template_id,
        template=found.template,
        bank_id=interview.bank_id,
        bank=interview.bank_title,
        mode=interview.mode,
        status=interview.status,
        created_at=interview.created_at,
        ended_at=interview.ended_at,
        hidden=hidden,
        score=None if hidden else interview.score,
        max_score=None if hidden else interview.max_score,
        share=None if hidden else interview.share,
        flagged=None if hidden else interview.flagged,
        unscored=None if hidden else interview.unscored,
        disputed=interview.disputed,
        reviewed_at=interview.reviewed_at,
        released_at=interview.released_at,
        cursor=cursor,
        match=match,
    )
