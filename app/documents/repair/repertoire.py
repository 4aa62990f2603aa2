"""Which hanzi a damaged document can hold: the others are wrong readings."""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from app.documents.repair.chinese import is_hanzi

# The exports leave hanzi of Big5; a converter may add a few of its own, which are then frequent.
_NEARLY_ALL = 0.98
_FEWEST = 3
_SHARE = 0.0005


class Repertoire:
    """The hanzi of Big5, and others the document has often; any hanzi where it is not in Big5 as a whole."""

    def __init__(self, lines: Iterable[str]) -> None:
        counted: Counter[str] = Counter()
        for line in lines:
            counted.update(line)
        hanzi = {character: count for character, count in counted.items() if is_hanzi(character)}
        total = sum(hanzi.values())
        enough = max(_FEWEST, _SHARE * total)
        self._added = {character for character, count in hanzi.items() if count >= enough}
        held = sum(count for character, count in hanzi.items() if self._holds(character))
        self._open = held <= _NEARLY_ALL * total

    def misses(self, text: str) -> list[int]:
        """Where the text has a character the document can't have: offsets in code points."""
        if self._open:
            return []
        return [at for at, each in enumerate(text) if is_hanzi(each) and not self._holds(each)]

    def _holds(self, hanzi: str) -> bool:
        return hanzi in self._added or _in_big5(hanzi)


@lru_cache(maxsize=32768)
def _in_big5(hanzi: str) -> bool:
    try:
        hanzi.encode("cp950")
    except UnicodeEncodeError:
        return False
    return True
