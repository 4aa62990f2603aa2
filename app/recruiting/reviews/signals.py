"""How a reply was typed, as facts a reviewer can read. They are never part of a score. Pure."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Fact:
    """One fact; its values in characters, counts, seconds, and shares 0..1.

    `pasted` and `dictated`: `n` characters `of` all, a `share`. `away`: `n` times, `seconds` in all.
    `rhythm`: sent after `seconds`, `keys` pressed, the longest `pause`.
    """

    name: str
    values: Mapping[str, float]


def facts(signals: Mapping[str, Any] | None) -> list[Fact]:
    """What the browser counted, without what is missing, nil or no number: it came from outside."""
    counted = {name: _number(value) for name, value in (signals or {}).items()}
    entered = {name: counted.get(f"{name}_chars", 0) for name in ("typed", "pasted", "dictated")}
    of = sum(entered.values())
    found = [
        Fact(name, {"n": entered[name], "of": of, "share": entered[name] / of})
        for name in ("pasted", "dictated")
        if entered[name] > 0
    ]
    if counted.get("away_times", 0) > 0:
        found.append(Fact("away", {"n": counted["away_times"], "seconds": counted.get("away_seconds", 0)}))
    if counted.get("seconds", 0) > 0:
        rhythm = {
            "seconds": counted["seconds"],
            "keys": counted.get("keystrokes", 0),
            "pause": counted.get("longest_pause_seconds", 0),
        }
        found.append(Fact("rhythm", rhythm))
    return found


def _number(value: Any) -> float:
    """A finite number that is not negative; anything else counts as 0."""
    usable = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return max(value, 0) if usable else 0
