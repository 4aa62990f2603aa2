"""`make screenshots`: every screen as a picture, in both languages, wide and narrow, light and dark."""

import argparse
import sys
import tempfile
from fnmatch import fnmatch
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web.chromium import FLAGS, MISSING, find_chromium
from tests.web.screens.screen import Screen
from tests.web.screens.tour import GROUPS, HEIGHT, Tour, tour

WIDTHS = (1280, 360)
THEMES = ("light", "dark")
LANGUAGES = ("zh-CN", "en")
_PAGE = """<!doctype html><meta charset="utf-8"><title>Screens</title>
<style>body{{font:14px system-ui;margin:1rem;background:#888}}figure{{display:inline-block;margin:.4rem;
vertical-align:top;background:#fff;padding:.4rem}}img{{width:{width}px;height:420px;object-fit:cover;
object-position:top;display:block}}</style>{figures}
"""


def main() -> int:
    """Photograph the screens; returns the exit code."""
    options = _options()
    chromium = find_chromium()
    if chromium is None:
        print(MISSING, file=sys.stderr)
        return 1
    folder = Path(options.out or tempfile.mkdtemp(prefix="screens-"))
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        for house in ("bare", "furnished"):
            wanted = [
                screen
                for group, screens in GROUPS.items()
                for screen in screens
                if (group == "bare") == (house == "bare") and fnmatch(screen.name, options.only)
            ]
            if wanted:
                _photograph_all(browser, house, wanted, options.language or LANGUAGES, folder)
        browser.close()
    _write_sheets(folder)
    print(f"Screens: {folder}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.web.screens", description=__doc__)
    parser.add_argument("--out", help="folder for the pictures; without it a temporary one")
    parser.add_argument("--only", default="*", help="pattern of the screens' names, as in 'chat*'")
    parser.add_argument("--language", action="append", choices=("zh-CN", "zh-Hant", "en"))
    return parser.parse_args()


def _photograph_all(
    browser: Browser, house: str, screens: list[Screen], languages: list[str], folder: Path
) -> None:
    with tempfile.TemporaryDirectory() as held, tour(browser, Path(held), house) as led:
        for screen in screens:
            for language in languages:
                print(f"{screen.name} · {language}", flush=True)
                _photograph(led, screen, language, folder)


def _photograph(led: Tour, screen: Screen, language: str, folder: Path) -> None:
    page = led.go(screen, language)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        for theme in THEMES:
            page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            name = f"{screen.name}.{language}.{width}.{theme}.png"
            page.screenshot(path=folder / name, full_page=True)


def _write_sheets(folder: Path) -> None:
    """A page a language, width and theme, with all pictures beside each other."""
    for kind in sorted({path.name.split(".", 1)[1] for path in folder.glob("*.png")}):
        figures = "".join(
            f'<figure><a href="{path.name}"><img loading="lazy" src="{path.name}" alt=""></a>'
            f"<figcaption>{path.name.split('.')[0]}</figcaption></figure>"
            for path in sorted(folder.glob(f"*.{kind}"))
        )
        width = 190 if ".360." in kind else 560
        sheet = folder / f"{kind.removesuffix('.png')}.html"
        sheet.write_text(_PAGE.format(width=width, figures=figures), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
