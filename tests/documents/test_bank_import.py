from pathlib import Path

import pytest

from app.banks.library import BankLibrary
from app.documents.bank_import import draft_of_bank
from app.errors import BankError
from app.settings import PROJECT_DIR

BANK_FILES = sorted((PROJECT_DIR / "knowledge").glob("*.yaml"))


@pytest.mark.parametrize("path", BANK_FILES, ids=lambda path: path.stem)
def test_a_bank_file_comes_through_field_by_field(path: Path) -> None:
    bank = next(iter(BankLibrary.from_folder(path).banks.values()))
    draft = draft_of_bank(path.name, path.read_bytes())
    assert draft is not None
    assert (draft.bank_id, draft.title, draft.role) == (bank.id, bank.title, bank.role)
    assert draft.competencies == bank.competencies
    assert [section.title for section in draft.sections] == [section.title for section in bank.sections]
    questions = [question for section in bank.sections for question in section.questions]
    for (_, drafted), question in zip(draft.questions(), questions, strict=True):
        same = {"id", "text", "kind", "difficulty", "competencies", "max_score", "examines"}
        assert drafted.model_dump(include=same) == question.model_dump(include=same)
        assert [(p.id, p.text, p.weight, p.probe) for p in drafted.points] == [
            (p.id, p.text, p.weight, p.probe) for p in question.points
        ]
        assert not drafted.flags


def test_a_bank_file_with_mistakes_names_them_all() -> None:
    broken = b"schema_version: 1\nid: x\ntitle: T\nsections:\n  - id: s\n    title: S\n    questions: 3\n"
    with pytest.raises(BankError) as caught:
        draft_of_bank("broken.yaml", broken)
    assert "broken.yaml:7: sections" in caught.value.detail
    assert "role" in caught.value.detail


@pytest.mark.parametrize(
    "content",
    [b"", b"questions:\n  - text: Why?\n", "一、自我认知\n1. 为什么？".encode(), b'{"sections": []}'],
)
def test_any_other_document_is_left_to_the_readers(content: bytes) -> None:
    assert draft_of_bank("document.yaml", content) is None
