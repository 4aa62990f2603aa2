import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.web.conftest import Watched
from tests.web.desk.reviewing import disputed_in, held_in
from tests.web.house import House
from tests.web.screens.audit import findings_in_every_look

pytestmark = pytest.mark.browser

SIGNALS = {"pasted_chars": 60, "typed_chars": 20, "away_times": 2, "away_seconds": 40, "seconds": 75}


def opened(page: Page, house: House, interview_id: str) -> Page:
    """The review of an interview, with a recruiter logged in."""
    sent = page.request.post(
        f"{house.url}/recruiter/login",
        form={"name": "recruiter", "password": house.password},
        max_redirects=0,
    )
    assert sent.status == 303
    page.goto(f"{house.url}/recruiter/interviews/{interview_id}")
    return page


def point(page: Page, key: str = "q1-p1") -> str:
    return f"#point-{key}"


def test_a_click_on_a_point_shows_its_words(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=3))
    page.click(f"{point(page, 'q3-p1')} .point-text")
    mark = page.locator("#quote-q3-p1-1")
    expect(mark).to_be_in_viewport()
    expect(mark).to_have_class("is-lit is-pulsing")


def test_a_click_on_words_shows_their_point(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=3))
    page.click("#quote-q3-p2-1")
    expect(page.locator(point(page, "q3-p2"))).to_be_in_viewport()
    expect(page.locator(point(page, "q3-p2"))).to_contain_class("is-lit")


def test_keys_walk_through_the_points(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house))
    for key, where in (("j", "q1-p1"), ("j", "q1-p2"), ("k", "q1-p1"), ("f", "q1-p2"), ("f", "q2-p2")):
        page.keyboard.press(key)
        expect(page.locator(point(page, where))).to_be_focused()


def test_disputed_points_come_before_flagged_ones(browser_page: Page, house: House) -> None:
    held = held_in(house)
    disputed_in(house, held, "p3", "I did offer a refund.")
    page = opened(browser_page, house, held)
    page.click("[data-next-flagged]")
    expect(page.locator(point(page, "q1-p3"))).to_be_focused()
    page.keyboard.press("f")
    expect(page.locator(point(page, "q1-p2"))).to_be_focused()


def test_a_verdict_is_given_by_keys_alone(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=1))
    page.keyboard.press("f")
    page.keyboard.press("3")
    expect(page.locator("#reason-q1-p2")).to_be_focused()
    page.keyboard.type("j said it, 1 time")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(f"{point(page, 'q1-p2')} .decided")).to_contain_text("j said it, 1 time")
    expect(page.locator(point(page, "q1-p2"))).to_be_focused()
    expect(page.locator("#total strong")).to_have_text("4")
    expect(page.locator("#attention")).to_contain_text("Nothing to review")


def test_keys_can_be_switched_off(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house))
    page.keyboard.press("?")
    page.uncheck("[data-keys-on]")
    page.reload()
    page.keyboard.press("j")
    expect(page.locator(".point.is-chosen")).to_have_count(0)


def test_of_two_reviewers_the_second_keeps_their_words(windows: Watched, house: House) -> None:
    held = held_in(house, questions=1)
    first, second = opened(windows(), house, held), opened(windows(), house, held)
    for page, reason in ((first, "first reason"), (second, "second reason")):
        page.keyboard.press("j")
        page.keyboard.press("1")
        page.keyboard.type(reason)
    first.click(f"{point(first)} [data-decide] .button")
    expect(first.locator(f"{point(first)} .decided")).to_contain_text("first reason")
    refused = f"{point(second)} [data-decide] .button"
    with second.expect_response(lambda response: response.status == 409):
        second.click(refused)
    expect(second.locator(f"{point(second)} [data-decide]")).to_contain_text("first reason")
    expect(second.locator("#reason-q1-p1")).to_have_value("second reason")
    second.click(refused)
    expect(second.locator(f"{point(second)} .decided")).to_contain_text("second reason")
    # The browser itself notes the refusal in its console.
    windows.forgive("status of 409")


def test_the_history_unfolds_at_its_point(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=1))
    page.click(f"{point(page)} .action-link")
    expect(page.locator("#history-q1-p1")).to_contain_text("Scorer scripted-1")


