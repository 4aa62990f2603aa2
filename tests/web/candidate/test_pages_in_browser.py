import re

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import answer, begin, looks, overflow, wait_for_turn

pytestmark = pytest.mark.browser

ANSWER = "I apologise to the customer, then I ask for the number. I refund it."


def finish(page: Page, house: House, words: str = ANSWER) -> None:
    """An interview of one question, answered until it ends, up to its report."""
    begin(page, house, questions=1)
    while page.locator("[data-done]").is_hidden():
        answer(page, words)
    page.click("[data-done] a")
    page.wait_for_url("**/report")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_no_screen_is_wider_than_the_window(windows: Watched, house: House, locale: str) -> None:
    page = windows(locale=locale)

    def check_fit() -> None:
        for look in looks(page):
            assert overflow(page) == [], f"{page.url}, {look}"

    page.goto(f"{house.url}/")
    check_fit()
    finish(page, house, words="word" * 80)
    check_fit()
    page.goto(page.url.removesuffix("/report"))
    expect(page.locator("[data-done]")).to_be_visible()
    check_fit()
    page.goto(f"{house.url}/recruiter/login")
    check_fit()
    page.fill("#name", "recruiter")
    page.fill("#password", house.password)
    page.press("#password", "Enter")
    page.wait_for_url("**/recruiter")
    check_fit()
    page.click(".who a >> nth=0")
    page.wait_for_url(re.compile("/recruiter/interviews/"))
    check_fit()


def test_a_quote_leads_to_its_words_in_the_transcript(browser_page: Page, house: House) -> None:
    finish(browser_page, house)
    browser_page.click("[data-quote] >> nth=0")
    lit = browser_page.locator("mark.is-lit")
    expect(lit).to_have_text("I apologise to the customer")
    expect(lit).to_be_in_viewport()


def test_the_report_reads_without_scripts(windows: Watched, house: House) -> None:
    page = windows()
    finish(page, house)
    plain = windows(scripts=False)
    plain.context.add_cookies(page.context.cookies())  # type: ignore[arg-type]
    plain.goto(page.url)
    expect(plain.locator("h1")).to_have_text("Interview report")
    plain.click("[data-quote] >> nth=0")
    expect(plain.locator("mark:target")).to_have_text("I apologise to the customer")
    plain.click(".model-answer summary")
    expect(plain.locator(".model-answer p").first).to_be_visible()


def test_unscored_is_shown_as_unscored_and_never_as_zero(browser_page: Page, house: House) -> None:
    house.scorer.down = True
    finish(browser_page, house)
    expect(browser_page.locator(".unscored")).to_contain_text("not a zero")
    expect(browser_page.locator(".summary")).to_contain_text("Not scored yet")
    expect(browser_page.locator(".dial-figure strong")).to_have_text("–")
    expect(browser_page.locator(".question-score")).to_have_count(0)


def test_the_chosen_theme_overrides_the_system(browser_page: Page, house: House) -> None:
    browser_page.goto(f"{house.url}/")
    root = browser_page.locator("html")
    light = browser_page.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    browser_page.click(".to-dark")
    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).not_to_have_css("background-color", light)
    browser_page.click(".to-light")
    expect(root).to_have_attribute("data-theme", "light")
    expect(root).to_have_css("background-color", light)


def test_switching_the_language_keeps_the_page(browser_page: Page, house: House) -> None:
    begin(browser_page, house)
    chat = browser_page.url
    browser_page.click("[hreflang=zh-CN]")
    expect(browser_page.locator("[data-send]")).to_have_text("发送")
    wait_for_turn(browser_page)
    expect(browser_page).to_have_url(chat)


@pytest.mark.parametrize("chosen", [False, True], ids=["by the system", "by choice"])
def test_paper_is_light_however_dark_the_screen(windows: Watched, house: House, chosen: bool) -> None:
    page = windows(dark=not chosen)
    page.goto(f"{house.url}/")
    if chosen:
        page.click(".to-dark")
        page.wait_for_selector("[data-theme=dark]")
    page.emulate_media(media="print")
    expect(page.locator("h1")).to_have_css("color", "rgb(29, 31, 28)")
