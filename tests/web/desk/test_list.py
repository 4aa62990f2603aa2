import csv
import io
import re
import time
from collections.abc import Callable, Iterator

import pytest
from httpx import Client
from playwright.sync_api import Page, expect

from tests.web.house import House
from tests.web.walk import looks, overflow


@pytest.fixture
def recruiter(house: House) -> Iterator[Client]:
    with Client(base_url=house.url, timeout=60, headers={"accept-language": "en"}) as client:
        log_in = {"name": "recruiter", "password": house.password}
        assert client.post("/recruiter/login", data=log_in).status_code == 303
        yield client


@pytest.fixture
def interviews(recruiter: Client) -> list[str]:
    """The ids of two interviews in which the first question was asked."""
    choice = {"bank": "tiny", "questions": "1", "follow_ups": "0"}
    begun = [recruiter.post("/interviews", data=choice).headers["location"] for _ in range(2)]
    ids = [found[0] for address in begun if (found := re.search(r"[0-9a-f]{32}", address))]
    until = time.monotonic() + 60
    while not all(each in recruiter.get("/recruiter?q=question&sort=newest").text for each in ids):
        assert time.monotonic() < until, "no question was asked"
    return ids


def chips(page: str) -> list[str]:
    return re.findall(r'<a class="pill" href="([^"]*)"', page)


def test_every_filter_is_a_chip_that_leads_to_the_list_without_it(recruiter: Client) -> None:
    page = recruiter.get("/recruiter?q=%E9%80%80%E6%AC%BE&status=open&least=40&most=60&sort=newest").text
    assert chips(page) == [
        "/recruiter?status=open&amp;least=40&amp;most=60&amp;sort=newest",
        "/recruiter?q=%E9%80%80%E6%AC%BE&amp;least=40&amp;most=60&amp;sort=newest",
        "/recruiter?q=%E9%80%80%E6%AC%BE&amp;status=open&amp;sort=newest",
    ]


def test_a_form_without_scripts_sends_empty_fields_too(recruiter: Client) -> None:
    answer = recruiter.get("/recruiter?q=&template=&bank=&least=&most=&since=&until=&sort=&status=open")
    assert answer.status_code == 200
    assert len(chips(answer.text)) == 1


@pytest.mark.parametrize(
    "query", ["least=101", "most=-1", "since=yesterday", "sort=odd", "flagged=maybe", "q=" + "x" * 201]
)
def test_a_filter_that_means_nothing_is_refused(recruiter: Client, query: str) -> None:
    assert recruiter.get(f"/recruiter?{query}").status_code == 422
    assert recruiter.get(f"/api/v1/recruiting/interviews?{query}").status_code == 422


def test_words_that_were_typed_are_shown_as_text(recruiter: Client) -> None:
    assert "<script>x" not in recruiter.get("/recruiter?q=%3Cscript%3Ex").text


def test_the_words_found_are_marked_and_lead_to_their_line(recruiter: Client, interviews: list[str]) -> None:
    page = recruiter.get("/recruiter?q=question&sort=newest").text
    assert re.search(rf'href="/recruiter/interviews/{interviews[0]}[?]from=[^"]*#line-1"', page)
    assert "<mark>Question</mark>" in page


def test_the_api_lists_what_the_page_lists(recruiter: Client, interviews: list[str]) -> None:
    listed = recruiter.get("/api/v1/recruiting/interviews?sort=newest").json()
    assert [each["id"] for each in listed["interviews"][:2]] == interviews[::-1]
    assert listed["total"] == sum(listed["distribution"]["counts"]) + listed["distribution"]["without"]


def test_chosen_interviews_are_taken_out_as_a_file(recruiter: Client, interviews: list[str]) -> None:
    answer = recruiter.post("/recruiter/export", data={"format": "csv", "ids": interviews[:1]})
    assert answer.headers["content-disposition"].endswith('.csv"')
    assert answer.headers["cache-control"] == "no-store"
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert [row["Id"] for row in rows] == interviews[:1]


def test_the_api_takes_out_the_same(recruiter: Client, interviews: list[str]) -> None:
    answer = recruiter.post("/api/v1/recruiting/exports", json={"format": "jsonl", "ids": interviews})
    assert len(answer.text.splitlines()) == 2


@pytest.mark.parametrize("path", ["/recruiter/export", "/api/v1/recruiting/exports"])
def test_another_sites_page_takes_nothing_out(recruiter: Client, path: str) -> None:
    assert recruiter.post(path, headers={"origin": "http://evil.test"}).status_code == 403


def test_nobody_takes_anything_out_without_a_log_in(house: House) -> None:
    with Client(base_url=house.url, timeout=60) as stranger:
        assert stranger.post("/api/v1/recruiting/exports", json={}).status_code == 401
        assert stranger.get("/api/v1/recruiting/interviews").status_code == 401
        assert stranger.post("/recruiter/export").status_code == 303


def open_list(house: House, page: Page, query: str = "") -> None:
    page.goto(f"{house.url}/recruiter/login")
    page.fill("#name", "recruiter")
    page.fill("#password", house.password)
    page.click("form.login button")
    page.wait_for_url("**/recruiter")
    page.goto(f"{house.url}/recruiter{query}")


@pytest.mark.browser
@pytest.mark.usefixtures("interviews")
def test_two_to_five_chosen_interviews_can_be_compared(house: House, browser_page: Page) -> None:
    page = browser_page
    open_list(house, page)
    boxes = page.locator("input[name=ids]")
    compare = page.get_by_role("button", name="Compare")
    boxes.nth(0).check()
    expect(page.locator("[data-chosen]")).to_have_text("1 selected")
    expect(compare).to_have_attribute("aria-disabled", "true")
    boxes.nth(1).check()
    chosen = [boxes.nth(place).input_value() for place in (0, 1)]
    compare.click()
    page.wait_for_url(re.compile("/recruiter/compare"))
    assert all(f"ids={each}" in page.url for each in chosen)


@pytest.mark.browser
@pytest.mark.usefixtures("interviews")
def test_filters_stay_in_the_address_and_when_going_back(house: House, browser_page: Page) -> None:
    page = browser_page
    open_list(house, page)
    page.fill("#q", "question")
    page.select_option("#status", "open")
    page.wait_for_url(f"{house.url}/recruiter?q=question&status=open")
    page.locator(".who a").first.click()
    page.wait_for_url(re.compile("/recruiter/interviews/"))
    page.go_back()
    page.wait_for_url(f"{house.url}/recruiter?q=question&status=open")
    expect(page.locator("#q")).to_have_value("question")


@pytest.mark.browser
@pytest.mark.usefixtures("interviews")
@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_list_fits_its_window(house: House, windows: Callable[..., Page], locale: str) -> None:
    page = windows(locale=locale)
    open_list(house, page, "?q=question&flagged=no&since=2026-01-01")
    for look in looks(page, dark=False):
        assert overflow(page) == [], look
