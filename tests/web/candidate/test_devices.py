"""Going on with an interview in another window or on another device: one transcript, one reply wins."""

import pytest
from httpx import Client
from playwright.sync_api import Page, expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import answer, begin, bubbles, wait_for_turn

pytestmark = pytest.mark.browser


def link_for_another_device(page: Page) -> str:
    page.click("[popovertarget=more]")
    page.click("[data-device]")
    expect(page.locator("[data-device-ready]")).to_be_visible()
    return page.input_value("[data-device-link]")


def test_a_link_goes_on_with_the_interview_elsewhere_and_both_stay_in_step(
    windows: Watched, house: House
) -> None:
    first, second = windows(), windows(width=360)
    begin(first, house)
    link = link_for_another_device(first)
    drawn = first.locator("[data-device-qr]").evaluate("img => img.decode().then(() => img.naturalWidth)")
    assert drawn >= 100
    first.click("[data-device-dialog] form button")
    second.goto(link)
    second.reload()
    second.click("main form button")
    wait_for_turn(second)
    answer(second, "from the second device")
    expect(first.locator(".candidate .bubble")).to_have_text("from the second device")
    wait_for_turn(first)
    answer(first, "from the first device")
    expect(second.locator(".candidate .bubble").nth(1)).to_have_text("from the first device")
    wait_for_turn(second)
    assert bubbles(first, "interviewer") == bubbles(second, "interviewer")
    third = windows()
    third.goto(link)
    expect(third.locator("main")).to_contain_text("This link works no more")
    windows.forgive("status of 410")


def test_looking_at_a_link_does_not_use_it_up_and_another_site_cannot(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    link = link_for_another_device(page)
    with Client(timeout=60) as program:
        assert [program.get(link).status_code for _ in range(2)] == [200, 200]
        assert program.get(link).headers["cache-control"] == "no-store"
        assert program.post(link, headers={"origin": "http://evil.test"}).status_code == 403
        assert program.post(link).status_code == 303


def test_the_dialog_is_left_by_the_keyboard_and_gives_the_focus_back(
    browser_page: Page, house: House
) -> None:
    begin(browser_page, house)
    browser_page.focus("[popovertarget=more]")
    browser_page.keyboard.press("Enter")
    browser_page.keyboard.press("Tab")
    browser_page.keyboard.press("Enter")
    expect(browser_page.locator("[data-device-dialog]")).to_be_visible()
    browser_page.keyboard.press("Escape")
    expect(browser_page.locator("[data-device-dialog]")).to_be_hidden()


def test_one_of_two_replies_wins_and_the_others_text_is_kept(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    other = page.context.new_page()
    other.goto(page.url)
    wait_for_turn(other)
    other.route("**/api/**/events*", lambda route: route.abort())
    other.reload()
    wait_for_turn(other)
    answer(page, "the first one wins")
    other.fill("[data-text]", "the second one is kept")
    other.press("[data-text]", "Enter")
    expect(other.locator("[data-text]")).to_have_value("the second one is kept")
    expect(other.locator("[data-under]")).to_contain_text("Another window answered first")
    expect(other.locator(".candidate .bubble")).to_have_text(["the first one wins"])
    other.reload()
    expect(other.locator("[data-text]")).to_have_value("the second one is kept")
    windows.forgive("status of 409", "ERR_")


def test_a_button_pressed_in_two_windows_counts_once(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    other = page.context.new_page()
    other.route("**/api/**/events*", lambda route: route.abort())
    other.goto(page.url)
    wait_for_turn(other)
    page.click("[data-intent=skip]")
    expect(page.locator(".interviewer .bubble")).to_have_count(2)
    wait_for_turn(page)
    other.click("[data-intent=skip]")
    expect(other.locator(".interviewer .bubble")).to_have_count(2)
    expect(other.locator(".candidate .bubble")).to_have_count(1)
    assert other.input_value("[data-text]") == ""
    windows.forgive("status of 409", "ERR_")
