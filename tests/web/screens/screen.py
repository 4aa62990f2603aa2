"""One screen: which template it shows, and the steps that lead to it."""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page

from tests.web.screens.furnished import Furnished


@dataclass(frozen=True)
class Screen:
    """`visit` leads a window to it; the page there is made of `template`.

    A `stranger` comes without any cookie; everybody else may open the seeded interviews and has logged in at
    the desk. `complaint` is a pattern of what the console says there for good reason.
    """

    name: str
    template: str
    visit: Callable[[Page, Furnished], None]
    stranger: bool = False
    complaint: str = ""


REFUSED = "Failed to load resource: .* 4[0-9][0-9]"
Address = str | Callable[[Furnished], str]


def at(
    name: str, template: str, address: Address, *, stranger: bool = False, refused: bool = False
) -> Screen:
    """A screen that has an address of its own; `refused`: its answer is an error's."""

    def visit(page: Page, furnished: Furnished) -> None:
        path = address if isinstance(address, str) else address(furnished)
        page.goto(f"{furnished.house.url}{path}")

    return Screen(name, template, visit, stranger, REFUSED if refused else "")


def pressing(
    screen: Screen,
    name: str,
    *steps: Callable[[Page], object],
    template: str | None = None,
    complaint: str | None = None,
) -> Screen:
    """A screen a few steps on from another."""

    def visit(page: Page, furnished: Furnished) -> None:
        screen.visit(page, furnished)
        for step in steps:
            step(page)

    complaint = screen.complaint if complaint is None else complaint
    return Screen(name, template or screen.template, visit, screen.stranger, complaint)
