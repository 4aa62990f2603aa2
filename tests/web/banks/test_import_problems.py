import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.documents import readers
from app.errors import BadInputError, BankError
from app.web.banks.import_problems import import_problem, problem_name, problems
from app.web.languages import LANGUAGES
from app.web.wording import wording

# Said to who names a path on a command line, never to who sends a file.
_OF_PATHS = ("is no file", "check that the file exists")


def refusals() -> Iterator[str]:
    """What the importers say when they refuse a document; a notation's name stands for what is filled in."""
    for path in sorted(Path(readers.__path__[0]).glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        named = {
            target.id: node.value
            for node in tree.body
            if isinstance(node, ast.Assign)
            for target in node.targets
            if isinstance(target, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refused":
                said = [literal(argument, named) for argument in node.args]
                if said[0] and not any(words in text for text in said for words in _OF_PATHS):
                    yield said[0]


def literal(node: ast.expr, named: dict[str, ast.expr]) -> str:
    """The text of a literal, empty for what is only known when it runs."""
    if isinstance(node, ast.Name) and node.id in named:
        node = named[node.id]
    if isinstance(node, ast.JoinedStr):
        return "".join(literal(part, named) or "YAML" for part in node.values)
    return str(node.value) if isinstance(node, ast.Constant) else ""


@pytest.mark.parametrize("said", sorted(set(refusals())))
def test_every_refusal_of_the_importers_is_explained(said: str) -> None:
    assert problem_name(BadInputError(said)) != "unknown"


@pytest.mark.parametrize("language", [language.code for language in LANGUAGES])
def test_every_explanation_says_what_to_change_in_every_language(language: str) -> None:
    t = wording(language)
    for name in [*(name for name, _ in problems()), "unknown", "bank"]:
        assert t(f"banks.problem.{name}")
        assert t(f"banks.problem.{name}_fix")


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("The PDF is encrypted: it opens with a password only", "password"),
        ("The PDF is scanned: 3 of 3 pages are pictures without text", "scanned"),
        ("The file is empty", "empty"),
        ("The file is no text, nor a document of a known format", "format"),
        ("The file is larger than 20 MB", "too_large"),
        ("The file unpacks to more than 200 MB or 5,000 parts", "bomb"),
        ("something else", "unknown"),
    ],
)
def test_an_error_is_known_by_its_words(said: str, name: str) -> None:
    assert problem_name(BadInputError(said)) == name


def test_mistakes_in_a_bank_file_are_listed_below_their_explanation() -> None:
    problem = import_problem(wording("en"), BankError("bank.yaml:3: id: is missing", hint="Write it."))
    assert problem["text"] == "There are mistakes in this bank file."
    assert "bank.yaml:3" in problem["detail"]
