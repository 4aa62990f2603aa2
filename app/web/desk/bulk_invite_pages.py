"""Inviting a whole list: looked at first, then imported, its links and its refused rows as files."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import ConflictError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.invites.dependencies import MAX_BODY_BYTES, Invites
from app.recruiting.invites.guest_list import (
    MOST_BYTES,
    GuestListError,
    read_list,
    refused_csv,
    text_of,
)
from app.recruiting.templates.dependencies import Templates
from app.web.desk.invite_view import (
    SHOWN_ROWS,
    attachment,
    conflict_text,
    home_of,
    invites_page,
    links_csv,
    links_page,
    reason_text,
)
from app.web.rendering import render, wording_of
from app.web.routing import DeskRoute
from app.web.wording import Wording

router = APIRouter(
    prefix="/recruiter/templates/{template_id}/invites", route_class=DeskRoute, include_in_schema=False
)
Text = Annotated[str, Form()]


@router.post("/preview", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def preview(
    request: Request, account: Recruiter, templates: Templates, service: Invites, template_id: str
) -> Response:
    """What a list would do; nothing is stored."""
    t = wording_of(request)
    text = ""
    try:
        async with request.form(max_files=1, max_fields=10, max_part_size=MAX_BODY_BYTES) as sent:
            file, text, edit = sent.get("file"), str(sent.get("list", "")), "edit" in sent
            if isinstance(file, UploadFile) and file.filename:
                text = text_of(await file.read(MOST_BYTES + 1))
        if edit:
            return await invites_page(request, account, templates, service, template_id, pasted=text)
        found = read_list(text)
    except GuestListError as error:
        problem = _list_problem(t, error)
        return await invites_page(
            request, account, templates, service, template_id, pasted=text, list_problem=problem
        )
    checked = await service.check(template_id, found.guests)
    return render(
        request,
        "desk/invite_preview.html",
        private=True,
        account=account,
        view=await templates.get(template_id),
        home=home_of(template_id),
        guest_list=text,
        unused=found.unused,
        good=checked.good[:SHOWN_ROWS],
        good_count=len(checked.good),
        bad=[(each.guest, reason_text(t, each)) for each in checked.bad[:SHOWN_ROWS]],
        bad_count=len(checked.bad),
        batch=secrets.token_hex(16),
    )


@router.post("/import", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def import_list(
    request: Request,
    account: Recruiter,
    templates: Templates,
    service: Invites,
    template_id: str,
    list: Text = "",
    batch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """Invite the good rows of a list that was looked at, and show their links."""
    t = wording_of(request)
    batch = batch or secrets.token_hex(16)
    try:
        given = await service.give_out(template_id, read_list(list).guests, account, batch)
    except GuestListError as error:
        problem = _list_problem(t, error)
        return await invites_page(
            request, account, templates, service, template_id, pasted=list, list_problem=problem
        )
    except ConflictError as error:
        problem = conflict_text(t, error)
        return await invites_page(request, account, templates, service, template_id, conflict=problem)
    return await links_page(request, account, templates, template_id, given, guest_list=list, batch=batch)


@router.post("/refused.csv", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def refused_file(
    request: Request,
    account: Recruiter,
    service: Invites,
    template_id: str,
    list: Text = "",
    batch: Annotated[str, Form(max_length=64)] = "",
) -> Response:
    """The rows of a list that can't be invited, with a reason each; the same before and after the import."""
    t = wording_of(request)
    refused = (await service.check(template_id, read_list(list).guests, batch)).bad
    return attachment(refused_csv(refused, [reason_text(t, each) for each in refused]), "refused.csv")


@router.post("/links.csv", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def links_file(
    request: Request, account: Recruiter, service: Invites, template_id: str, tokens: Text = ""
) -> Response:
    """The links that the page before this one shows, as a file."""
    return links_csv(request, await service.links_of(template_id, tokens.split(), account))


def _list_problem(t: Wording, error: GuestListError) -> str:
    return t(f"invites.list_problem.{error.kind}", **error.values)
