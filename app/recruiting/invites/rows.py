"""Who is to be invited, row by row, and what is wrong with a row. Pure."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Literal, get_args

from app.text import clean, fold

MOST_ROWS = 5_000
LONGEST = {"name": 120, "email": 254, "reference": 120}
RowReason = Literal[
    "name_missing",
    "name_long",
    "email_bad",
    "email_long",
    "reference_long",
    "cells",
    "duplicate",
    "invited",
]
ROW_REASONS: tuple[RowReason, ...] = get_args(RowReason)
_EMAIL = re.compile(r"[^\s@,;:<>()\"\[\]\\]+@[^\s@,;:<>()\"\[\]\\.]+(\.[^\s@,;:<>()\"\[\]\\.]+)+")


@dataclass(frozen=True)
class Guest:
    """One row: `line` counts from 1 as the person sees it, `extra` are cells that belong to no column."""

    line: int
    name: str
    email: str = ""
    reference: str = ""
    extra: tuple[str, ...] = ()

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
    if guest.extra:
        return "cells"
    if not guest.name:
        return "name_missing"
    if len(guest.name) > LONGEST["name"]:
        return "name_long"
    if len(guest.email) > LONGEST["email"]:
        return "email_long"
    if guest.email and _EMAIL.fullmatch(guest.email) is None:
        return "email_bad"
    return "reference_long" if len(guest.reference) > LONGEST["reference"] else None


def _one_line(text: str) -> str:
    return " ".join(clean(text).split())
