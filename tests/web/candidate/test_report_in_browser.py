from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.interviews.stored_reports import Told
from tests.web.candidate.stored_reports import let_in, store
from tests.web.house import House

pytestmark = pytest.mark.browser

RELEASED = datetime(2026, 3, 3, tzinfo=UTC)
WEAK = Told("I apologise first.", {"p1": 1}, quotes={"p1": "I apologise first"})
ALL = Told("All of it.", {"p1": 1, "p2": 1, "p3": 1})


def open_report(page: Page, house: House, interview_id: str) -> None:
    let_in(page, house, interview_id)
    page.goto(f"{house.url}/interviews/{interview_id}/report")


def test_point_and_words_lead_to_each_other(browser_page: Page, house: House) -> None:
    open_report(browser_page, house, store(house, [WEAK]))

    browser_page.click(".quote")
    lit = browser_page.locator("mark.is-lit")
    expect(lit).to_have_text("I apologise first")
    expect(lit).to_be_in_viewport()

    lit.click()
    expect(browser_page.locator(".point.hit.is-lit")).to_be_in_viewport()


def test_the_weak_questions_are_practised_again_with_one_click(browser_page: Page, house: House) -> None:
    open_report(browser_page, house, store(house, [ALL, WEAK]))
    weak = browser_page.locator("#question-2-text").text_content() or ""

    browser_page.click(".report-actions .button-primary")

    expect(browser_page.locator(".interviewer .bubble").first).to_contain_text(weak.strip())


def test_a_dispute_is_written_sent_and_shown(browser_page: Page, house: House) -> None:
    open_report(browser_page, house, store(house, [WEAK], mode="assessment", released_at=RELEASED))
    point = browser_page.locator("#point-q1-p2")
    point.locator("summary").click()
    point.locator("textarea").fill("I asked for the order number at the very end.")
    point.locator("button").click()
    expect(browser_page.locator("#point-q1-p2 .dispute")).to_contain_text("Waiting for review")


def test_the_report_shows_new_scores_by_itself(windows: Callable[..., Page], house: House) -> None:
    page = windows()
    page.clock.install()
    interview_id = store(house, [WEAK])
    let_in(page, house, interview_id)
    address = f"{house.url}/interviews/{interview_id}/report"
    served = {"waiting": True}

    def stand_in(route: object) -> None:
        response = route.fetch()  # type: ignore[attr-defined]
        body = response.text()
        if served["waiting"]:
            body = body.replace('data-awaited="0"', 'data-awaited="1"')
        route.fulfill(response=response, body=body)  # type: ignore[attr-defined]

    page.route(address, stand_in)
    page.goto(address)
    assert page.locator("main").get_attribute("data-awaited") == "1"
    served["waiting"] = False
    page.clock.run_for(5000)
    expect(page.locator("main")).to_have_attribute("data-awaited", "0")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_reports_fit_their_window_and_pass_an_audit(
    windows: Callable[..., Page], house: House, locale: str, width: int, dark: bool
) -> None:
    person = f"{locale}{width}{dark}".ljust(32, "x")[:32]
    first = store(house, [WEAK, ALL], person_id=person)
    shown = [
        store(house, [ALL, WEAK], person_id=person, again_of=first),
        store(house, [WEAK], mode="assessment", released_at=RELEASED),
        store(house, [WEAK], mode="assessment"),
    ]
    for interview_id in shown:
        page = windows(locale=locale, width=width, dark=dark)
        open_report(page, house, interview_id)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(page, options={"resultTypes": ["violations"]})
        serious = [v["id"] for v in found.response["violations"] if v["impact"] in ("serious", "critical")]
        assert serious == []


def test_the_report_reads_without_scripts(windows: Callable[..., Page], house: House) -> None:
    page = windows()
    interview_id = store(house, [WEAK])
    plain = page.context.browser.new_context(java_script_enabled=False) if page.context.browser else None
    assert plain is not None
    bare = plain.new_page()
    open_report(bare, house, interview_id)
    expect(bare.locator(".suggestion")).to_be_visible()
    bare.click(".model-answer summary")
    expect(bare.locator(".model-answer p").first).to_be_visible()
    plain.close()
