"""What people do on the pages, as steps for the browser tests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.web.house import House

WIDTHS = (1280, 360)


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


def hold_time(page: Page) -> None:
    """A minute on, no timer of the page goes off any more: what stands stays. Needs an installed clock."""
    page.clock.pause_at(page.evaluate("Date.now()") / 1000 + 60)


def looks(page: Page, *, dark: bool = True) -> Iterator[str]:
    """Makes the window narrow and wide, in the light and, if wanted, in the dark; yields the look's name."""
    for theme in ("light", "dark") if dark else ("light",):
        page.emulate_media(color_scheme=theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            yield f"{theme}, {width} px"


def overflow(page: Page) -> list[str]:
    """A note if the page is wider than its window."""
    wider = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    return ["wider than the window"] if wider else []


def bubbles(page: Page, speaker: str) -> list[str]:
    """All that one side has said."""
    return page.locator(f".{speaker} .bubble").all_text_contents()


def log_in(
    windows: Callable[[], Page], house: House, name: str = "recruiter", password: str | None = None
) -> Page:
    """A window of someone who has logged in; without more, of the first account, who is the owner."""
    desk = windows()
    desk.goto(f"{house.url}/recruiter")
    desk.fill("#name", name)
    desk.fill("#password", house.password if password is None else password)
    desk.press("#password", "Enter")
    desk.wait_for_url("**/recruiter")
    return desk


def point_of(page: Page, question: int, text: str) -> Locator:
    """A rubric point of one of the questions a page shows."""
    return page.get_by_role("article").nth(question - 1).get_by_role("listitem").filter(has_text=text).first


def saved(page: Page, button: Locator) -> bytes:
    """The file that a click saves."""
    with page.expect_download() as download:
        button.click()
    return Path(download.value.path()).read_bytes()


@dataclass
class Album:
    """Numbered pictures of whole pages; without a folder, none."""

    folder: Path | None
    taken: int = 0

    def take(self, page: Page, name: str) -> None:
        if self.folder is None:
            return
        self.taken += 1
        # Hiding the caret would leave style attributes behind, which htmx copies and the page's CSP refuses.
        page.screenshot(path=self.folder / f"{self.taken:02}-{name}.png", full_page=True, caret="initial")
