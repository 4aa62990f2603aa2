"""Refuses requests that another site's page sent in a visitor's name."""

from urllib.parse import urlsplit

from fastapi import Depends
from starlette.requests import Request

from app.errors import AppError


class ForeignOriginError(AppError):
    """The request was sent by a page of another site."""

    status = 403
    title = "Sent from another site"


def require_same_origin(request: Request) -> None:
    """A dependency for what changes something and is known by a cookie; raises `ForeignOriginError`.

    Browsers name the sender in `Sec-Fetch-Site` or `Origin`; a caller that names none is no browser and
    carries no one's cookies.
    """
    site = request.headers.get("sec-fetch-site")
    if site in ("same-origin", "none"):
        return
    origin = request.headers.get("origin")
    foreign = site is not None or (
        origin is not None and urlsplit(origin).netloc != request.headers.get("host")
    )
    if foreign:
        raise ForeignOriginError(
            "this was sent from another site", hint="Open the page here and send it again."
        )


SAME_ORIGIN = [Depends(require_same_origin)]
