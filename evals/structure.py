"""How the code is laid out, in figures: sizes, names, and imports that run the wrong way.

`python -m evals.structure [FOLDER]` prints them for a checkout, this one if none is named. What must be none
is held by `tests/test_structure.py`.
"""

import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from app.settings import PROJECT_DIR

SHORT = 60  # lines: a shorter file usually belongs to its neighbour
LONG = 300  # lines: a longer file is two rooms
# From the ground up; what is not named lies below all of them. An import climbs when it leads to a later one.
FLOORS: Sequence[frozenset[str]] = (
    frozenset({"text", "db", "llm"}),
    frozenset({"banks", "audit", "usage", "workflows"}),
    frozenset({"documents", "search"}),
    frozenset({"authoring", "scoring"}),
    frozenset({"interviews"}),
    frozenset({"recruiting", "people"}),
    frozenset({"web"}),
    frozenset({"rooms", "main", "serve", "cli", "doctor", "health"}),
)
_QUERY = re.compile(
    r"\b(?:select|insert|update|delete|text)\((?=[A-Z_\"f])|\bsession\.(?:execute|scalars?|get|stream)\("
)
_TYPED_WITHOUT_SPACES = re.compile(r"\\u(?:4e00|3400|3040|ac00|0e00)")


@dataclass(frozen=True)
class Module:
    """A file of Python: its dotted name, its source, and the dotted names it imports from."""

    name: str
    path: Path
    source: str
    imports: frozenset[str]

    @property
    def lines(self) -> int:
        return self.source.count("\n")


def modules_of(root: Path, package: str) -> list[Module]:
    """All modules of a package in the checkout `root` that hold code."""
    found = []
    for path in sorted((root / package).rglob("*.py")):
        source = path.read_text("utf-8")
        if source.strip():
            name = ".".join(path.relative_to(root).with_suffix("").parts).removesuffix(".__init__")
            found.append(Module(name, path, source, frozenset(_imports(source))))
    return found


def _imports(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def arrows(modules: Sequence[Module]) -> dict[str, frozenset[str]]:
    """Which modules each module imports, among those given."""
    known = {module.name for module in modules}
    return {module.name: (module.imports & known) - {module.name} for module in modules}


def mutual(arrows_: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Pairs of files or folders that stand beside each other and import each other, at every level."""
    between: dict[str, set[str]] = defaultdict(set)
    for source, targets in arrows_.items():
        for target in targets:
            a, b = source.split("."), target.split(".")
            level = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), None)
            if level is not None:
                between[".".join(a[: level + 1])].add(".".join(b[: level + 1]))
    return [(a, b) for a, b in combinations(sorted(between), 2) if b in between[a] and a in between[b]]


def climbing(arrows_: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    """Imports that lead to a higher floor of the house."""
    return sorted((s, t) for s, targets in arrows_.items() for t in targets if _floor(t) > _floor(s))


def _floor(name: str) -> int:
    room = name.split(".")[1] if "." in name else ""
    return next((number for number, rooms in enumerate(FLOORS, 1) if room in rooms), 0)


def querying(modules: Sequence[Module]) -> list[str]:
    """Modules that hold queries although they are no repository and not the database's own room."""
    return [
        module.name
        for module in modules
        if not module.name.startswith("app.db.")
        and "repository" not in module.name.split(".")[-2:]
        and ".repository." not in module.name
        and _QUERY.search(module.source)
        and "sqlalchemy" in module.source
    ]


def cutting(modules: Sequence[Module]) -> list[str]:
    """Modules outside `app.text` that name ranges of scripts written without spaces, as tokenisers do.

    A migration may name what an earlier one was.
    """
    return [
        module.name
        for module in modules
        if not module.name.startswith(("app.text.", "app.db.migrations."))
        and (
            _TYPED_WITHOUT_SPACES.search(module.source)
            or re.search("[\u4e00\u3400]-[\u9fff\u4dbf\u9fa5]", module.source)
        )
    ]


def main(root: Path) -> None:
    """Print the figures of a checkout."""
    modules = modules_of(root, "app")
    drawn = arrows(modules)
    names = Counter(module.name.rsplit(".", 1)[-1] for module in modules)
    sizes = sorted(module.lines for module in modules)
    evals = modules_of(root, "evals")
    rows: list[tuple[str, object]] = [
        ("modules of app with code", len(modules)),
        ("lines of app", sum(sizes)),
        ("lines of evals", sum(module.lines for module in evals)),
        ("lines of tests", sum(module.lines for module in modules_of(root, "tests"))),
        ("median lines", sizes[len(sizes) // 2]),
        (f"under {SHORT} lines", sum(size < SHORT for size in sizes)),
        (f"over {LONG} lines", sum(size > LONG for size in sizes)),
        ("distinct names", len(names)),
        ("names per 100 modules", round(100 * len(names) / len(modules))),
        ("neighbours that import each other", _listed(" ⇄ ".join(pair) for pair in mutual(drawn))),
        ("imports that climb", _listed(" → ".join(arrow) for arrow in climbing(drawn))),
        ("modules with queries that are no repository", _listed(querying(modules))),
        ("modules that name unspaced scripts outside app.text", _listed(cutting(modules))),
        ("modules that import DBOS", _listed(m.name for m in modules if "dbos" in m.imports)),
        ("evals that import tests", _listed(m.name for m in evals if uses_tests(m))),
    ]
    for title, figure in rows:
        print(f"{title:<52} {figure}")


def uses_tests(module: Module) -> bool:
    return any(name == "tests" or name.startswith("tests.") for name in module.imports)


def _listed(items: Iterator[str] | Sequence[str]) -> str:
    found = list(items)
    return f"{len(found)}" + "".join(f"\n    {item}" for item in found)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PROJECT_DIR)