def test_a_comment_is_added_in_place(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=1))
    page.click("#comments-q1-p2 summary")
    page.fill("#comment-q1-p2", "well put")
    page.click("#comments-q1-p2 .button")
    expect(page.locator("#comments-q1-p2 .note")).to_contain_text("well put")
    expect(page.locator("#comments-q1-p1 .note")).to_have_count(0)


def test_keys_lead_along_the_list_and_back(browser_page: Page, house: House) -> None:
    held = [held_in(house, name=name) for name in ("Robin One", "Robin Two")]
    page = opened(browser_page, house, held[0])
    page.goto(f"{house.url}/recruiter?sort=newest")
    page.locator(".who a", has_text="Robin Two").first.click()
    page.wait_for_url(re.compile(held[1]))
    page.keyboard.press("n")
    page.wait_for_url(re.compile(held[0]))
    expect(page.locator("h1")).to_have_text("Robin One")
    page.keyboard.press("p")
    page.wait_for_url(re.compile(held[1]))
    page.keyboard.press("?")
    expect(page.locator(".keys-card")).to_contain_text("Next and previous interview of the list")
    page.keyboard.press("b")
    page.wait_for_url(re.compile(f"sort=newest#i-{held[1]}$"))


def test_on_a_phone_a_blind_review_is_a_touch_away(windows: Watched, house: House) -> None:
    held = held_in(house)
    page = opened(windows(width=360), house, held)
    expect(page.get_by_role("link", name="Review blind")).to_be_visible()
    page.goto(f"{house.url}/recruiter?sort=newest")
    link = page.locator(f"#i-{held} .to-blind")
    expect(link).to_have_css("opacity", "1")
    link.click()
    page.wait_for_url(re.compile("/blind"))
    expect(page.get_by_role("button", name="Begin the blind review")).to_be_visible()


def test_a_blind_review_by_keys_alone(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=1, blind=True))
    page.keyboard.press("j")
    for key in "123":
        page.keyboard.press(key)
    expect(page.locator("#blind-progress")).to_contain_text("3 of 3")
    for key, verdict in (("q1-p1", "Not said"), ("q1-p2", "Partly said"), ("q1-p3", "Said")):
        expect(page.locator(f"{point(page, key)} [aria-pressed=true]")).to_have_text(verdict)
    page.click("#blind-progress .button")
    expect(page.locator(".own")).to_have_count(3)
    page.click(f"{point(page)} .own .button")
    expect(page.locator(f"{point(page)} .decided")).to_contain_text("My verdict in the blind review.")
    expect(page.locator("#total strong")).to_have_text("1")


def test_quick_verdicts_never_overtake_each_other(browser_page: Page, house: House) -> None:
    page = opened(browser_page, house, held_in(house, questions=1, blind=True))
    waiting: list[Route] = []
    page.route("**/blind/questions/**", lambda route: waiting.append(route))
    for key in "j123":
        page.keyboard.press(key)
    for judged in (1, 2, 3):
        while not waiting:
            page.wait_for_timeout(10)
        assert len(waiting) == 1
        waiting.pop().continue_()
        expect(page.locator("#blind-progress")).to_contain_text(f"{judged} of 3")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_every_screen_fits_its_window_and_passes_the_audit(
    windows: Watched, house: House, locale: str
) -> None:
    held = held_in(house, signals=SIGNALS)
    disputed_in(house, held, "p3", "I did offer a refund.")
    page = opened(windows(locale=locale), house, held)
    problems: list[str] = []

    def audit(screen: str) -> None:
        problems.extend(f"{screen}, {found}" for found in findings_in_every_look(page))

    audit("open")
    page.click(f"{point(page, 'q1-p3')} .dispute summary")
    page.click(f"{point(page)} [data-decide] summary")
    page.click(f"{point(page)} .action-link")
    page.wait_for_selector("#history-q1-p1 li")
    audit("with forms and history")
    for path in ("/release", "/questions/1/history", "/blind"):
        page.goto(f"{house.url}/recruiter/interviews/{held}{path}")
        audit(path)
    page.goto(f"{house.url}/recruiter/interviews/{held_in(house, blind=True)}")
    audit("blind")
    assert problems == []
