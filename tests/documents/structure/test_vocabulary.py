from pathlib import Path

import yaml

from app.documents.structure.vocabulary import load_vocabulary, vocabulary
from app.languages.files import SHIPPED


def test_no_label_means_two_things_in_one_language() -> None:
    for file in vocabulary().files:
        words = [word.lower() for listed in file.labels.values() for word in listed]
        assert len(words) == len(set(words)), words


def test_weak_labels_are_labels() -> None:
    known = vocabulary()
    assert known.weak_labels <= set(known.label_roles)


def test_another_language_is_another_file(tmp_path: Path) -> None:
    german = yaml.safe_load((SHIPPED / "en" / "markers.yaml").read_text(encoding="utf-8"))
    german["labels"] |= {"answer": ["antwort"], "points": ["kernpunkte"]}
    (tmp_path / "de").mkdir()
    (tmp_path / "de" / "markers.yaml").write_text(yaml.safe_dump(german), encoding="utf-8")
    assert load_vocabulary(tmp_path).label_roles["kernpunkte"] == "points"
