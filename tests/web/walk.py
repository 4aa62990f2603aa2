"""What people do on the pages, as steps for the browser tests."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.web.house import House


def begin(page: Page, house: House, *, questions: int = 3) -> None:
    """Start an interview and wait until the first question was asked."""
    page.goto(f"{house.url}/")
    page.fill("[name=questions]", str(questions))
    page.click("[data-begin]")
    page.wait_for_url("**/interviews/*")
    wait_for_turn(page)


def answer(page: Page, text: str) -> None:
    """Send a reply and wait until the interviewer has answered it."""
    spoken = page.locator(".interviewer .bubble").count()
    page.fill("[data-text]", text)
    page.press("[data-text]", "Enter")
    expect(page.locator(".interviewer .bubble")).to_have_count(spoken + 1)
    page.wait_for_selector("[data-intent=repeat]:not([disabled]), [data-done]:not([hidden])")


def wait_for_turn(page: Page) -> None:
    """Until the candidate may speak."""
    page.wait_for_selector("[data-intent=repeat]:not([disabled])")


def bubbles(page: Page, speaker: str) -> list[str]:
    """All that one side has said."""
    return page.locator(f".{speaker} .bubble").all_text_contents()


def log_in(windows: Callable[[], Page], house: House) -> Page:
    """A window of a recruiter who has logged in."""
    desk = windows()
    desk.goto(f"{house.url}/recruiter")
    desk.fill("#name", "recruiter")
    desk.fill("#password", house.password)
    desk.press("#password", "Enter")
    desk.wait_for_url("**/recruiter")
    return desk
