"""Who is to be invited, row by row, and what is wrong with a row. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.errors import BadInputError
from app.spreadsheets import FORMULA_STARTS
from app.text.fold import fold
from app.text.quoting import clean

MOST_ROWS = 5_000
LONGEST = {"name": 120, "email": 254, "reference": 120}
RowReason = Literal[
    "quotes",
    "beyond",
    "formula",
    "name_missing",
    "name_long",
    "name_email",
    "email_bad",
    "email_long",
    "reference_long",
    "cells",
    "duplicate",
    "invited",
]
_EMAIL = re.compile(r"[^\s@,;:<>()\"\[\]\\]+@[^\s@,;:<>()\"\[\]\\.]+(\.[^\s@,;:<>()\"\[\]\\.]+)+")


@dataclass(frozen=True)
class Guest:
    """One row: `line` counts from 1 as the person sees it, `extra` are cells that belong to no column.

    `flaw` is what was wrong with it before its cells could be looked at.
    """

    line: int
    name: str
    email: str = ""
    reference: str = ""
    extra: tuple[str, ...] = ()
    flaw: RowReason | None = None

    @classmethod
    def typed(cls, line: int, name: str, email: str = "", reference: str = "") -> "Guest":
        """From raw cells: one line each, full-width letters of an address made plain."""
        address = "".join(unicodedata.normalize("NFKC", clean(email)).split())
        return cls(line, _one_line(name), address, _one_line(reference))

    @property
    def key(self) -> str:
        """What tells two guests apart: the address, or without one the name and the reference."""
        return guest_key(self.name, self.email, self.reference)


@dataclass(frozen=True)
class CheckedGuest:
    """A row and why it can't be used; `line` is the earlier row that a duplicate repeats, else 0."""

    guest: Guest
    reason: RowReason | None = None
    line: int = 0


@dataclass
class Checked:
    """The rows of one list, in its order."""

    good: list[Guest] = field(default_factory=list)
    bad: list[CheckedGuest] = field(default_factory=list)


def typed_name(name: str) -> str:
    """What someone is to be called, on one line. Raises `BadInputError`."""
    called = _one_line(name)
    if not called:
        raise BadInputError("name: is missing", hint="Say how you want to be called.")
    if len(called) > LONGEST["name"]:
        raise BadInputError(f"name: is longer than {LONGEST['name']} characters", hint="Shorten it.")
    return called


def typed_email(email: str) -> str:
    """An address as it is kept. Raises `BadInputError`."""
    address = Guest.typed(1, "", email).email
    if len(address) > LONGEST["email"] or _EMAIL.fullmatch(address) is None:
        raise BadInputError("email: is no e-mail address", hint="Write it as name@example.org.")
    return address


def guest_key(name: str, email: str, reference: str) -> str:
    """Equal for what stands for one person."""
    return fold(email).text if email else f"{fold(name).text}\n{fold(reference).text}"


def check(guests: Sequence[Guest], invited: Collection[str]) -> Checked:
    """Which rows can be invited; `invited` are the keys of those with an open link."""
    checked = Checked()
    seen: dict[str, int] = {}
    for guest in guests:
        reason = _reason(guest)
        earlier = 0
        if reason is None:
            earlier = seen.setdefault(guest.key, guest.line)
            reason = "duplicate" if earlier != guest.line else "invited" if guest.key in invited else None
        if reason is None:
            checked.good.append(guest)
        else:
            checked.bad.append(CheckedGuest(guest, reason, earlier if reason == "duplicate" else 0))
    return checked


def _reason(guest: Guest) -> RowReason | None:
    if guest.flaw is not None:
        return guest.flaw
    if guest.extra:
        return "cells"
    if guest.name.startswith(FORMULA_STARTS) or any(
        cell.startswith("=") for cell in (guest.email, guest.reference)
    ):
        return "formula"
    if not guest.name:
        return "name_missing"
    if len(guest.name) > LONGEST["name"]:
        return "name_long"
    if _EMAIL.fullmatch(guest.name):
        return "name_email"
    if len(guest.email) > LONGEST["email"]:
        return "email_long"
    if guest.email and _EMAIL.fullmatch(guest.email) is None:
        return "email_bad"
    return "reference_long" if len(guest.reference) > LONGEST["reference"] else None


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
