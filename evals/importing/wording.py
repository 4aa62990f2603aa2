"""What a truth says was written: in clear, or as a digest where the words belong to somebody else."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.text.fold import fold, words

COVERED = 0.8
"""Of two texts where one contains the other, the shorter must have this share of the longer's characters."""


class Digest(BaseModel):
    """`sha256` holds the first 16 hexadecimal digits of each spelling that is right, `length` its characters.

    `of` says what was hashed as UTF-8: the `letters` (`app.text.fold.words`), or `signs` with punctuation.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    sha256: tuple[str, ...] = Field(min_length=1)
    length: int = Field(gt=0)
    of: Literal["letters", "signs"] = "letters"


@dataclass(frozen=True)
class Wording:
    """A text to be recognised in another; both are folded first."""

    clear: str = ""
    digest: Digest | None = None
    letters: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "letters", words(self.clear))

    def __str__(self) -> str:
        return self.clear if self.digest is None else f"#{self.digest.sha256[0]}"

    def same(self, found: str) -> bool:
        """Whether the folded letters are equal, or one holds the other with `COVERED` of its characters.

        A digest can't be looked for the other way: `found` has to hold it.
        """
        letters = words(found)
        if self.digest is None:
            shorter, longer = sorted((self.letters, letters), key=len)
            return bool(shorter) and shorter in longer and len(shorter) >= COVERED * len(longer)
        return self.digest.length >= COVERED * len(letters) and self.occurs(found)

    def exactly(self, found: str) -> bool:
        """Whether the folded letters are equal."""
        letters = words(found)
        return letters == self.letters if self.digest is None else digest(letters) in self.digest.sha256

    def opens(self, found: str) -> bool:
        """Whether `found` begins with it."""
        letters = words(found)
        if self.digest is None:
            return bool(self.letters) and letters.startswith(self.letters)
        return digest(letters[: self.digest.length]) in self.digest.sha256

    def closes(self, found: str) -> bool:
        """Whether `found` ends with it."""
        letters = words(found)
        if self.digest is None:
            return bool(self.letters) and letters.endswith(self.letters)
        return digest(letters[-self.digest.length :]) in self.digest.sha256

    def occurs(self, found: str) -> bool:
        """Whether `found` holds it somewhere. Takes one hash a character where it is a digest."""
        if self.digest is None:
            return bool(self.letters) and self.letters in words(found)
        folded = words(found) if self.digest.of == "letters" else signs(found)
        return any(digest(window) in self.digest.sha256 for window in _windows(folded, self.digest.length))


def signs(text: str) -> str:
    """The folded text with its punctuation, without white space."""
    return fold(text).text.replace(" ", "")


def digest(folded: str) -> str:
    """The first 16 hexadecimal digits of the SHA-256 of the text in UTF-8."""
    return hashlib.sha256(folded.encode()).hexdigest()[:16]


def _windows(text: str, length: int) -> Iterator[str]:
    return (text[start : start + length] for start in range(len(text) - length + 1))


def _read(given: Any) -> Any:
    if isinstance(given, str):
        return Wording(given)
    return Wording(digest=Digest.model_validate(given)) if isinstance(given, dict) else given


Written = Annotated[Wording, BeforeValidator(_read)]
"""A wording as a truth file has it: a text, or a mapping with the fields of `Digest`."""
