import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from app.settings import Settings
from tests.fakes.databases import lay
from tests.web.chromium import FLAGS, MISSING, PATIENCE_MS, find_chromium
from tests.web.house import House, open_house

expect.set_options(timeout=PATIENCE_MS)


def chromium_path() -> str:
    """The browser to drive; without one the test is skipped, or fails where CI is set."""
    path = find_chromium()
    if path:
        return path
    if os.environ.get("CI"):
        pytest.fail(MISSING)
    pytest.skip(MISSING)


@pytest.fixture(scope="module")
def running_house(tmp_path_factory: pytest.TempPathFactory, migrated_files: Path) -> Iterator[House]:
    settings = Settings(_env_file=None, data_dir=tmp_path_factory.mktemp("house"))  # type: ignore[call-arg]
    lay(migrated_files, settings.data_dir)
    with open_house(settings) as opened:
        yield opened


@pytest.fixture
def house(running_house: House) -> House:
    """The pages on a real server, shared by a module's tests."""
    running_house.reset()
    return running_house


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = chromium_path()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield opened
        opened.close()


@dataclass
class Watched:
    """Opens browser windows and notes what their consoles complain of."""

    browser: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def __call__(
        self,
        *,
        locale: str = "en-GB",
        width: int = 1280,
        dark: bool = False,
        scripts: bool = True,
        **more: Any,
    ) -> Page:
        context = self.browser.new_context(
            locale=locale,
            viewport={"width": width, "height": 800},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            java_script_enabled=scripts,
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._note(said.type, said.text))
        return page

    def forgive(self, *parts: str) -> None:
        """Complaints with one of these parts are expected, however late they come."""
        self.expected += parts

    def close(self) -> list[str]:
        """Close all windows; the complaints that nobody expected."""
        for context in self.contexts:
            for page in context.pages:
                page.unroute_all(behavior="ignoreErrors")
            context.close()
        return [text for text in self.complaints if not any(part in text for part in self.expected)]

    def _note(self, kind: str, text: str) -> None:
        if kind in {"error", "warning"}:
            self.complaints.append(text)


@pytest.fixture
def windows(browser: Browser) -> Iterator[Watched]:
    """Opens windows of a fresh visitor each; a complaint in a console fails the test."""
    watched = Watched(browser)
    yield watched
    assert watched.close() == []


@pytest.fixture
def browser_page(windows: Callable[..., Page]) -> Page:
    """A window of an English visitor."""
    return windows()
