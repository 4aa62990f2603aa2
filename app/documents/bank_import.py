"""A file in the project's own bank format, taken over field by field."""

import hashlib
import re

import yaml

from app.banks.file import BankFileError, read_bank
from app.banks.library import bank_error
from app.banks.schema import Bank
from app.documents.draft import Draft, DraftQuestion, DraftSection, Source

# What every bank has and hardly any other YAML or JSON document: sections and a version of the schema's form.
_FIELDS = re.compile(rb'^[\s{,]*"?(schema_version|sections)"?\s*:', re.MULTILINE)
_FIELDS_NEEDED = 2


def draft_of_bank(name: str, content: bytes) -> Draft | None:
    """The draft of a bank file, None for any other document. Raises `BankError` listing what is wrong."""
    if len(set(_FIELDS.findall(content))) < _FIELDS_NEEDED:
        return None
    try:
        bank = read_bank(name, content).bank
    except BankFileError as error:
        raise bank_error(error.problems) from error
    return _draft(bank, name, content)


def draft_from(bank: Bank, name: str) -> Draft:
    """The draft of a bank in use, as if imported from a file of that name."""
    fields = bank.model_dump(mode="json", exclude_none=True)
    return _draft(bank, name, yaml.safe_dump(fields, allow_unicode=True, sort_keys=False).encode())


def _draft(bank: Bank, name: str, content: bytes) -> Draft:
    lines = content.decode("utf-8-sig").splitlines()
    return Draft(
        title=bank.title,
        role=bank.role,
        language=bank.language,
        source=Source(
            name=name,
            format="json" if content.lstrip().startswith(b"{") else "yaml",
            encoding="utf-8",
            sha256=hashlib.sha256(content).hexdigest(),
            lines=len(lines),
            characters=sum(map(len, lines)),
        ),
        sections=[
            DraftSection(
                key=section.id,
                title=section.title,
                questions=[
                    DraftQuestion(key=question.id, **question.model_dump(exclude={"provenance"}))
                    for question in section.questions
                ],
            )
            for section in bank.sections
        ],
        bank_id=bank.id,
        competencies=bank.competencies,
    )
