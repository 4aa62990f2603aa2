"""The way a recruiter came to an interview: back to it, and on to the interviews beside it in the list."""

from dataclasses import dataclass
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from pydantic import ValidationError
from starlette.requests import Request

from app.db.tables import Account
from app.dependencies import room_of
from app.errors import BadInputError
from app.recruiting.desk.filters import ListRequest
from app.recruiting.desk.neighbours import Neighbour, Neighbours
from app.recruiting.desk.service import DeskService
from app.web.desk.list_view import list_address
from app.web.routing import HOME

COMPARE = f"{HOME}/compare"
_KEPT = ("from", "at")


@dataclass(frozen=True)
class Navigation:
    """Where an interview was opened: `back` there, and the `previous` and the `next` of the list, if any.

    `kept` is the query that addresses of this interview carry so that the way is not lost.
    """

    back: str = HOME
    compares: bool = False
    kept: str = ""
    previous: str = ""
    next: str = ""


def address(interview_id: str, anchor: str = "", kept: str = "") -> str:
    """The transcript page, at a place of it."""
    return f"{HOME}/interviews/{interview_id}{kept}{'#' if anchor else ''}{anchor}"


def kept_query(request: Request, interview_id: str) -> str:
    """The query that keeps the way: that of the address, or of the interview's page that sent a form."""
    given = request.url.query
    sent_from = urlsplit(request.headers.get("referer", ""))
    if "from" not in request.query_params and sent_from.path.startswith(address(interview_id)):
        given = sent_from.query
    kept = [(name, value) for name, value in parse_qsl(given) if name in _KEPT]
    return f"?{urlencode(kept)}" if kept else ""


async def navigation_of(request: Request, account: Account, interview_id: str) -> Navigation:
    """The way this interview was opened on; one that leads nowhere is forgotten."""
    kept = kept_query(request, interview_id)
    given = dict(parse_qsl(kept[1:]))
    # Only the path and the query are used, so that nobody is led to another site.
    origin = urlsplit(given.get("from", ""))
    if origin.path == COMPARE:
        ids = parse_qs(origin.query).get("ids", [])
        return Navigation(f"{COMPARE}?{urlencode({'ids': ids}, doseq=True)}", compares=True, kept=kept)
    if origin.path != HOME:
        return Navigation()
    try:
        page = ListRequest.model_validate(dict(parse_qsl(origin.query)))
    except ValidationError:
        return Navigation()
    try:
        desk = room_of(request, DeskService)
        beside = await desk.beside(page, given.get("at", ""), interview_id, account)
    except BadInputError:
        beside = Neighbours()
    return Navigation(
        back=f"{list_address(page)}#i-{interview_id}",
        kept=kept,
        previous=_to(beside.previous),
        next=_to(beside.next),
    )


def _to(neighbour: Neighbour | None) -> str:
    if neighbour is None:
        return ""
    query = {"from": list_address(neighbour.page), "at": neighbour.place}
    return address(neighbour.id, kept=f"?{urlencode(query)}")
