"""What the pages of invites have in common: the list with its forms, new links, and refusals in words."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from starlette.requests import Request
from starlette.responses import Response

from app.db.tables import Account
from app.dependencies import public_address
from app.errors import ConflictError
from app.recruiting.accounts.dependencies import Recruiter
from app.recruiting.invites.dependencies import Invites
from app.recruiting.invites.guest_list import GuestListError
from app.recruiting.invites.guests import LONGEST, MOST_ROWS, CheckedGuest, Guest
from app.recruiting.invites.links import GivenOut, Link, Renewed
from app.recruiting.invites.repository import STATUSES, InviteStatus
from app.recruiting.invites.service import AlreadyInvitedError, InviteService
from app.recruiting.templates.dependencies import Templates
from app.recruiting.templates.service import TemplateService
from app.spreadsheets import csv_file
from app.web.rendering import SECURITY_HEADERS, render, wording_of
from app.web.routing import with_query
from app.web.wording import Wording

SHOWN_ROWS = 50
EXTEND_DAYS = 7
DONE = ("revoked", "restored", "extended")


@dataclass(frozen=True)
class InvitesPage:
    """The pages of one template's invites, for the recruiter who asked for one."""

    request: Request
    account: Account
    templates: TemplateService
    invites: InviteService
    template_id: str

    @property
    def t(self) -> Wording:
        """The words of the pages."""
        return wording_of(self.request)

    @property
    def home(self) -> str:
        """The address of the invites."""
        return f"/recruiter/templates/{self.template_id}/invites"

    async def show(
        self,
        *,
        status: InviteStatus | None = None,
        q: str = "",
        after: str = "",
        done: str = "",
        typed: Guest | None = None,
        pasted: str = "",
        problem: str = "",
        list_problem: str = "",
        conflict: str = "",
    ) -> Response:
        """The list and the forms, with what was typed if something is wrong. Raises `NotFoundError`."""
        shown = await self.invites.page(self.template_id, self.account, status, q, after or None)
        kept = {"status": status or "", "q": q}
        return await self.render(
            "desk/invites.html",
            status_code=409 if conflict else 422 if problem or list_problem else 200,
            page=shown,
            statuses=STATUSES,
            status=status,
            q=q,
            is_first=not after,
            address=lambda **more: with_query(self.home, kept | more),
            done=done if done in DONE else "",
            typed=typed or Guest(1, ""),
            pasted=pasted,
            problem=problem,
            list_problem=list_problem,
            conflict=conflict,
            batch=secrets.token_hex(16),
            longest=LONGEST,
            most_rows=MOST_ROWS,
            extend_days=EXTEND_DAYS,
        )

    async def refuse(self, error: ConflictError) -> Response:
        """The list, with why an invite can't be changed or made."""
        return await self.show(conflict=conflict_text(self.t, error))

    async def refuse_list(self, error: GuestListError, pasted: str) -> Response:
        """The forms with the list that was pasted, and why it can't be read."""
        problem = self.t(f"invites.list_problem.{error.kind}", **error.values)
        return await self.show(pasted=pasted, list_problem=problem)

    async def show_links(
        self, given: GivenOut, *, guest_list: str = "", batch: str = "", renewed: bool = False
    ) -> Response:
        """New links, which are shown this once."""
        return await self.render(
            "desk/invite_links.html",
            status_code=200 if given.links else 422,
            links=[(link.name, public_address(self.request, f"/i/{link.token}")) for link in given.links],
            tokens=" ".join(link.token for link in given.links),
            expires_at=given.links[0].expires_at if given.links else None,
            refused=[(each.guest, reason_text(self.t, each)) for each in given.refused[:SHOWN_ROWS]],
            refused_count=len(given.refused),
            guest_list=guest_list,
            batch=batch,
            renewed=renewed,
        )

    async def render(self, template: str, *, status_code: int = 200, **context: Any) -> Response:
        """A page with the template's head."""
        return render(
            self.request,
            template,
            status_code=status_code,
            private=True,
            account=self.account,
            view=await self.templates.get(self.template_id),
            home=self.home,
            **context,
        )


async def invites_page(
    request: Request, account: Recruiter, templates: Templates, invites: Invites, template_id: str
) -> InvitesPage:
    """The pages of the template that the address names, as a dependency of their routes."""
    return InvitesPage(request, account, templates, invites, template_id)


Page = Annotated[InvitesPage, Depends(invites_page)]


def links_csv(request: Request, links: Sequence[Link], more: Sequence[Sequence[str]] = ()) -> Response:
    """New links as a file: name, e-mail, reference, link, until when; `more` rows have a reason besides."""
    t = wording_of(request)
    columns = ("name", "email", "reference", "link", "expires", *(("no_link",) if more else ()))
    rows = [[t(f"invites.{column}") for column in columns]]
    for link in links:
        until = link.expires_at.strftime("%Y-%m-%d %H:%M UTC")
        rows.append(
            [link.name, link.email, link.reference, public_address(request, f"/i/{link.token}"), until]
        )
    return attachment(csv_file([*rows, *(list(row) for row in more)]), "links.csv")


def renewed_file(request: Request, renewed: Renewed) -> Response:
    """The new links as a file, and beneath them the invites that got none, with the reason."""
    t = wording_of(request)
    refused = [
        [
            each.name or each.id[:8],
            each.email,
            each.reference,
            "",
            "",
            t(f"invites.not_renewed.{each.reason}"),
        ]
        for each in renewed.refused
    ]
    return links_csv(request, renewed.links, refused)


def reason_text(t: Wording, refused: CheckedGuest) -> str:
    """Why a row can't be invited."""
    most = LONGEST.get((refused.reason or "").removesuffix("_long"), 0)
    return t(f"invites.reason.{refused.reason}", line=refused.line, most=most)


def conflict_text(t: Wording, error: ConflictError) -> str:
    """Why an invite can't be changed or made."""
    if isinstance(error, AlreadyInvitedError):
        return t("invites.conflict.already")
    return t("invites.conflict.archived" if "archived" in error.detail else "invites.conflict.used")


def attachment(text: str, name: str) -> Response:
    """A CSV to download."""
    headers = SECURITY_HEADERS | {
        "Content-Disposition": f'attachment; filename="{name}"',
        "Cache-Control": "no-store",
    }
    return Response(text.encode("utf-8"), media_type="text/csv; charset=utf-8", headers=headers)
