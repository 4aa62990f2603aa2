"""A browser without JavaScript can choose an interview and read its report."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from app.banks.schema import Bank
from tests.interviews.house import tiny_bank
from tests.web.candidate.test_rights import ANSWER, client_of, hold
from tests.web.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(locale="en-GB", java_script_enabled=False)
    context.set_default_timeout(30_000)
    yield context.new_page()
    context.close()


@pytest.fixture
def two_banks(house: House) -> Iterator[House]:
    """The tiny bank of three questions, and one of a single question."""
    library = house.rooms.banks
    before = library.banks
    content = tiny_bank().model_dump(mode="json")
    content["sections"][0]["questions"] = content["sections"][0]["questions"][:1]
    content["sections"][0]["questions"][0]["id"] = "small.q1"
    small = Bank.model_validate(content | {"id": "small", "title": "A small bank"})
    library.replace({**before, "small": small})
    yield house
    library.replace(before)


def test_bank_number_and_mode_are_chosen(page: Page, house: House) -> None:
    page.goto(house.url)
    expect(page.locator("[name=questions]")).to_have_value("3")
    page.check("[name=bank][value=tiny]")
    page.fill("[name=questions]", "2")
    page.check("[name=follow_ups][value='0']", force=True)
    page.uncheck("[name=practice]")
    page.click("[data-begin]")
    page.wait_for_url("**/interviews/*")
    found = page.context.request.get(
        page.url.replace("/interviews/", "/api/v1/interviews/").partition("?")[0]
    )
    view = found.json()
    assert (view["mode"], view["question"]["of"], view["bank"]["id"]) == ("assessment", 2, "tiny")
    expect(page.locator("noscript .notice, .notice-caution").first).to_be_visible()


def test_a_bank_with_fewer_questions_is_said_and_mended(page: Page, two_banks: House) -> None:
    page.goto(two_banks.url)
    expect(page.get_by_text("Sections · A small bank")).to_be_visible()
    page.check("[name=bank][value=small]", force=True)
    page.click("[data-begin]")
    expect(page.get_by_role("alert")).to_contain_text("only 1 question")
    expect(page.locator("[name=questions]")).to_have_value("1")
    expect(page.locator("[name=bank][value=small]")).to_be_checked()


def test_the_report_reads(page: Page, house: House) -> None:
    with client_of(house) as visitor:
        path = hold(visitor)
        cookies = [{"name": each.name, "value": each.value, "url": house.url} for each in visitor.cookies.jar]
    page.context.add_cookies(cookies)  # type: ignore[arg-type]
    page.goto(f"{house.url}{path}/report")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    quote = page.locator("q, .quote").filter(has_text=ANSWER[:10]).first
    expect(quote).to_be_visible()
    for shown in ("apologise", "ask for the order number", "offer a refund"):
        expect(page.locator(".points").get_by_text(shown).first).to_be_visible()
