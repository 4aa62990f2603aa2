"""The chat's smaller screens and states: audited, narrow, and with room for fingers."""

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.screens.audit import findings
from tests.web.walk import begin, overflow, wait_for_turn

pytestmark = pytest.mark.browser

CLOSED = '{"type": "urn:interviewer:access-revoked", "status": 401}'


def states(page: Page, house: House) -> Iterator[str]:
    """Bring the page into each state in turn; yields its name."""
    page.goto(f"{house.url}/")
    page.uncheck("[name=practice]", force=True)
    yield "start of an assessment"
    begin(page, house)
    yield "chat"
    house.interviewer.held = True
    page.fill("[data-text]", "I listen first. " * 20)
    page.press("[data-text]", "Enter")
    expect(page.locator("[data-stop]")).to_be_visible()
    yield "stop"
    house.interviewer.held = False
    wait_for_turn(page)
    page.click("[popovertarget=more]")
    yield "menu"
    page.click("[data-device]")
    expect(page.locator("[data-device-ready]")).to_be_visible()
    yield "another device"
    link = page.input_value("[data-device-link]")
    page.click("[data-device-dialog] form button")
    page.route("**/replies", lambda route: route.fulfill(status=401, body=CLOSED))
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator("[data-closed]")).to_be_visible()
    yield "closed"
    page.goto(link)
    yield "confirm the device"
    form = {"bank": "tiny", "questions": "1", "practice": "yes"}
    location = httpx.post(f"{house.url}/interviews", data=form, timeout=60).headers["location"]
    page.context.clear_cookies()
    page.goto(f"{house.url}{location}")
    expect(page.locator("h1")).to_have_text("Your browser keeps no cookies")
    yield "no cookies"


def test_every_state_of_the_chat_passes_the_audit_and_scrolls_neither_sideways_nor_its_header_away(
    windows: Watched, house: House
) -> None:
    page = windows(width=360)
    problems: list[str] = []
    for state in states(page, house):
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            problems += [f"{state}, {theme}: {found}" for found in findings(page)]
        page.set_viewport_size({"width": 320, "height": 800})
        problems += [f"{state}, 320 px: {found}" for found in overflow(page)]
        in_chat = page.locator("[data-interview]").count() == 1
        if in_chat and page.evaluate("document.documentElement.scrollHeight > innerHeight"):
            problems.append(f"{state}: the header scrolls away")
        page.set_viewport_size({"width": 360, "height": 800})
    assert problems == []
    windows.forgive("status of 401")


def test_a_finger_finds_every_button_of_the_chat(windows: Watched, house: House) -> None:
    page = windows(width=390, has_touch=True, is_mobile=True)
    begin(page, house)
    page.click("[popovertarget=more]")
    small = page.evaluate(
        """() => [...document.querySelectorAll("button, a.button, .switches a, .menu label")]
            .filter((part) => part.checkVisibility() && part.offsetHeight < 44)
            .map((part) => part.outerHTML.slice(0, 80))"""
    )
    assert small == []
