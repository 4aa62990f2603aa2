from pathlib import Path

import axe_playwright_python as axe
import pytest
from playwright.sync_api import Page

from tests.web.candidate.test_pages_in_browser import ANSWER
from tests.web.conftest import Watched
from tests.web.house import House
from tests.web.walk import begin

pytestmark = pytest.mark.browser

AXE = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]


def findings(page: Page) -> list[str]:
    page.evaluate(AXE)
    found = page.evaluate("rules => axe.run(document, {runOnly: rules})", RULES)
    return [
        f"{violation['id']}: {[node['target'] for node in violation['nodes']]}"
        for violation in found["violations"]
    ]


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_every_page_passes_the_audit(windows: Watched, house: House, width: int, dark: bool) -> None:
    page = windows(width=width, dark=dark, locale="zh-CN")
    found: dict[str, list[str]] = {}
    page.goto(f"{house.url}/")
    found["start"] = findings(page)
    begin(page, house, questions=1)
    found["chat"] = findings(page)
    house.interviewer.held = True
    page.fill("[data-text]", ANSWER)
    page.press("[data-text]", "Enter")
    page.wait_for_selector("[data-send]:disabled")
    found["chat while the interviewer speaks"] = findings(page)
    house.interviewer.held = False
    page.wait_for_selector("[data-intent=repeat]:not([disabled])")
    page.click("[data-end]")
    found["the question before ending"] = findings(page)
    page.click("dialog [value=yes]")
    page.wait_for_selector("[data-done]:not([hidden])")
    found["chat at its end"] = findings(page)
    page.click("[data-done] a")
    page.wait_for_url("**/report")
    found["report"] = findings(page)
    page.goto(f"{house.url}/recruiter/login")
    found["log-in"] = findings(page)
    page.fill("#name", "recruiter")
    page.fill("#password", house.password)
    page.press("#password", "Enter")
    page.wait_for_url("**/recruiter")
    found["list"] = findings(page)
    page.click(".who a >> nth=0")
    page.wait_for_url("**/recruiter/interviews/*")
    found["transcript"] = findings(page)
    assert {name: problems for name, problems in found.items() if problems} == {}
