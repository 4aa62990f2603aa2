"""A recruiter's client and the templates it makes, as steps for the tests."""

import html
import re
from collections.abc import Iterator
from contextlib import contextmanager

from httpx import Client, Response

from tests.web.house import House

TEMPLATES = "/recruiter/templates"
CONTENT = {
    "name": "Support agent",
    "organisation": "Green Bamboo",
    "intro": "",
    "minutes": "",
    "follow_ups": "1",
    "mode": "assessment",
    "drawing": "same",
    "follow_up_style": "standard",
    "sees": "points",
    "retention_days": "90",
    "link_days": "14",
    "language": "",
    "parts.tiny.only": "2",
}


@contextmanager
def recruiter(house: House, language: str = "en") -> Iterator[Client]:
    """A client that has logged in."""
    headers = {"accept-language": language, "accept": "text/html"}
    with Client(base_url=house.url, timeout=60, headers=headers) as client:
        answer = client.post("/recruiter/login", data={"name": "recruiter", "password": house.password})
        assert answer.status_code == 303
        yield client


def make_template(client: Client, **changes: str) -> str:
    """The address of a new template's page."""
    answer = client.post(TEMPLATES, data=CONTENT | changes)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].partition("?")[0]


def invite(client: Client, template: str, name: str = "Ada", **more: str) -> str:
    """The path of a new link."""
    return new_links(client.post(f"{template}/invites", data={"name": name, **more}))[0]


def new_links(answer: Response) -> list[str]:
    """The paths of the links a page shows."""
    assert answer.status_code == 200, answer.text
    return list(dict.fromkeys(re.findall(r"/i/[A-Za-z0-9_-]{43}", answer.text)))


def kept_list(answer: Response) -> str:
    """The list that a preview holds for the import."""
    found = re.search(r'<textarea name="list" hidden>\n?(.*?)</textarea>', answer.text, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def hidden(answer: Response, name: str) -> str:
    """The value of a hidden field."""
    found = re.findall(rf'name="{name}" value="([^"]*)"', answer.text)
    return html.unescape(found[-1])
