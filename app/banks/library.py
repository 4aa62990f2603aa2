"""The question banks of a folder, checked across files."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from app.banks.file import BankFile, BankFileError, BankProblem, read_bank_file
from app.banks.fingerprint import bank_hash
from app.banks.schema import Bank, Question, Section
from app.errors import BankError, NotFoundError

MAX_LISTED = 10
_HINT = "`interviewer bank check` lists every problem of every bank file."


@dataclass(frozen=True)
class _Content:
    banks: Mapping[str, Bank]
    problems: tuple[BankProblem, ...]
    places: Mapping[str, tuple[Bank, Section, Question]]


class BankLibrary:
    """Banks by id, and the problems of those that could not be used.

    Whoever holds the library sees what `replace` puts in it; a holder that reads several things of one bank
    takes the bank once, which never changes.
    """

    def __init__(self, banks: Mapping[str, Bank], problems: Iterable[BankProblem] = ()) -> None:
        self.replace(banks, problems)

    def replace(self, banks: Mapping[str, Bank], problems: Iterable[BankProblem] = ()) -> None:
        """Swap all content at once, from any thread: readers see the old or the new."""
        places = {
            question.id: (bank, section, question)
            for bank in banks.values()
            for section, question in bank.questions()
        }
        self._content = _Content(MappingProxyType(dict(banks)), tuple(problems), places)

    @property
    def banks(self) -> Mapping[str, Bank]:
        """The banks by id, as they are now."""
        return self._content.banks

    @property
    def problems(self) -> tuple[BankProblem, ...]:
        """What is wrong with the banks that are left out."""
        return self._content.problems

    @classmethod
    def from_folder(cls, path: Path, *, strict: bool = True) -> "BankLibrary":
        """Every `*.yaml` and `*.yml` file of the folder, in the order of their names.

        Strict raises `BankError` listing the problems found in all files; otherwise a file with problems is
        left out, its problems are in `.problems`, and the good files serve.
        """
        banks: dict[str, Bank] = {}
        problems: list[BankProblem] = []
        owners: dict[str, str] = {}
        for file in _bank_files(path):
            try:
                read = read_bank_file(file)
            except BankFileError as error:
                problems += error.problems
                continue
            clashes = _clashes(read, banks, owners)
            problems += clashes
            if not clashes:
                banks[read.bank.id] = read.bank
                owners |= dict.fromkeys(read.question_lines, file.name)
        if not path.exists():
            fix = "check the path and INTERVIEWER_BANKS_DIR"
            problems.append(BankProblem(str(path), 0, "", "does not exist", fix))
        elif not banks and not problems:
            fix = "add a bank file, or set INTERVIEWER_BANKS_DIR to the folder of your banks"
            problems.append(BankProblem(str(path), 0, "", "holds no question bank", fix))
        if strict and problems:
            raise bank_error(problems)
        return cls(banks, tuple(problems))

    def get(self, bank_id: str) -> Bank:
        """The bank, or `NotFoundError` naming the banks there are."""
        try:
            return (banks := self.banks)[bank_id]
        except KeyError:
            known = ", ".join(sorted(banks)) or "none"
            raise NotFoundError(f"There is no question bank {bank_id!r}", hint=f"Banks: {known}.") from None

    def question(self, question_id: str) -> tuple[Bank, Section, Question]:
        """The question with its bank and section, or `NotFoundError`."""
        try:
            return self._content.places[question_id]
        except KeyError:
            hint = "`interviewer bank search` finds questions and their ids."
            raise NotFoundError(f"There is no question {question_id!r}", hint=hint) from None

    def bank_hash(self, bank_id: str) -> str:
        """The content hash of a bank: 64 hexadecimal digits. Raises `NotFoundError`."""
        return bank_hash(self.get(bank_id))


def bank_error(problems: list[BankProblem]) -> BankError:
    """One error that lists the first problems, one a line, and counts the rest."""
    lines = [str(problem) for problem in problems[:MAX_LISTED]]
    if len(problems) > MAX_LISTED:
        lines.append(f"… and {len(problems) - MAX_LISTED} more")
    return BankError("\n".join(lines), hint=_HINT)


def _bank_files(path: Path) -> list[Path]:
    if path.is_file():
        return [path]
    if not path.is_dir():
        return []
    return sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and file.is_file())


def _clashes(read: BankFile, banks: Mapping[str, Bank], owners: Mapping[str, str]) -> list[BankProblem]:
    name = read.path.name
    if read.bank.id in banks:
        message = f"the bank {read.bank.id!r} is in another file of this folder too"
        return [BankProblem(name, 0, "id", message, "keep one of the two files")]
    return [
        BankProblem(
            name,
            line,
            "id",
            f"the question {question_id!r} is in {owners[question_id]} too",
            "give it its own id",
        )
        for question_id, line in read.question_lines.items()
        if question_id in owners
    ]
