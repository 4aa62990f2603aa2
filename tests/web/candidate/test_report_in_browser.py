from datetime import UTC, datetime

import pytest
from playwright.sync_api import Page, Route, expect

from tests.interviews.stored_reports import Told
from tests.web.candidate.stored_reports import let_in, store
from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.screens.audit import findings_in_every_look

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


def test_the_report_shows_new_scores_by_itself(windows: Watched, house: House) -> None:
    page = windows()
    page.clock.install()
    interview_id = store(house, [WEAK])
    let_in(page, house, interview_id)
    address = f"{house.url}/interviews/{interview_id}/report"
    served = {"waiting": True}

    def stand_in(route: Route) -> None:
        response = route.fetch()
        body = response.text()
        if served["waiting"]:
            body = body.replace('data-awaited="0"', 'data-awaited="1"')
        route.fulfill(response=response, body=body)

    page.route(address, stand_in)
    page.goto(address)
    expect(page.locator("main")).to_have_attribute("data-awaited", "1")
    served["waiting"] = False
    page.clock.run_for(5000)
    expect(page.locator("main")).to_have_attribute("data-awaited", "0")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_reports_fit_their_window_and_pass_an_audit(windows: Watched, house: House, locale: str) -> None:
    person = locale.ljust(32, "x")
    first = store(house, [WEAK, ALL], person_id=person)
    shown = {
        "a practice": store(house, [ALL, WEAK], person_id=person, again_of=first),
        "released": store(house, [WEAK], mode="assessment", released_at=RELEASED),
        "waiting": store(house, [WEAK], mode="assessment"),
    }
    page = windows(locale=locale)
    for name, interview_id in shown.items():
        open_report(page, house, interview_id)
        assert findings_in_every_look(page) == [], name


def test_the_report_reads_without_scripts(windows: Watched, house: House) -> None:
    page = windows(scripts=False)
    open_report(page, house, store(house, [WEAK]))
    expect(page.locator(".suggestion")).to_be_visible()
    page.click(".model-answer summary")
    expect(page.locator(".model-answer p").first).to_be_visible()
