"""From the list and the comparison to an interview, along the list, and back."""

import re
from html import unescape
from urllib.parse import unquote

import pytest
from httpx import Client

from tests.web.desk.reviewing import disputed_in, held_in, page
from tests.web.house import House

LIST = "/recruiter?status=ended&disputed=yes&sort=oldest"


@pytest.fixture
def disputed(house: House) -> list[str]:
    """Three disputed interviews, oldest first."""
    found = [held_in(house, name=name) for name in ("Robin One", "Robin Two", "Robin Three")]
    for held in found:
        disputed_in(house, held, "p3", "I did offer a refund.")
    return found


def link(text: str, rel: str) -> str:
    """The address of the page's link with this mark; empty if there is none."""
    found = re.search(rf'<a(?: class="[^"]*")? href="([^"]*)" {rel}>', text)
    return unescape(found[1]) if found else ""


def opened(desk: Client, address: str, interview_id: str) -> str:
    """The address at which a page links to an interview."""
    found = re.search(rf'href="({page(interview_id)}[?][^"#]*)', desk.get(address).text)
    assert found is not None
    return unescape(found[1])


def walked_from(desk: Client, disputed: list[str]) -> str:
    """The address of the second interview as the list's first leads on to it."""
    return link(desk.get(opened(desk, LIST, disputed[0])).text, 'rel="next"')


def test_the_list_is_walked_from_one_interview_to_the_next_and_back(
    desk: Client, disputed: list[str]
) -> None:
    first = desk.get(opened(desk, LIST, disputed[0])).text
    assert link(first, "data-back") == f"{LIST}#i-{disputed[0]}"
    assert f'id="i-{disputed[0]}"' in desk.get(LIST).text
    second = desk.get(link(first, 'rel="next"')).text
    assert "<h1>Robin Two</h1>" in second
    third = desk.get(link(second, 'rel="next"')).text
    assert "<h1>Robin Three</h1>" in third
    again = desk.get(link(third, 'rel="prev"')).text
    assert "<h1>Robin Two</h1>" in again
    assert link(again, "data-back") == f"{LIST}#i-{disputed[1]}"


def test_a_change_without_scripts_keeps_the_way(desk: Client, disputed: list[str]) -> None:
    here = walked_from(desk, disputed)
    headers = {"referer": f"{desk.base_url}{here}"}
    answer = desk.post(f"{page(disputed[1])}/comments", data={"text": "noted"}, headers=headers)
    assert answer.headers["location"] == f"{here}#comments-interview"


def test_a_release_keeps_the_way_and_the_place_of_what_leaves_the_list(
    desk: Client, disputed: list[str]
) -> None:
    here = walked_from(desk, disputed).replace("disputed%3Dyes", "reviewed%3Dno")
    release = re.search(rf'href="({page(disputed[1])}/release[^"]*)"', desk.get(here).text)
    assert release is not None
    asked = unescape(release[1])
    assert re.search(r'name="reviewed" value="true" checked', desk.get(asked).text)
    answer = desk.post(
        f"{page(disputed[1])}/release",
        data={"released": "true", "reviewed": "true"},
        headers={"referer": f"{desk.base_url}{asked}"},
    )
    back = desk.get(answer.headers["location"]).text
    assert "Reviewed" in back
    assert "Released" in back
    assert disputed[2] in link(back, 'rel="next"')


def test_a_comparison_is_led_back_to(house: House, desk: Client) -> None:
    one, other = held_in(house), held_in(house)
    comparison = f"/recruiter/compare?ids={one}&ids={other}"
    text = desk.get(opened(desk, comparison, other)).text
    assert link(text, "data-back") == comparison
    assert "Back to the comparison" in text
    assert link(text, 'rel="next"') == ""


@pytest.mark.parametrize(
    "way",
    [
        "",
        "?from=https://evil.test/",
        "?from=/recruiter?sort=odd",
        "?from=/recruiter/people",
        "?from=javascript:alert(1)",
    ],
)
def test_a_way_from_nowhere_leads_to_the_list(house: House, desk: Client, way: str) -> None:
    text = desk.get(page(held_in(house)) + way).text
    assert link(text, "data-back") == "/recruiter"


@pytest.mark.parametrize(
    "origin", ["//evil.test/recruiter?sort=oldest", "https://evil.test/recruiter?sort=oldest"]
)
def test_nobody_is_led_to_another_site(house: House, desk: Client, origin: str) -> None:
    held = held_in(house)
    text = desk.get(page(held), params={"from": origin, "at": "forged"}).text
    assert link(text, "data-back") == f"/recruiter?sort=oldest#i-{held}"
    assert 'href="//' not in text


def test_an_interview_to_be_judged_blind_is_walked_past_too(house: House, desk: Client) -> None:
    held = held_in(house, blind=True)
    text = desk.get(opened(desk, "/recruiter?sort=newest", held)).text
    assert "You are reviewing blind" in text
    assert link(text, "data-back").startswith("/recruiter?sort=newest")


def test_after_a_blind_review_the_next_one_that_waits_is_a_click_away(house: House, desk: Client) -> None:
    first = held_in(house, blind=True, questions=1)
    for point in ("p1", "p2", "p3"):
        desk.post(f"{page(first)}/blind/questions/1/points/{point}", data={"credit": "1"})
    other = held_in(house, blind=True)
    desk.post(f"{page(first)}/blind/finish")
    text = desk.get(page(first)).text
    found = re.search(r'href="(/recruiter/interviews/\w+)">Next blind interview</a>', text)
    assert found is not None
    assert re.search(r"\(\d+( or more)? left\)", text)
    assert "You are reviewing blind" in desk.get(found[1]).text
    assert other in desk.get("/recruiter?sort=newest").text


def test_a_blind_review_is_begun_from_the_transcript(house: House, desk: Client) -> None:
    held = held_in(house)
    there = opened(desk, "/recruiter?sort=newest", held)
    asked = re.search(r'href="([^"]*/blind[?][^"]*)">Review blind', desk.get(there).text)
    assert asked is not None
    assert "Begin the blind review" in desk.get(unescape(asked[1])).text
    headers = {"referer": f"{desk.base_url}{unescape(asked[1])}"}
    begun = desk.post(f"{page(held)}/blind", headers=headers).headers["location"]
    assert unquote(begun) == unquote(there)
    assert "Review blind</a>" not in desk.get(begun).text


def test_all_open_disputes_are_one_click_from_the_list(desk: Client, disputed: list[str]) -> None:
    assert 'href="/recruiter?disputed=yes"' in desk.get("/recruiter").text
    listed = desk.get("/recruiter?disputed=yes").text
    assert all(held in listed for held in disputed)
