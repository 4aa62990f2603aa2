"""Inviting a whole list: looked at first, then imported, its links and its refused rows as files."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.dependencies import SAME_ORIGIN
from app.errors import ConflictError
from app.recruiting.invites.dependencies import MAX_BODY_BYTES
from app.recruiting.invites.guest_list import MOST_BYTES, GuestListError, read_list, refused_csv, text_of
from app.web.desk.invite_view import SHOWN_ROWS, Page, attachment, links_csv, reason_text
from app.web.routing import DeskRoute

router = APIRouter(
    prefix="/recruiter/templates/{template_id}/invites", route_class=DeskRoute, include_in_schema=False
)
Text = Annotated[str, Form()]
Batch = Annotated[str, Form(max_length=64)]


@router.post("/preview", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def preview(request: Request, page: Page) -> Response:
    """What a list would do; nothing is stored."""
    text = ""
    try:
        async with request.form(max_files=1, max_fields=10, max_part_size=MAX_BODY_BYTES) as sent:
            file, text, edit = sent.get("file"), str(sent.get("list", "")), "edit" in sent
            if isinstance(file, UploadFile) and file.filename:
                text = text_of(await file.read(MOST_BYTES + 1))
        if edit:
            return await page.show(pasted=text)
        found = read_list(text)
    except GuestListError as error:
        return await page.refuse_list(error, text)
    checked = await page.invites.check(page.template_id, found.guests)
    return await page.render(
        "desk/invite_preview.html",
        guest_list=text,
        unused=found.unused,
        good=checked.good[:SHOWN_ROWS],
        good_count=len(checked.good),
        bad=[(each.guest, reason_text(page.t, each)) for each in checked.bad[:SHOWN_ROWS]],
        bad_count=len(checked.bad),
        batch=secrets.token_hex(16),
    )


@router.post("/import", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def import_list(page: Page, list: Text = "", batch: Batch = "") -> Response:
    """Invite the good rows of a list that was looked at, and show their links."""
    batch = batch or secrets.token_hex(16)
    try:
        given = await page.invites.give_out(page.template_id, read_list(list).guests, page.account, batch)
    except GuestListError as error:
        return await page.refuse_list(error, list)
    except ConflictError as error:
        return await page.refuse(error)
    return await page.show_links(given, guest_list=list, batch=batch)


@router.post("/refused.csv", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def refused_file(page: Page, list: Text = "", batch: Batch = "") -> Response:
    """The rows of a list that can't be invited, with a reason each; the same before and after the import."""
    refused = (await page.invites.check(page.template_id, read_list(list).guests, batch)).bad
    return attachment(refused_csv(refused, [reason_text(page.t, each) for each in refused]), "refused.csv")


@router.post("/links.csv", dependencies=SAME_ORIGIN, max_body_size=MAX_BODY_BYTES)
async def links_file(page: Page, tokens: Text = "") -> Response:
    """The links that the page before this one shows, as a file."""
    links = await page.invites.links_of(page.template_id, tokens.split(), page.account)
    return links_csv(page.request, links)
