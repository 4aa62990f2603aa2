from collections.abc import Iterator
from typing import Any

import opencc
import pytest
from jinja2 import Environment, Template, nodes
from playwright.sync_api import Browser, Page

from app.web.assets import STATIC_DIR
from tests.web.screens.audit import cut_off, findings, key_like, latin_words, texts, unreached
from tests.web.screens.screen import Screen
from tests.web.screens.tour import GROUPS, Tour, tour

TEMPLATES = STATIC_DIR.parent / "templates"
SCREENS = {screen.name: screen for group in GROUPS.values() for screen in group}
# What pages are made of, never shown by itself.
FRAMES = {"base.html", "desk/desk.html", "banks/banks_base.html", "desk/transcript_base.html"}
# Names, formats and units that are the same in every language.
ALLOWED = {
    *("AI", "CSV", "Cohen", "Cookie", "Cookies", "EN", "English", "Enter", "Excel", "Fleiss", "GB", "HTML"),
    *("ICC", "ID", "JSON", "JSONL", "Krippendorff", "MB", "Markdown", "PDF", "QWK", "Shift", "TEXT", "Tab"),
    *("UTC", "UTF", "Word", "XLSX", "YAML", "ZIP", "bootstrap", "csv", "docx", "pdf", "xlsx"),
}
# Names in the seeded house: accounts, addresses, references, files, models.
SEEDED = {
    *("QZ", "customer-service-specialist", "example", "fangyinuo", "guyan", "helan", "li", "linyue", "mail"),
    *("no-name", "org", "privacy", "qingzhu", "recruiter", "scripted", "small-judge", "txt", "verdict-head"),
    *("xubeichen", "xuzhixia", "yaml", "zh-TW", "zhouanran"),
}
WIDTHS = (1280, 640, 360, 320)


@pytest.fixture(scope="module")
def led(
    request: pytest.FixtureRequest, browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Tour]:
    with tour(browser, tmp_path_factory.mktemp("screens"), request.param) as opened:
        yield opened


def every_group() -> list[object]:
    return [pytest.param("bare" if group == "bare" else "furnished", group, id=group) for group in GROUPS]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates that pages are made of, as they are asked for."""
    asked: list[str] = []
    whole = Environment.get_template

    def note(environment: Environment, name: str, *more: Any) -> Template:
        asked.append(name)
        return whole(environment, name, *more)

    monkeypatch.setattr(Environment, "get_template", note)
    return asked


def problems_of(page: Page, led: Tour, screen: Screen, language: str) -> list[str]:
    read = texts(page, "zh" if language == "zh-CN" else language)
    problems = [f"key: {text}" for text in key_like(read)]
    if language == "zh-CN":
        problems += [f"English: {word}" for word in sorted(latin_words(read) - ALLOWED - SEEDED)]
    if (headings := page.locator("h1").count()) != 1:
        problems.append(f"{headings} headings of the first level")
    if not page.title().partition(" · ")[0].strip():
        problems.append("no title")
    for width in WIDTHS:
        problems += cut_off(page, width)
    return problems + [f"console: {said}" for said in led.complaints(screen)]


def audited(page: Page, width: int) -> list[str]:
    """Findings in the light and, since only colours differ there, of colours in the dark."""
    page.set_viewport_size({"width": width, "height": 800})
    problems = [f"light: {found}" for found in findings(page)]
    page.emulate_media(color_scheme="dark")
    return problems + [f"dark: {found}" for found in findings(page, "color-contrast")]


@pytest.mark.browser
@pytest.mark.parametrize(("led", "group"), every_group(), indirect=["led"], scope="module")
def test_screens_are_whole_in_both_languages_and_at_every_width(
    led: Tour, group: str, shown: list[str]
) -> None:
    wrong: list[str] = []
    for screen in GROUPS[group]:
        for language in ("zh-CN", "en"):
            shown.clear()
            page = led.go(screen, language)
            problems = problems_of(page, led, screen, language)
            problems += audited(page, 1280 if language == "zh-CN" else 360)
            if screen.template not in shown:
                problems.append(f"{screen.template} was not shown, but {shown}")
            wrong += [f"{screen.name} {language}: {problem}" for problem in problems]
    assert not wrong, "\n".join(wrong)


def test_every_page_has_a_screen() -> None:
    parser = Environment(autoescape=True)
    pages = {
        path.relative_to(TEMPLATES).as_posix()
        for path in TEMPLATES.rglob("*.html")
        if parser.parse(path.read_text("utf-8")).find(nodes.Extends)
    }
    assert pages - FRAMES == {screen.template for screen in SCREENS.values()}


def test_names_of_screens_are_unique() -> None:
    assert len(SCREENS) == sum(len(group) for group in GROUPS.values())


@pytest.mark.browser
@pytest.mark.parametrize("led", ["furnished"], indirect=True)
@pytest.mark.parametrize("name", ["start", "template", "transcript"])
def test_the_keyboard_gets_everywhere_and_shows_where(led: Tour, name: str) -> None:
    assert unreached(led.go(SCREENS[name], "en")) == []


@pytest.mark.browser
@pytest.mark.parametrize("led", ["bare"], indirect=True)
def test_nothing_simplified_is_left_on_traditional_pages(led: Tour) -> None:
    fold = opencc.OpenCC("s2tw").convert
    left = {}
    for screen in [*GROUPS["bare"], SCREENS["privacy"], SCREENS["log-in"], SCREENS["me-forget"]]:
        read = [
            text for text in texts(led.go(screen, "zh-Hant"), "zh") if text != "简体中文" and text != "简"
        ]
        if differing := [text for text in read if fold(text) != text]:
            left[screen.name] = differing
    assert left == {}
