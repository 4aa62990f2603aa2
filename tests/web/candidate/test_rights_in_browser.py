import pytest
from playwright.sync_api import expect

from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.screens.audit import findings_in_every_look
from tests.web.walk import begin

pytestmark = pytest.mark.browser

PAGES = ("/me", "/me/delete", "/me/forget", "/privacy")


@pytest.mark.parametrize("locale", ["zh-CN", "en-GB"])
def test_the_pages_fit_and_pass_the_audit(windows: Watched, house: House, locale: str) -> None:
    page = windows(locale=locale)
    begin(page, house, questions=1)
    chat = page.url.partition("?")[0].removeprefix(house.url)
    for path in (*PAGES, f"{chat}/delete", f"{chat}/withdraw"):
        page.goto(f"{house.url}{path}")
        assert findings_in_every_look(page) == [], path


def test_a_deleted_interview_leaves_no_draft_behind(windows: Watched, house: House) -> None:
    page = windows()
    begin(page, house, questions=1)
    page.fill("[data-text]", "half a thought")
    page.wait_for_function("Object.values(localStorage).some(text => text.includes('half a thought'))")
    page.goto(f"{house.url}/me")
    page.click(".mine-do a[href$='/delete']")
    page.click("text=Delete for good")
    page.wait_for_url("**/me?done=deleted")
    expect(page.get_by_role("status")).to_contain_text("It is deleted")
    page.wait_for_function("!Object.values(localStorage).some(text => text.includes('half a thought'))")
