"""One bank file read strictly: either a bank, or every problem with its line, field and fix."""

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from app.banks.schema import Bank, Competency, Question, RubricPoint, Section
from app.strict_yaml import YAML_LOADER, Steps, YamlFault, YamlText, read_yaml_text, yaml_faults

MAX_BYTES = 20_000_000
MAX_DEPTH = 20


_PATTERN_FIXES = {
    "id": "start with a lower-case letter or digit, then only a-z, 0-9, '.', '_' and '-', at most 80 in all",
    "language": "write a language tag such as zh-CN or en",
    "version": "write three numbers such as 1.0.0",
}


@dataclass(frozen=True)
class BankProblem:
    """What is wrong in a bank file, where (line from 1, 0 for the whole file), and what to do about it."""

    file: str
    line: int
    field: str
    message: str
    fix: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        field = f" {self.field}:" if self.field else ""
        return f"{place}:{field} {self.message}. Fix: {self.fix}."


class BankFileError(Exception):
    """Carries every problem found in one file."""

    def __init__(self, problems: list[BankProblem]) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


@dataclass(frozen=True)
class BankFile:
    """A bank and the lines its questions stand on (from 1), by question id."""

    path: Path
    bank: Bank
    question_lines: dict[str, int]


def read_bank_file(path: Path) -> BankFile:
    """Reads and checks one file. Raises `BankFileError` with every problem found."""
    reader = _Reader(path)
    return reader.read(reader.content())


def read_bank(name: str, content: bytes) -> BankFile:
    """Checks the content of a bank file. Raises `BankFileError` with every problem found."""
    return _Reader(Path(name)).read(content)


class _Reader:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.text = YamlText(None, None)

    def read(self, content: bytes) -> BankFile:
        source = self._source(content)
        data = self._parse(source)
        problems = [
            self._problem(line, _dotted(path), "is written twice", "keep one of the two")
            for line, path in self.text.repeated_keys()
        ]
        try:
            bank = Bank.model_validate(data)
        except ValidationError as error:
            problems += [self._from_pydantic(details) for details in error.errors(include_url=False)]
        problems += self._meaning(data)
        if problems:
            raise BankFileError(sorted(problems, key=lambda problem: problem.line))
        lines = {
            question["id"]: self._line((*path, "id"))
            for section, within in _items(data, "sections")
            for question, path in _items(section, "questions", within)
        }
        return BankFile(self.path, bank, lines)

    def _problem(self, line: int, field: str, message: str, fix: str) -> BankProblem:
        return BankProblem(self.path.name, line, field, message, fix)

    def _fail(self, line: int, message: str, fix: str) -> BankFileError:
        return BankFileError([self._problem(line, "", message, fix)])

    def content(self) -> bytes:
        try:
            if self.path.stat().st_size > MAX_BYTES:
                raise self._fail(
                    0, f"is larger than {MAX_BYTES // 1_000_000} MB", "split it into several banks"
                )
            return self.path.read_bytes()
        except OSError as error:
            raise self._fail(
                0, f"can't be read ({error.strerror})", "check that the file can be read"
            ) from None

    def _source(self, raw: bytes) -> str:
        try:
            source = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise self._fail(line, "is not UTF-8 text", "save the file with the encoding UTF-8") from None
        if not source.strip():
            raise self._fail(0, "is empty", "write a bank, or remove the file")
        return source

    def _parse(self, source: str) -> dict[str, Any]:
        try:
            with yaml_faults():
                self._refuse_aliases_and_depth(source)
            self.text = read_yaml_text(source)
        except YamlFault as fault:
            fix = "remove control characters and odd values such as impossible dates"
            if fault.line:
                fix = "check indentation, colons, brackets and quotes on this line and the one above"
            raise self._fail(fault.line, f"is not valid YAML ({fault.reason})", fix) from None
        if not isinstance(self.text.data, dict):
            raise self._fail(1, "does not hold a bank", "start with fields such as `id:` and `title:`")
        return self.text.data

    def _refuse_aliases_and_depth(self, source: str) -> None:
        """Aliases can blow a small file up without bound, and deep nesting can exhaust the stack."""
        depth = 0
        for event in yaml.parse(source, Loader=YAML_LOADER):
            line = event.start_mark.line + 1 if event.start_mark else 0
            if isinstance(event, yaml.AliasEvent):
                raise self._fail(line, "uses a YAML alias (*name)", "write the text out in both places")
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
            if depth > MAX_DEPTH:
                raise self._fail(line, f"nests deeper than {MAX_DEPTH} levels", "remove the extra brackets")

    def _line(self, path: Steps) -> int:
        """The line of the field at `path`, or of the nearest part around it that exists."""
        line, found = self.text.place(path)
        return line if found else 1

    def _from_pydantic(self, details: ErrorDetails) -> BankProblem:
        path = tuple(details["loc"])
        message, fix = _explain(details, path)
        return self._problem(self._line(path), _dotted(path), message, fix)

    def _meaning(self, data: dict[str, Any]) -> Iterator[BankProblem]:
        """What the schema can't say: ids that agree with the file, are unique, and are declared."""
        if isinstance(data.get("id"), str) and data["id"] != self.path.stem:
            fix = f"name the file {data['id']}{self.path.suffix}, or write `id: {self.path.stem}`"
            yield self._problem(self._line(("id",)), "id", f"{data['id']!r} is not the file's name", fix)
        competencies = list(_items(data, "competencies"))
        yield from self._repeated_ids(competencies)
        declared = sorted(str(item.get("id")) for item, _ in competencies)
        sections = list(_items(data, "sections"))
        yield from self._repeated_ids(sections)
        questions = [found for part, path in sections for found in _items(part, "questions", path)]
        yield from self._repeated_ids(questions)
        for question, path in questions:
            yield from self._repeated_ids(list(_items(question, "points", path)))
            named = question.get("competencies")
            for index, name in enumerate(named if isinstance(named, list) else []):
                if isinstance(name, str) and name not in declared:
                    at = (*path, "competencies", index)
                    fix = f"declare it under `competencies`, or use {_guess(name, declared)}"
                    yield self._problem(self._line(at), _dotted(at), f"{name!r} is not declared", fix)

    def _repeated_ids(self, items: list[tuple[dict[str, Any], Steps]]) -> Iterator[BankProblem]:
        first: dict[str, int] = {}
        for item, path in items:
            if not isinstance(name := item.get("id"), str):
                continue
            at = (*path, "id")
            line = self._line(at)
            if name in first:
                message = f"{name!r} is used already on line {first[name]}"
                yield self._problem(line, _dotted(at), message, "give each its own id")
            first.setdefault(name, line)


