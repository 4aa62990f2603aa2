"""What figures must reach, read from `thresholds.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from app.settings import Settings
from evals.results import Figure

THRESHOLDS = Path(__file__).parents[1] / "thresholds.toml"


@dataclass(frozen=True)
class Verdict:
    """One figure held against its bound; `figure` is None where its suite did not measure it, which fails."""

    name: str
    figure: Figure
    bound: str
    passed: bool


@dataclass(frozen=True)
class Threshold:
    """The worst figure that still passes; either end may be open."""

    min: float | None = None
    max: float | None = None

    def __str__(self) -> str:
        ends = [
            f"≥ {self.min:g}" if self.min is not None else "",
            f"≤ {self.max:g}" if self.max is not None else "",
        ]
        return " and ".join(end for end in ends if end)

    def passes(self, figure: Figure) -> bool:
        if figure is None:
            return False
        return (self.min is None or figure >= self.min) and (self.max is None or figure <= self.max)


def thresholds_for(settings: Settings, path: Path = THRESHOLDS) -> dict[str, Threshold]:
    """Those for any model and, where the settings mean the default embedded model, those for it."""
    stored = tomllib.loads(path.read_text(encoding="utf-8"))
    chosen = dict(stored.get("any", {}))
    if settings.uses_embedded_model and settings.model_path is None:
        chosen |= stored.get("embedded", {})
    return {name: Threshold(**bounds) for name, bounds in chosen.items()}


def check(
    thresholds: Mapping[str, Threshold], figures: Mapping[str, Figure], suites: Iterable[str]
) -> list[Verdict]:
    """Every threshold on a figure of the suites that ran."""
    ran = set(suites)
    return [
        Verdict(name, figures.get(name), str(threshold), threshold.passes(figures.get(name)))
        for name, threshold in thresholds.items()
        if name.partition(".")[0] in ran
    ]
