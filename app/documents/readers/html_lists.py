"""The markers of HTML lists, counted as a browser counts them."""

from collections.abc import Mapping

from app.documents.numerals import letters, roman

BULLET = "•"


class List:
    """An open `ol` or `ul` and the number of its next item."""

    def __init__(self, ordered: bool, attributes: Mapping[str, str | None]) -> None:
        self._ordered = ordered
        self._form = attributes.get("type") or "1"
        self._next = _integer(attributes.get("start"), 1)
        self._step = -1 if "reversed" in attributes and "start" in attributes else 1

    def marker(self, attributes: Mapping[str, str | None]) -> str:
        """The marker of the item that begins now, such as "2." or "b."; `value` is honoured."""
        if not self._ordered:
            return BULLET
        number = _integer(attributes.get("value"), self._next)
        self._next = number + self._step
        if self._form in ("a", "A"):
            return f"{letters(number, self._form)}."
        if self._form in ("i", "I"):
            return f"{roman(number, self._form)}."
        return f"{number}."


def _integer(raw: str | None, default: int) -> int:
    try:
        return int(raw or "")
    except ValueError:
        return default