def _items(parent: dict[str, Any], field: str, path: Steps = ()) -> Iterator[tuple[dict[str, Any], Steps]]:
    """The mappings in the list `parent[field]`, with their paths; whatever else is there is skipped."""
    found = parent.get(field)
    for index, item in enumerate(found if isinstance(found, list) else []):
        if isinstance(item, dict):
            yield item, (*path, field, index)


def _dotted(path: Steps) -> str:
    """`("sections", 0, "id")` as `sections[0].id`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def _guess(wrong: str, valid: list[str]) -> str:
    close = difflib.get_close_matches(wrong, valid, n=1)
    if close:
        return f"`{close[0]}`"
    return f"one of {', '.join(valid)}" if valid else "none"


def _fields_beside(path: Steps) -> list[str]:
    """Names of the fields allowed where the last step of `path` stands."""
    parts: dict[str, type[BaseModel]] = {"sections": Section, "questions": Question, "points": RubricPoint}
    names = [step for step in path[:-1] if isinstance(step, str)]
    model = Competency if names == ["competencies"] else parts[names[-1]] if names else Bank
    return list(model.model_fields)


def _explain(details: ErrorDetails, path: Steps) -> tuple[str, str]:
    """The problem and its fix in words, from a pydantic error."""
    context = details.get("ctx", {})
    name = str(path[-1]) if path else ""
    match details["type"]:
        case "missing":
            return "is missing", f"add `{name}:`"
        case "extra_forbidden":
            return "is not a field of a bank file", f"remove it, or use {_guess(name, _fields_beside(path))}"
        case "string_pattern_mismatch":
            field = name if isinstance(path[-1], str) else "id"
            return f"{details['input']!r} has the wrong form", _PATTERN_FIXES.get(field, "see the schema")
        case "string_type" if details["input"] is None:
            return "has no text", "write its text"
        case "string_type":
            return f"{details['input']!r} is not text", "put it in quotes"
        case "string_too_short":
            return "has no text", "write its text"
        case "string_too_long":
            return "is too long", f"shorten it to {context['max_length']} characters"
        case "too_short":
            return "is empty", f"write at least {context['min_length']}"
        case "too_long":
            return "holds too many", f"keep at most {context['max_length']}"
        case "greater_than":
            return f"{details['input']!r} is too small", f"write a number above {context['gt']:g}"
        case "less_than_equal":
            return f"{details['input']!r} is too large", f"write a number of at most {context['le']:g}"
        case "float_type" | "float_parsing" | "finite_number":
            return f"{details['input']!r} is not a number", "write a number such as 1 or 1.5"
        case "literal_error":
            return f"{details['input']!r} is not known", f"write {context['expected']}"
        case "list_type":
            return "is not a list", "write one item a line, each after `- `"
        case "model_type" | "dict_type" | "model_attributes_type":
            return "is not a group of fields", "write fields such as `id:` indented below it"
        case _:
            return details["msg"], "see the bank schema in the documentation"
