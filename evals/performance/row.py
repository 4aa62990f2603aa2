"""One line of the performance table."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """What, the figure, its unit, the target it must not exceed (none: just stated)."""

    what: str
    figure: float
    unit: str
    target: float | None
    note: str = ""

    @property
    def missed(self) -> bool:
        return self.target is not None and self.figure > self.target

    def __str__(self) -> str:
        figure = f"{self.what:<52} {self.figure:>9.2f} {self.unit:<4}"
        if self.target is None:
            return f"{figure} {'':<15} {self.note}"
        return f"{figure} ≤ {self.target:<7g} {'MISS' if self.missed else 'ok':<5} {self.note}"
