"""Rows of a huge `[{"embedding": [[…], …]}]` answer, picked out while it arrives.

One row is one token's last-layer state, about 30 kB of JSON; a whole answer is tens of megabytes, of which a
few rows are wanted, so the others are never parsed.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson

States = np.ndarray[Any, np.dtype[np.float32]]


class StateRows:
    """Fed with bytes, keeps the rows at `positions`. Works on the text's brackets; numbers hold none."""

    def __init__(self, positions: Sequence[int]) -> None:
        self._positions = list(positions)
        self._wanted = set(positions)
        self._kept: dict[int, list[float]] = {}
        self._tail = b""
        self.count = 0

    def feed(self, data: bytes) -> None:
        """Takes the next bytes. Raises ValueError when a wanted row is not numbers."""
        *closed, self._tail = (self._tail + data).split(b"]")
        for text in closed:
            row = text[text.rfind(b"[") + 1 :] if b"[" in text else b""
            if not row:
                continue
            if self.count in self._wanted:
                self._kept[self.count] = orjson.loads(b"[" + row + b"]")
            self.count += 1

    def states(self) -> States:
        """Shape (len(positions), hidden size), float32. ValueError if a row is missing or not finite."""
        missing = self._wanted - self._kept.keys()
        if missing:
            raise ValueError(f"{self.count} rows came, none at {min(missing)}")
        states = np.array([self._kept[position] for position in self._positions], dtype=np.float32)
        if not np.isfinite(states).all():
            raise ValueError("a state is not finite")
        return states
