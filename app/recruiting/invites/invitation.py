"""An invitation as the candidate meets it: looked at as often as they like, begun once."""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Literal

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.audit import CANDIDATE, audit
from app.db.engine import Database
from app.db.tables import Invite, Template, now
from app.errors import BadInputError, ConflictError, NotAllowedError
from app.interviews.access.admission import admit
from app.interviews.access.repository import Tokens, hash_token
from app.interviews.dependencies import interview_cookie
from app.interviews.planning.planner import Terms
from app.interviews.service import InterviewService
from app.recruiting.invites.guests import typed_name
from app.recruiting.invites.repository import Invites, status_of
from app.recruiting.templates.content import TemplateContent
from app.recruiting.templates.repository import Templates
from app.recruiting.templates.service import TemplateService

State = Literal["open", "here", "yours", "elsewhere", "deleted", "expired", "revoked", "unknown"]
"""Can be begun; used, and this browser can open the interview; used by this browser, which lost its token;
used in another browser; used, and the interview is deleted since; too late; withdrawn; no such link."""

_LONGEST_TOKEN = 200


@dataclass(frozen=True)
class Invitation:
    """What a link stands for; all but `state` is None for an unknown one."""

    state: State
    invite: Invite | None = None
    template: Template | None = None
    content: TemplateContent | None = None
    interview_id: str | None = None


@dataclass(frozen=True)
class Begun:
    """An interview that this browser may open, with the token for it."""

    interview_id: str
    token: str


class _TakenError(ConflictError):
    """Another request used the link first."""


class InvitationService:
    """What the holder of a link can do with it."""

    def __init__(
        self,
        database: Database,
        templates: TemplateService,
        interviews: InterviewService,
    ) -> None:
        self._database = database
        self._templates = templates
        self._interviews = interviews

    async def look(self, token: str, cookies: Mapping[str, str], visit: str | None) -> Invitation:
        """What the link is worth to this browser; changes nothing, for mail scanners open links too.

        `visit` is the secret this browser was given with the page.
        """
        if not token or len(token) > _LONGEST_TOKEN:
            return Invitation("unknown")
        at = now()
        async with self._database.reading() as session:
            invite = await Invites(session).by_token(hash_token(token))
            template = await Templates(session).get(invite.template_id) if invite else None
            if invite is None or template is None:
                return Invitation("unknown")
            state = await _state(session, invite, cookies, visit, at)
        content = TemplateContent.model_validate(template.content)
        return Invitation(state, invite, template, content, invite.interview_id)

    async def begin(self, token: str, visit: str, name: str, consents: bool) -> Begun:
        """Begin the interview, or open the one that this browser began with the same link.

        Two requests at once begin one interview. Raises `BadInputError` naming the field, `ConflictError`
        when the link can't be used here, and `DrawError` when the banks can't fill the template.
        """
        found = await self.look(token, {}, visit)
        if found.state == "open":
            try:
                return await self._begin(found, token, visit, name, consents)
            except _TakenError:
                found = await self.look(token, {}, visit)
        if found.state == "yours" and found.interview_id is not None:
            return await self._open_again(found.interview_id)
        raise _unusable()

    async def _begin(self, found: Invitation, token: str, visit: str, name: str, consents: bool) -> Begun:
        invite, template, content = found.invite, found.template, found.content
        if invite is None or template is None or content is None:
            raise _unusable()
        called = typed_name(name)
        if not consents:
            raise BadInputError("consent: is missing", hint="Read what is recorded, and agree.")
        plan, seed = await self._templates.plan(template)
        at = now()
        terms = Terms(
            mode=content.mode,
            follow_ups=content.follow_ups,
            minutes=content.minutes,
            language=content.language,
            standard_probes=content.follow_up_style == "standard",
            asks_back=content.asks_back,
            facts=content.fact_lines,
            sees=content.sees,
            blind=content.blind,
            retention_days=content.retention_days,
            template_id=template.id,
            template_revision=template.revision,
            candidate_name=called,
            consented_at=at,
        )
        claim = partial(_claim, invite=invite, token=token, visit=visit, at=at)
        origin = {"title": content.name} | ({} if seed is None else {"seed": seed})
        created = await self._interviews.create_planned(plan, terms, origin, claim)
        return Begun(created.id, created.token)

    async def _open_again(self, interview_id: str) -> Begun:
        token = secrets.token_urlsafe(32)
        async with self._database.session() as session:
            interview = await Invites(session).interview(interview_id)
            if interview is None:
                raise _unusable()
            await Tokens(session).add(interview, token)
        return Begun(interview_id, token)


async def _claim(
    session: AsyncSession, interview_id: str, *, invite: Invite, token: str, visit: str, at: datetime
) -> None:
    claimed = await Invites(session).claim(invite.id, hash_token(token), interview_id, hash_token(visit), at)
    if not claimed:
        raise _TakenError("the link was used already")
    audit(
        session,
        CANDIDATE,
        "invite.use",
        invite.id,
        template=invite.template_id,
        interview=interview_id,
    )


async def _state(
    session: AsyncSession, invite: Invite, cookies: Mapping[str, str], visit: str | None, at: datetime
) -> State:
    status = status_of(invite, at)
    if status != "used":
        return status
    interview = await Invites(session).interview(invite.interview_id) if invite.interview_id else None
    if interview is None:
        return "deleted"
    with suppress(NotAllowedError):
        await admit(session, interview.id, cookies.get(interview_cookie(interview.id)), None)
        return "here"
    mine = visit is not None and invite.browser_hash == hash_token(visit)
    return "yours" if mine and interview.expires_at > at else "elsewhere"


def _unusable() -> ConflictError:
    return ConflictError("this link can't be used here", hint="Open it again to see why.")
