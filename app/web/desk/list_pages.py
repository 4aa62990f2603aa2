"""The recruiter's list of interviews."""

from typing import Annotated, get_args

from fastapi import APIRouter, Form, Query
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.desk.dependencies import Desk, Exports, download
from app.recruiting.desk.export_records import Column
from app.recruiting.desk.exports import Export
from app.recruiting.desk.filters import ListRequest, Sort
from app.web.desk.list_view import list_view
from app.web.rendering import render, wording_of
from app.web.routing import DeskRoute

router = APIRouter(prefix="/recruiter", route_class=DeskRoute, include_in_schema=False)


@router.get("")
async def interviews(
    request: Request, account: Recruiter, desk: Desk, wanted: Annotated[ListRequest, Query()]
) -> Response:
    """A page of the list, as the address narrows and sorts it."""
    page = await desk.page(wanted, account)
    choices = await desk.choices()
    return render(
        request,
        "desk/interviews.html",
        private=True,
        account=account,
        wanted=wanted,
        page=page,
        choices=choices,
        sorts=get_args(Sort),
        view=list_view(wanted, page, choices, wording_of(request)),
    )


@router.post("/export", dependencies=SAME_ORIGIN)
async def export(
    request: Request, account: Recruiter, exports: Exports, wanted: Annotated[Export, Form()]
) -> Response:
    """The chosen interviews, or the whole list, as a file."""
    t = wording_of(request)
    headings = {column: t(f"list.column.{column.value}") for column in Column}
    return download(await exports.open(wanted, account, headings))
