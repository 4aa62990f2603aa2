"""Refusals at the desk: in the desk's frame for who works there, and in words that fit it."""

import pytest
from httpx import Client

from tests.web.desk.reviewing import UNKNOWN, held_in, page
from tests.web.house import House

NAVIGATION = 'class="desk-nav"'


@pytest.mark.parametrize("path", [page(UNKNOWN), "/recruiter/no-such-room", "/recruiter/templates/none"])
def test_who_is_lost_at_the_desk_keeps_its_navigation(desk: Client, path: str) -> None:
    answer = desk.get(path)
    assert answer.status_code == 404
    assert NAVIGATION in answer.text
    assert "Back to the interviews" in answer.text
    assert 'aria-current="page"' not in answer.text


def test_what_is_not_possible_yet_is_refused_in_the_desks_own_words(house: House, desk: Client) -> None:
    answer = desk.post(f"{page(held_in(house, status='open'))}/release")
    assert answer.status_code == 409
    assert NAVIGATION in answer.text
    assert "is not that far yet" in answer.text


def test_who_may_not_is_told_who_may(house: House, desk: Client) -> None:
    wanted = {"name": "Linda Sample", "role": "recruiter"}
    added = desk.post("/api/v1/accounts", json=wanted).json()
    english = {"accept-language": "en", "accept": "text/html"}
    with Client(base_url=house.url, headers=english, timeout=60) as other:
        other.post("/recruiter/login", data={"name": "Linda Sample", "password": added["password"]})
        answer = other.get("/recruiter/audit")
    assert answer.status_code == 403
    assert NAVIGATION in answer.text
    assert "Only an owner" in answer.text


def test_a_stranger_is_not_shown_the_desk(house: House) -> None:
    with Client(base_url=house.url, headers={"accept": "text/html"}, timeout=60) as stranger:
        answer = stranger.get("/recruiter/no-such-room")
    assert answer.status_code == 404
    assert NAVIGATION not in answer.text
