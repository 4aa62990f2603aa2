"""What is wrong with a page that is shown: accessibility, content cut off, words that were left."""

import re
from pathlib import Path
from typing import Any, cast

import axe_playwright_python as axe
from playwright.sync_api import Page

from app.web.languages import STRINGS_DIR
from tests.web.walk import looks, overflow

_AXE = (Path(axe.__file__).parent / "axe.min.js").read_text("utf-8")
_AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8")
# All that axe knows of a page takes longer to hand over than to find out.
_RUN = """async rules => {
  const { violations } = await axe.run(document, { runOnly: rules, resultTypes: ["violations"] });
  const where = ({ nodes }) => nodes.slice(0, 4).map((node) => node.target.join(" ")).join(", ");
  return violations.map((found) => `${found.id} (${found.impact}): ${where(found)}`);
}"""
_RULES = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_ROOMS = "|".join(re.escape(file.stem) for file in sorted((STRINGS_DIR / "en").glob("*.yaml")))
_KEY = re.compile(rf"(?<![\w./@-])(?:{_ROOMS})(?:\.[a-z_]+)+(?![\w./@-])")
_WORD = re.compile(r"(?<!\w)[A-Za-z][A-Za-z'’-]*[A-Za-z](?!\w)")
_SHORT_ID = re.compile(r"[a-f]{8}")
_MOST_STOPS = 400


def findings(page: Page, *rules: str) -> list[str]:
    """What axe finds, by all rules of WCAG 2.2 AA and best practice or by those named."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(_AXE)
    return cast(list[str], page.evaluate(_RUN, rules or _RULES))


def findings_in_every_look(page: Page) -> list[str]:
    """What axe finds, or doesn't fit, narrow and wide, in the light and, of colours, in the dark."""
    return [
        f"{look}: {found}"
        for look in looks(page)
        for found in overflow(page) + findings(page, *(["color-contrast"] if "dark" in look else []))
    ]


def texts(page: Page, language: str) -> list[str]:
    """All that is there to be read or heard in this language: visible texts, labels, the title."""
    return cast(list[str], _ask(page, "texts", language))


def key_like(read: list[str]) -> list[str]:
    """Texts with the key of a string instead of the string."""
    return [text for text in read if _KEY.search(text)]


def latin_words(read: list[str]) -> set[str]:
    """Words in Latin letters, but for the beginnings of ids."""
    return {word for text in read for word in _WORD.findall(text) if not _SHORT_ID.fullmatch(word)}


def cut_off(page: Page, width: int) -> list[str]:
    """What doesn't fit in a window of this width, in CSS pixels."""
    page.set_viewport_size({"width": width, "height": 800})
    return [f"{width} px: {found}" for found in _ask(page, "cutOff")]


def unreached(page: Page) -> list[str]:
    """What the Tab key doesn't get to, and where it gets to without showing it."""
    page.evaluate("document.activeElement?.blur()")
    problems = []
    for _ in range(_MOST_STOPS):
        page.keyboard.press("Tab")
        where = _ask(page, "focused")
        if where is None:
            break
        if not where["seen"]:
            problems.append(f"no focus to be seen: {where['name']}")
    return problems + [
        f"not reached: {each}" for each in page.evaluate(f"() => {_AUDIT.strip()}.unreached()")
    ]


def _ask(page: Page, question: str, *given: str) -> Any:
    return page.evaluate(f"given => {_AUDIT.strip()}.{question}(...given)", given)
