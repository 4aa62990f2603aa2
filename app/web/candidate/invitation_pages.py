"""The invitation: what a candidate reads before they begin, and what a link that can't be used says."""

import secrets
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from app.dependencies import SAME_ORIGIN, room_of
from app.errors import BadInputError, ConflictError, LLMError
from app.interviews.dependencies import remember_interview
from app.llm.dependencies import model_host, model_name
from app.recruiting.invites.dependencies import Invitations
from app.recruiting.invites.guests import LONGEST
from app.recruiting.invites.invitation import Begun, Invitation
from app.recruiting.templates.errors import DrawError
from app.settings import Settings
from app.web.rendering import render, wording_of
from app.web.routing import PageRoute

# A cookie of the link's own path: who sends a form twice, or loses the answer, is known as the same browser.
VISIT_COOKIE = "visit"
_VISIT_SECONDS = 24 * 60 * 60
_STATUS = {"unknown": 404, "expired": 410, "revoked": 410, "deleted": 410, "elsewhere": 409}

router = APIRouter(prefix="/i", route_class=PageRoute, include_in_schema=False)


@router.get("/{token}")
async def invitation(request: Request, service: Invitations, token: str) -> Response:
    """What the invitation says; the link stays unused."""
    visit = request.cookies.get(VISIT_COOKIE)
    found = await service.look(token, request.cookies, visit)
    if found.state == "here" and found.interview_id is not None:
        return RedirectResponse(f"/interviews/{found.interview_id}", 303)
    name = found.invite.name if found.invite else ""
    return _with_visit(request, found, _page(request, found, name))


@router.post("/{token}", dependencies=SAME_ORIGIN)
async def begin(
    request: Request,
    service: Invitations,
    token: str,
    name: Annotated[str, Form(max_length=1000)] = "",
    consent: Annotated[bool, Form()] = False,
) -> Response:
    """Begin the interview, or say why not; a browser that keeps no cookies doesn't use the link up."""
    t = wording_of(request)
    visit = request.cookies.get(VISIT_COOKIE)
    found = await service.look(token, request.cookies, visit)
    if found.state == "here" and found.interview_id is not None:
        return RedirectResponse(f"/interviews/{found.interview_id}", 303)
    if found.state not in ("open", "yours"):
        return _page(request, found, name)
    if visit is None:
        problem = {"cookies": t("invitation.problem.cookies")}
        return _with_visit(request, found, _page(request, found, name, consent, problem, 409))
    try:
        return _opened(request, await service.begin(token, visit, name, consent))
    except BadInputError as error:
        field = error.detail.partition(":")[0]
        if field not in ("name", "consent"):
            return _not_ready(request, found, name, consent)
        problem = {field: t(f"invitation.problem.{field}", most=LONGEST["name"])}
    except (DrawError, LLMError):
        return _not_ready(request, found, name, consent)
    except ConflictError:
        found = await service.look(token, request.cookies, visit)
        return _page(request, found, name)
    return _page(request, found, name, consent, problem, BadInputError.status)


def _opened(request: Request, begun: Begun) -> Response:
    response = RedirectResponse(f"/interviews/{begun.interview_id}", 303)
    remember_interview(request, response, begun.interview_id, begun.token)
    return response


def _not_ready(request: Request, found: Invitation, name: str, consent: bool) -> Response:
    """The banks no longer hold what is asked, or it could not be translated."""
    problem = {"not_ready": wording_of(request)("invitation.problem.not_ready")}
    return _page(request, found, name, consent, problem, ConflictError.status)


def _page(
    request: Request,
    found: Invitation,
    name: str,
    consent: bool = False,
    problems: dict[str, str] | None = None,
    status_code: int | None = None,
) -> Response:
    settings = room_of(request, Settings)
    content = found.content
    return render(
        request,
        "candidate/invitation.html" if found.state == "open" else "candidate/invitation_closed.html",
        status_code=status_code or _STATUS.get(found.state, 200),
        private=True,
        state=found.state,
        invite=found.invite,
        content=content,
        minutes=(content.minutes if content else None) or settings.max_minutes,
        contact=settings.privacy_contact,
        model=model_name(request),
        host=model_host(settings),
        kept_days=(content.retention_days if content else None) or settings.retention_days,
        name=name,
        consent=consent,
        problems=problems or {},
        longest_name=LONGEST["name"],
    )


def _with_visit(request: Request, found: Invitation, response: Response) -> Response:
    if found.state == "open" and VISIT_COOKIE not in request.cookies:
        response.set_cookie(
            VISIT_COOKIE,
            secrets.token_urlsafe(32),
            max_age=_VISIT_SECONDS,
            path=request.url.path,
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
    return response
