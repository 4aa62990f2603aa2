"""Which person a request comes from, by the cookies it brings."""

import re
from typing import Annotated

from fastapi import Depends, Request, Response

from app.dependencies import room
from app.interviews.dependencies import PERSON_COOKIE, interview_cookie
from app.people.finding import PeopleFinder
from app.people.service import Mine, PeopleService

_INTERVIEW_COOKIE = re.compile(r"interview_([0-9a-f]{32})")


People = Annotated[PeopleService, Depends(room(PeopleService))]
Finder = Annotated[PeopleFinder, Depends(room(PeopleFinder))]


def interview_cookies(request: Request) -> dict[str, str]:
    """Values of the interviews' cookies by interview id, whether they still open anything or not."""
    found = ((_INTERVIEW_COOKIE.fullmatch(name), value) for name, value in request.cookies.items())
    return {match.group(1): value for match, value in found if match}


async def mine(request: Request, people: People) -> Mine:
    """What the browser of this request may open; nothing for one without cookies."""
    return await people.mine(request.cookies.get(PERSON_COOKIE), interview_cookies(request))


MineHere = Annotated[Mine, Depends(mine)]


def forget_cookies(request: Request, response: Response) -> None:
    """Take from the browser what opens interviews, and what its scripts and its cache keep of them."""
    for name in (PERSON_COOKIE, *map(interview_cookie, interview_cookies(request))):
        if name in request.cookies:
            response.delete_cookie(name, httponly=True, samesite="lax")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
