from pathlib import Path

import pytest
import yaml

from app.documents.structure import vocabulary as module
from app.documents.structure.vocabulary import load_vocabulary, vocabulary
from app.errors import SetupError

FOLDER = Path(module.__file__).parent / "markers"


def test_no_label_means_two_things_in_one_language() -> None:
    for file in vocabulary().files:
        words = [word.lower() for listed in file.labels.values() for word in listed]
        assert len(words) == len(set(words)), file.language


def test_weak_labels_are_labels() -> None:
    known = vocabulary()
    assert known.weak_labels <= set(known.label_roles)


def test_another_language_is_another_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    german = yaml.safe_load((FOLDER / "en.yaml").read_text(encoding="utf-8"))
    german["language"] = "de"
    german["labels"] |= {"answer": ["antwort"], "points": ["kernpunkte"]}
    (tmp_path / "de.yaml").write_text(yaml.safe_dump(german), encoding="utf-8")
    assert load_vocabulary(tmp_path).label_roles["kernpunkte"] == "points"


def test_an_unknown_field_is_an_error_that_names_the_file(tmp_path: Path) -> None:
    for path in FOLDER.glob("*.yaml"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    broken = (FOLDER / "en.yaml").read_text(encoding="utf-8") + "\nlables: {}\n"
    (tmp_path / "en.yaml").write_text(broken, encoding="utf-8")
    with pytest.raises(SetupError, match=r"en\.yaml"):
        load_vocabulary(tmp_path)
