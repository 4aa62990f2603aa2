"""States read from the model, kept in one file so that what was read once is not read again."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

SAVE_EVERY = 20  # additions


class StatesFile:
    """Arrays of float32 by key, in one `.npz`; a killed process loses the last `SAVE_EVERY` at most."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._known: dict[str, NDArray[np.float32]] = {}
        self._unsaved = 0
        if path.exists():
            with np.load(path) as stored:
                self._known.update(stored)

    def __contains__(self, key: str) -> bool:
        return key in self._known

    def __getitem__(self, key: str) -> NDArray[np.float32]:
        return self._known[key]

    def add(self, key: str, states: NDArray[np.float32]) -> None:
        """Keep `states`, on disk by the next `save` at the latest."""
        self._known[key] = states
        self._unsaved += 1
        if self._unsaved >= SAVE_EVERY:
            self.save()

    def save(self) -> None:
        """Write the file anew, whole or not at all, if there is anything new."""
        if not self._unsaved:
            return
        self._path.parent.mkdir(parents=True, exist_ok=True)
        partial = self._path.with_suffix(".partial.npz")
        np.savez(partial, **self._known)  # type: ignore[arg-type]
        partial.replace(self._path)
        self._unsaved = 0
