"""Going on with an interview on another device: a link that works once and not for long."""

import io
import secrets
from datetime import datetime, timedelta

import segno

from app.db.engine import Database
from app.db.tables import DeviceLink, Interview, now
from app.errors import AppError
from app.interviews.access.admission import check_open
from app.interviews.access.repository import Tokens

LINK_MINUTES = 15
# A longer one was never given out.
_LONGEST_TOKEN = 100


class LinkUsedUpError(AppError):
    """The link was opened before, is too old, or a newer one took its place."""

    status = 410
    title = "This link works no more"


class DeviceLinks:
    """Makes links and exchanges them for a token of the interview."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(self, interview: Interview) -> tuple[str, datetime]:
        """The link's token and when it expires; an earlier unused link of this interview is void."""
        token = secrets.token_urlsafe(24)
        expires_at = now() + timedelta(minutes=LINK_MINUTES)
        async with self._database.session() as session:
            await Tokens(session).replace_link(interview.id, token, expires_at)
        return token, expires_at

    async def find(self, link: str) -> Interview:
        """The interview a link opens; the link stays good. Raises `LinkUsedUpError`, `NotAllowedError`."""
        async with self._database.reading() as session:
            return _checked(await Tokens(session).link(link[:_LONGEST_TOKEN]))

    async def open(self, link: str) -> tuple[Interview, str]:
        """Use a link up: its interview and a new token. Raises `LinkUsedUpError`, `NotAllowedError`."""
        token = secrets.token_urlsafe(32)
        async with self._database.session() as session:
            tokens = Tokens(session)
            interview = _checked(await tokens.link(link[:_LONGEST_TOKEN]))
            if not await tokens.use_link(link, now()):
                raise _used_up()
            await tokens.add(interview, token)
        return interview, token


def qr_code(url: str) -> str:
    """The address as a QR code: an SVG document, dark on light with its quiet zone, whatever the theme."""
    written = io.BytesIO()
    segno.make(url, error="m", micro=False).save(
        written, kind="svg", scale=4, border=4, dark="#1d1f1c", light="#ffffff", xmldecl=False
    )
    return written.getvalue().decode()


def _checked(found: tuple[DeviceLink, Interview] | None) -> Interview:
    if found is None:
        raise _used_up()
    link, interview = found
    if link.used_at is not None or link.expires_at < now():
        raise _used_up()
    check_open(interview)
    return interview


def _used_up() -> LinkUsedUpError:
    return LinkUsedUpError(
        "the link was used before, is too old, or a newer one took its place",
        hint="Make a new link where the interview is open.",
    )
