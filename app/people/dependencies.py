"""Which person a request comes from, by the cookies it brings."""

import re
from typing import Annotated

from fastapi import Depends, Request

from app.interviews.access.persons import PERSON_COOKIE
from app.people.finding import PeopleFinder
from app.people.service import Mine, PeopleService

_INTERVIEW_COOKIE = re.compile(r"interview_([0-9a-f]{32})")


def people_service(request: Request) -> PeopleService:
    """The service of this app."""
    service: PeopleService = request.app.state.people
    return service


def people_finder(request: Request) -> PeopleFinder:
    """The finder of this app."""
    finder: PeopleFinder = request.app.state.people_finder
    return finder


People = Annotated[PeopleService, Depends(people_service)]
Finder = Annotated[PeopleFinder, Depends(people_finder)]


def interview_cookies(request: Request) -> dict[str, str]:
    """Values of the interviews' cookies by interview id, whether they still open anything or not."""
    found = ((_INTERVIEW_COOKIE.fullmatch(name), value) for name, value in request.cookies.items())
    return {match.group(1): value for match, value in found if match}


async def mine(request: Request, people: People) -> Mine:
    """What the browser of this request may open; nothing for one without cookies."""
    return await people.mine(request.cookies.get(PERSON_COOKIE), interview_cookies(request))


MineHere = Annotated[Mine, Depends(mine)]
