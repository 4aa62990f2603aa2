"""What kept a document from being imported, in the visitor's words."""

from functools import lru_cache
from pathlib import Path

from pydantic import RootModel

from app.errors import AppError, BankError
from app.languages.files import Strict, read_yaml
from app.web.wording import Wording

_PROBLEMS = Path(__file__).parent / "import_problems.yaml"


class Problem(Strict):
    """An explanation's name and words of the errors that it explains."""

    name: str
    words: list[str]


@lru_cache
def problems() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Names of the explanations with the words, in lower case, by which an error is known."""
    entries = read_yaml(_PROBLEMS, RootModel[list[Problem]]).root
    return tuple((entry.name, tuple(word.casefold() for word in entry.words)) for entry in entries)


def problem_name(error: AppError) -> str:
    """The explanation that fits the error, `unknown` when none does."""
    if isinstance(error, BankError):
        return "bank"
    said = error.detail.casefold()
    return next((name for name, words in problems() if any(word in said for word in words)), "unknown")


def import_problem(t: Wording, error: AppError) -> dict[str, str]:
    """What is wrong, what to change, and the error's own words."""
    name = problem_name(error)
    detail = " ".join(part for part in (f"{error.detail.rstrip('.')}.", error.hint) if part)
    return {"text": t(f"banks.problem.{name}"), "fix": t(f"banks.problem.{name}_fix"), "detail": detail}
