"""Leads a window from screen to screen."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from tests.web.chromium import PATIENCE_MS
from tests.web.screens import candidate, desk
from tests.web.screens.furnished import Furnished, bare_house, furnished_house
from tests.web.screens.screen import Screen

GROUPS: dict[str, list[Screen]] = {
    "bare": desk.BARE,
    "start": candidate.START,
    "reports": candidate.REPORTS,
    "rights": candidate.RIGHTS,
    "lists": desk.LISTS,
    "reviews": desk.REVIEWS,
    "templates": desk.TEMPLATES,
    "banks": desk.BANKS,
    "figures": desk.FIGURES,
    "people": desk.PEOPLE,
    # Last: each of them leaves an interview in the lists.
    "chat": candidate.CHAT,
}
LOCALES = {"zh-CN": "zh-CN", "zh-Hant": "zh-TW", "en": "en-GB"}
HEIGHT = 800


class Tour:
    """A window for each language, led through a house."""

    def __init__(self, browser: Browser, furnished: Furnished) -> None:
        self.furnished = furnished
        self._browser = browser
        self._contexts: dict[str, BrowserContext] = {}
        self._said: list[str] = []

    def go(self, screen: Screen, language: str, width: int = 1280) -> Page:
        """A page that shows the screen, settled, in the light."""
        self.furnished.house.reset()
        context = self._contexts.get(language) or self._open(language)
        context.set_offline(False)
        context.clear_cookies()
        if not screen.stranger:
            context.add_cookies(self.furnished.cookies())  # type: ignore[arg-type]
        for left in context.pages:
            left.close()
        page = context.new_page()
        self._said = said = []
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("console", lambda message: _note(said, message))
        page.set_viewport_size({"width": width, "height": HEIGHT})
        screen.visit(page, self.furnished)
        settle(page)
        return page

    def complaints(self, screen: Screen) -> list[str]:
        """What the console has said since the last `go`, but for what the screen is known to say."""
        known = screen.complaint
        return [said for said in self._said if not known or not re.search(known, said)]

    def close(self) -> None:
        """Close all windows."""
        self.furnished.house.reset()
        for context in self._contexts.values():
            context.close()

    def _open(self, language: str) -> BrowserContext:
        context = self._browser.new_context(locale=LOCALES[language], reduced_motion="reduce")
        context.set_default_timeout(PATIENCE_MS)
        self._contexts[language] = context
        return context


def _note(said: list[str], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        said.append(message.text)


def settle(page: Page) -> None:
    """Wait until fonts, styles and what scripts fetch at once are there."""
    page.wait_for_load_state("load")
    page.evaluate("() => document.fonts.ready.then(() => null)")


@contextmanager
def tour(browser: Browser, folder: Path, group: str) -> Iterator[Tour]:
    """A tour of the house where the group's screens are; `folder` is to hold its data."""
    with bare_house(folder) if group == "bare" else furnished_house(folder) as furnished:
        led = Tour(browser, furnished)
        try:
            yield led
        finally:
            led.close()
