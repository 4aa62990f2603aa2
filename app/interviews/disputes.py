"""A candidate's objections to single points: opened here, resolved by a reviewer."""

from collections.abc import Sequence
from typing import Literal, cast

from app.db.audit import CANDIDATE, audit
from app.db.engine import Database
from app.db.tables import Dispute, Interview
from app.errors import BadInputError, ConflictError, NotFoundError
from app.interviews.repository import Interviews
from app.interviews.schemas import DisputeView
from app.text.quoting import clean

SHORTEST_REASON, LONGEST_REASON = 10, 1000  # code points
MOST_A_POINT = 2
"""An objection that was rejected can be made once more, with better reasons; then the matter rests."""


class DisputeService:
    """Opens disputes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def open(self, interview: Interview, number: int, point_id: str, reason: str) -> None:
        """Object to the verdict on one point of a released assessment.

        Raises `BadInputError` for a reason too short or too long, `NotFoundError` for a point that was not
        released, and `ConflictError` where the point is disputed already or may not be again.
        """
        text = clean(reason)
        if not SHORTEST_REASON <= len(text) <= LONGEST_REASON:
            raise BadInputError(
                f"reason: it has {len(text):,} characters",
                hint=f"Say in {SHORTEST_REASON} to {LONGEST_REASON:,} characters what was overlooked.",
            )
        async with self._database.session() as session:
            interviews = Interviews(session)
            locked = await interviews.lock(interview.id)
            if locked.mode != "assessment" or not _shows_points(locked):
                raise NotFoundError(
                    "there is no released verdict to dispute", hint="Wait until the results are released."
                )
            card = (await interviews.effective_cards(interview.id)).get(number)
            if card is None or all(point.id != point_id or point.credit is None for point in card.points):
                raise NotFoundError(
                    f"question {number} has no judged point {point_id[:80]!r}", hint="Open the report again."
                )
            known = [
                each
                for each in await interviews.disputes(interview.id)
                if (each.number, each.point_id) == (number, point_id)
            ]
            if any(each.status == "open" for each in known):
                raise ConflictError("this point is disputed already", hint="Wait for the outcome.")
            if len(known) >= MOST_A_POINT:
                raise ConflictError("this point was disputed twice", hint="The outcome stands.")
            await interviews.add_dispute(
                Dispute(interview_id=interview.id, number=number, point_id=point_id, text=text)
            )
            await interviews.update_totals(interview.id)
            audit(session, CANDIDATE, "dispute.open", interview.id, number=number, point=point_id)


def _shows_points(interview: Interview) -> bool:
    sees = interview.settings.get("sees", "everything")
    return interview.released_at is not None and sees in ("points", "everything")


def may_dispute(known: Sequence[DisputeView]) -> bool:
    """Whether a point with these disputes may be disputed (once more)."""
    return len(known) < MOST_A_POINT and all(each.status != "open" for each in known)


def dispute_view(dispute: Dispute) -> DisputeView:
    """A dispute as its candidate sees it; never who resolved it."""
    return DisputeView(
        point_id=dispute.point_id,
        status=cast(Literal["open", "upheld", "rejected"], dispute.status),
        text=dispute.text,
        at=dispute.at,
        outcome=dispute.outcome,
        resolved_at=dispute.resolved_at,
    )
