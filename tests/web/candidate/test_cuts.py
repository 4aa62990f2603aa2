"""Fifty network cuts at random moments of an interview, between a real browser and the real service."""

from typing import Any

import pytest
from httpx import Client
from playwright.sync_api import Page, expect

from tests.web.conftest import Watched
from tests.web.cutting import open_proxy
from tests.web.house import House
from tests.web.walk import wait_for_turn

pytestmark = pytest.mark.browser

CUTS = 50
CUT = ("Failed to load resource: net::ERR_", "EventSource's response has a ")
# A tenth of the waits between tries: what counts is what is said, not how long that takes.
IMPATIENT = """
const after = setTimeout;
window.setTimeout = (call, wait, ...more) => after(call, wait < 10_000 ? wait / 10 : wait, ...more);
"""
# What the candidate does, turn by turn: words, or the name of a button.
TURNS = (
    *("I apologise to the customer first.", "hint", "Then I ask for the number, 先道歉。", "explain"),
    *("I offer what the rules allow.", "repeat", "I listen until they are done.", "I ask what went wrong."),
    *("pause", "resume", "I call back the next day."),
)


def interview(page: Page, url: str) -> None:
    page.goto(f"{url}/")
    page.fill("[name=questions]", "3")
    page.check("[name=follow_ups][value='2']", force=True)
    page.click("[data-begin]")
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)


def say(page: Page, turn: str) -> None:
    """Do what the turn says, and wait until the candidate may speak again or the interview has ended."""
    lines = page.locator("[data-lines] > li").count()
    button = page.locator(f"[data-intent={turn}]:visible") if turn.isalpha() else None
    if button is None:
        page.fill("[data-text]", turn)
        page.press("[data-text]", "Enter")
    else:
        button.click()
    expect(page.locator("[data-lines] > li")).to_have_count(lines + 2)
    page.wait_for_selector("[data-send]:enabled, [data-done]:visible")


def transcript(page: Page, house: House) -> list[dict[str, Any]]:
    """What the service has stored, without the times."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    with Client(base_url=house.url, timeout=60, cookies=cookies) as client:
        lines = client.get(f"/api/v1/interviews/{page.url.rsplit('/', 1)[1]}").json()["transcript"]
    return [{key: value for key, value in line.items() if key != "at"} for line in lines]


def shown(page: Page) -> list[str]:
    return page.locator("[data-lines] .bubble").all_text_contents()


def test_fifty_network_cuts_change_nothing_in_the_transcript(windows: Watched, house: House) -> None:
    house.interviewer.opening = "一句话 and " * 25
    house.interviewer.pace = 0.01
    turns = list(TURNS)
    with open_proxy(house.url, seed=20, most=CUTS) as proxy:
        page = windows()
        page.add_init_script(IMPATIENT)
        interview(page, proxy.url)
        proxy.armed = True
        for turn in turns:
            say(page, turn)
        while proxy.cuts < CUTS:
            turns.append("repeat")
            say(page, "repeat")
        assert proxy.cuts == CUTS
        say(page, "skip")
        cut = transcript(page, house)
        assert shown(page) == [line["text"] for line in cut]
        expect(page.locator(".line.waiting, .line.failed")).to_have_count(0)
        page.goto("about:blank")
    # What the browser says of a connection that is cut in its headers or its body.
    windows.forgive(*CUT)

    house.interviewer.pace = 0
    uncut = windows()
    interview(uncut, house.url)
    for turn in [*turns, "skip"]:
        say(uncut, turn)
    assert cut == transcript(uncut, house)
