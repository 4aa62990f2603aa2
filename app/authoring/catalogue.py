"""Which banks stand: those of the files and those published, one of each id."""

from collections.abc import Mapping
from pathlib import Path

from pydantic import ValidationError

from app.authoring.naming import version_key
from app.authoring.repository import Versions
from app.banks.file import BankProblem
from app.banks.library import BankLibrary
from app.banks.schema import Bank
from app.db.engine import Database
from app.db.opening import is_there, open_database
from app.db.tables import BankVersion
from app.settings import Settings


class StandingBanks:
    """A published version stands in for the file of the same bank unless the file's version is higher."""

    def __init__(self, files: BankLibrary) -> None:
        self._files = files
        self._published: dict[str, Bank] = {}
        self._unreadable: dict[str, BankProblem] = {}

    def file_bank(self, bank_id: str) -> Bank | None:
        """The bank as its file has it."""
        return self._files.banks.get(bank_id)

    def one(self, bank_id: str, published: Bank | None) -> Bank | None:
        """Which of the published bank and the bank of the file stands."""
        file = self.file_bank(bank_id)
        if file is None or published is None:
            return published or file
        return file if version_key(file.version) > version_key(published.version) else published

    def take(self, row: BankVersion) -> None:
        """Take a publication in, in the place of an earlier one of the same bank."""
        try:
            self._published[row.bank_id] = Bank.model_validate_json(row.bank)
            self._unreadable.pop(row.bank_id, None)
        except ValidationError as error:
            name = f"{row.bank_id} {row.version}"
            message = f"the published version can't be read: {error.errors(include_url=False)[0]['msg']}"
            problem = BankProblem(name, 0, "", message, "publish the bank again")
            self._unreadable[row.bank_id] = problem

    def composed(self) -> BankLibrary:
        """The banks that serve, in the files' order and then in that of publication, and what is wrong.

        A question has one bank: published banks come first, since people are being asked from them.
        """
        files = self._files.banks
        standing: dict[str, Bank] = {}
        for bank_id in [*files, *(name for name in self._published if name not in files)]:
            bank = self.one(bank_id, self._published.get(bank_id))
            if bank is not None:
                standing[bank_id] = bank
        owners: dict[str, str] = {}
        problems = [*self._files.problems, *self._unreadable.values()]
        kept: set[str] = set()
        for bank in sorted(standing.values(), key=lambda bank: bank is not self._published.get(bank.id)):
            names = [question.id for section in bank.sections for question in section.questions]
            clash = next((name for name in names if name in owners), None)
            if clash is not None:
                message = f"the question {clash!r} is in the bank {owners[clash]} too"
                problems.append(BankProblem(bank.id, 0, "id", message, "give it its own id"))
                continue
            owners |= dict.fromkeys(names, bank.id)
            kept.add(bank.id)
        return BankLibrary({name: bank for name, bank in standing.items() if name in kept}, problems)


async def standing_library(folder: Path, database: Database) -> BankLibrary:
    """The banks that a service with these files and this database serves, without asking its index."""
    standing = StandingBanks(BankLibrary.from_folder(folder, strict=False))
    async with database.reading() as session:
        for row in await Versions(session).newest(above=0):
            standing.take(row)
    return standing.composed()


async def stored_library(settings: Settings) -> BankLibrary:
    """As `standing_library`, for commands beside the service; no database is made where there is none."""
    if not is_there(settings):
        return BankLibrary.from_folder(settings.banks_dir, strict=False)
    async with open_database(settings) as database:
        return await standing_library(settings.banks_dir, database)


def taken_ids(banks: Mapping[str, Bank], besides: str) -> set[str]:
    """The ids of all questions of the other banks."""
    return {
        question.id
        for bank in banks.values()
        if bank.id != besides
        for section in bank.sections
        for question in section.questions
    }
