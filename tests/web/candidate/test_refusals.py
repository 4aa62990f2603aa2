"""What a candidate is told when browser, inviter or clock refuses, and that nothing typed is lost."""

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import httpx
import pytest
from playwright.sync_api import Page, expect

from app.db.engine import Database, create_engine
from app.db.tables import Interview, now
from app.interviews.repository import Interviews
from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import answer, begin, bubbles, hold_time, wait_for_turn

pytestmark = pytest.mark.browser


def change(house: House, page: Page, what: Callable[[Interview], None]) -> None:
    """Change the page's interview behind the service's back."""
    interview_id = page.url.partition("?")[0].split("/interviews/")[1].partition("/")[0]

    async def write() -> None:
        database = Database(create_engine(house.settings.async_database_url))
        async with database.session() as session:
            what(await Interviews(session).lock(interview_id))
        await database.close()

    # The browser's own loop runs in this thread.
    with ThreadPoolExecutor() as other_thread:
        other_thread.submit(asyncio.run, write()).result()


def revoke(interview: Interview) -> None:
    interview.access_revoked_at = now()


def expire(interview: Interview) -> None:
    interview.expires_at = now() - timedelta(seconds=1)


@pytest.mark.parametrize(
    ("closing", "words"),
    [(revoke, "Whoever invited you"), (expire, "has run out")],
    ids=["revoked", "expired"],
)
def test_a_closed_interview_says_why_and_gives_back_what_was_typed(
    windows: Watched, house: House, closing: Callable[[Interview], None], words: str
) -> None:
    page = windows()
    page.clock.install()
    begin(page, house)
    change(house, page, closing)
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator("[data-closed]")).to_contain_text(words)
    expect(page.locator(".line.failed")).to_contain_text("I call back.")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    hold_time(page)
    page.click("[data-copy]")
    expect(page.locator("[data-copy]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "I call back."
    page.clock.resume()
    page.reload()
    expect(page.locator("main")).to_contain_text(words)
    expect(page.locator("#kept")).to_have_value("I call back.")
    windows.forgive("status of 401")


def test_a_browser_without_cookies_is_told_what_to_change(windows: Watched, house: House) -> None:
    form = {"bank": "tiny", "questions": "1", "practice": "yes"}
    location = httpx.post(f"{house.url}/interviews", data=form, timeout=60).headers["location"]
    page = windows()
    page.goto(f"{house.url}{location}")
    expect(page.locator("h1")).to_have_text("Your browser keeps no cookies")
    expect(page.locator("main")).to_contain_text("Allow cookies")
    page.goto(f"{house.url}{location.partition('?')[0]}")
    expect(page.locator("main")).to_contain_text("only in the browser that started it")
    windows.forgive("status of 401")


def test_blocked_storage_costs_the_draft_and_nothing_else(windows: Watched, house: House) -> None:
    page = windows()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no'); }})"
    )
    begin(page, house)
    answer(page, "I listen first.")
    assert bubbles(page, "candidate") == ["I listen first."]


def test_going_back_after_the_end_finds_it_ended(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    browser_page.click("[data-end]")
    browser_page.click("dialog [value=yes]")
    browser_page.click("[data-done] a")
    browser_page.wait_for_url("**/report")
    browser_page.go_back()
    expect(browser_page.locator("[data-done]")).to_be_visible()
    expect(browser_page.locator("[data-desk]")).to_be_hidden()


def test_the_mark_of_a_fresh_start_leaves_the_address(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    assert "?" not in browser_page.url


def test_fifty_thousand_pasted_characters_are_counted_kept_and_not_sent(
    browser_page: Page, house: House
) -> None:
    begin(browser_page, house)
    browser_page.fill("[data-text]", "字" * 50_000)
    browser_page.press("[data-text]", "Enter")
    over = 50_000 - house.settings.max_reply_chars
    expect(browser_page.locator("[data-under]")).to_have_text(f"{over} characters too many")
    browser_page.reload()
    wait_for_turn(browser_page)
    assert len(browser_page.input_value("[data-text]")) == 50_000
    assert bubbles(browser_page, "candidate") == []


def test_too_many_requests_say_when_it_is_tried_again(windows: Watched, house: House) -> None:
    page = windows()
    page.clock.install()
    begin(page, house)
    problem = '{"type": "urn:interviewer:too-many-requests", "status": 429}'
    page.route(
        "**/replies", lambda route: route.fulfill(status=429, body=problem, headers={"Retry-After": "60"})
    )
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator(".line.failed")).to_contain_text("Trying again in 60 seconds")
    page.unroute("**/replies")
    page.clock.fast_forward(60_000)
    expect(page.locator(".line.failed")).to_have_count(0)
    wait_for_turn(page)
    assert bubbles(page, "candidate") == ["I call back."]
    windows.forgive("status of 429")


def test_time_running_out_is_said_calmly_and_before(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    expect(browser_page.locator(".rules")).to_contain_text("Up to 120 minutes")
    expect(browser_page.locator("[data-time]")).to_be_hidden()

    def long_ago(minutes: int) -> Callable[[Interview], None]:
        def move(interview: Interview) -> None:
            interview.started_at = now() - timedelta(minutes=minutes)

        return move

    change(house, browser_page, long_ago(116))
    browser_page.reload()
    expect(browser_page.locator("[data-time]")).to_contain_text(re.compile("About [1-4] minutes? left"))
    expect(browser_page.locator("[data-minutes]")).to_have_text(re.compile("11[6-9] / 120 min"))
    change(house, browser_page, long_ago(121))
    browser_page.reload()
    expect(browser_page.locator("[data-time]")).to_contain_text("Time is up. Your next answer still counts")
    answer(browser_page, "I listen first.")
    expect(browser_page.locator("[data-done]")).to_be_visible()
