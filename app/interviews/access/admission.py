"""Whom an interview lets in: a holder of one of its tokens, or the person whose practice it is.

One whose candidate took their consent back is read, and neither judged nor given out.
"""

import hmac

from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, now
from app.errors import ConflictError, NotAllowedError
from app.interviews.access.repository import Persons, Tokens, hash_token
from app.interviews.repository import Interviews


class AccessRevokedError(NotAllowedError):
    """Whoever invited the candidate closed the interview."""


class AccessExpiredError(NotAllowedError):
    """The interview is no longer open to its candidate."""


async def admit(
    session: AsyncSession, interview_id: str, token: str | None, person_token: str | None
) -> Interview:
    """The interview, if a token opens it. Raises `NotFoundError`, `NotAllowedError`."""
    interview = await Interviews(session).existing(interview_id)
    if not await _opens(session, interview, token, person_token):
        if not token:
            raise NotAllowedError(
                "the interview's token is missing", hint="Send `Authorization: Bearer <token>`."
            )
        raise NotAllowedError(
            "the token does not fit this interview", hint="Use the token this interview was created with."
        )
    check_open(interview)
    return interview


async def _opens(
    session: AsyncSession, interview: Interview, token: str | None, person_token: str | None
) -> bool:
    if token and hmac.compare_digest(hash_token(token), interview.token_hash):
        return True
    further = await Tokens(session).further(interview.id, token) if token else None
    if further is not None and further.expires_at >= now():
        return True
    if interview.person_id is None:
        return False
    person = await Persons(session).of(person_token)
    return person is not None and person.id == interview.person_id


def check_open(interview: Interview) -> None:
    """Raises `AccessRevokedError` or `AccessExpiredError`, which only holders of a token get to see."""
    if interview.access_revoked_at is not None:
        raise AccessRevokedError(
            "the interview was closed by whoever sent the invitation",
            hint="Ask them for a new invitation; what was sent before is kept.",
        )
    if interview.expires_at < now():
        raise AccessExpiredError(
            "the token has expired", hint="Ask for a new interview, or raise INTERVIEWER_TOKEN_DAYS."
        )


class ConsentWithdrawnError(ConflictError):
    """The candidate wants nothing more done with the interview."""

    title = "Consent withdrawn"


def check_consent(interview: Interview) -> None:
    """Raises `ConsentWithdrawnError` for an interview that nothing more may be done with."""
    if interview.consent_withdrawn_at is not None:
        raise ConsentWithdrawnError(
            "the candidate has withdrawn their consent",
            hint="What was said before can be read or deleted; it is not judged any more.",
        )
