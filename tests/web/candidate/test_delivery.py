import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import begin, bubbles, hold_time, wait_for_turn

pytestmark = pytest.mark.browser


def test_a_reply_sent_offline_waits_and_arrives_once(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    page.context.set_offline(True)
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator(".line.failed")).to_contain_text("Not delivered")
    expect(page.locator("[data-connection]")).to_contain_text("offline")
    page.context.set_offline(False)
    wait_for_turn(page)
    assert bubbles(page, "candidate") == ["I call back."]
    page.reload()
    wait_for_turn(page)
    assert bubbles(page, "candidate") == ["I call back."]
    windows.forgive("ERR_INTERNET_DISCONNECTED")


def test_a_reply_whose_answer_was_lost_is_sent_again_without_a_duplicate(
    windows: Watched, house: House
) -> None:
    page = windows()
    page.clock.install()
    begin(page, house)
    sent: list[str] = []

    def lose_the_first(route: Route) -> None:
        sent.append(route.request.post_data or "")
        if len(sent) == 1:
            route.fetch()
            route.abort()
        else:
            route.continue_()

    page.route("**/replies", lose_the_first)
    page.route("**/api/**/events*", lambda route: route.abort())
    page.reload()
    wait_for_turn(page)
    # It would try again by itself.
    hold_time(page)
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator(".line.failed")).to_contain_text("Not delivered")
    page.click(".delivery button:visible")
    expect(page.locator(".line.failed")).to_have_count(0)
    page.clock.resume()
    page.unroute("**/api/**/events*")
    page.reload()
    wait_for_turn(page)
    assert bubbles(page, "candidate") == ["I call back."]
    assert len(set(sent)) == 1
    windows.forgive("ERR_FAILED")


def test_an_undelivered_reply_survives_a_reload(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    page.route("**/replies", lambda route: route.abort())
    page.fill("[data-text]", "I call back.")
    page.press("[data-text]", "Enter")
    expect(page.locator(".line.failed")).to_be_visible()
    page.unroute("**/replies")
    page.reload()
    expect(page.locator(".line.failed")).to_have_count(0)
    expect(page.locator(".candidate .bubble")).to_have_text(["I call back."])
    windows.forgive("ERR_FAILED")


def test_what_the_server_refuses_can_be_changed_and_sent_again(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house)
    problem = '{"type": "urn:interviewer:bad-input", "status": 422, "detail": "text: no"}'
    page.route("**/replies", lambda route: route.fulfill(status=422, body=problem))
    page.fill("[data-text]", "first words")
    page.press("[data-text]", "Enter")
    expect(page.locator(".line.failed")).to_contain_text("can't be used")
    page.unroute("**/replies")
    page.click(".delivery button >> nth=1")
    expect(page.locator("[data-text]")).to_have_value("first words")
    page.press("[data-text]", "Enter")
    expect(page.locator(".candidate .bubble")).to_have_text(["first words"])
    expect(page.locator(".line.failed")).to_have_count(0)
    windows.forgive("status of 422")


def test_nothing_is_sent_while_the_interviewer_speaks(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    house.interviewer.held = True
    browser_page.fill("[data-text]", "one")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator(".interviewer .bubble")).to_have_count(2)
    browser_page.fill("[data-text]", "two")
    browser_page.press("[data-text]", "Enter")
    expect(browser_page.locator("[data-under]")).to_contain_text("still talking")
    expect(browser_page.locator("[data-text]")).to_have_value("two")
    house.interviewer.held = False
    wait_for_turn(browser_page)
    assert bubbles(browser_page, "candidate") == ["one"]
