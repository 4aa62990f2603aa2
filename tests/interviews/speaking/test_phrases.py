from pathlib import Path

import pytest
import yaml

from app.errors import SetupError
from app.interviews.speaking.phrases import PhraseBook
from app.settings import PROJECT_DIR

PROMPTS = PROJECT_DIR / "prompts"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A prompts folder with the shipped English phrases only."""
    (tmp_path / "en").mkdir()
    shipped = (PROMPTS / "en" / "phrases.yaml").read_text(encoding="utf-8")
    (tmp_path / "en" / "phrases.yaml").write_text(shipped, encoding="utf-8")
    return tmp_path


def change(folder: Path, *path: str, to: object) -> None:
    file = folder / "en" / "phrases.yaml"
    phrases = yaml.safe_load(file.read_text(encoding="utf-8"))
    group = phrases
    for key in path[:-1]:
        group = group[key]
    group[path[-1]] = to
    file.write_text(yaml.safe_dump(phrases), encoding="utf-8")


@pytest.mark.parametrize("language", sorted(path.parent.name for path in PROMPTS.glob("*/phrases.yaml")))
def test_every_shipped_language_has_its_own_phrases(language: str) -> None:
    phrases = PhraseBook(PROMPTS).get(language)
    others = [PhraseBook(PROMPTS).get(path.parent.name) for path in PROMPTS.glob("*/phrases.yaml")]
    assert [other.pause for other in others].count(phrases.pause) == 1


def test_a_regional_language_finds_its_parent() -> None:
    book = PhraseBook(PROMPTS)
    assert book.get("zh-CN") is book.get("zh")


def test_a_language_without_phrases_falls_back_to_english(folder: Path) -> None:
    book = PhraseBook(folder)
    assert book.get("fr-CA") is book.get("en")


def test_no_phrases_at_all_is_an_error_that_says_which_file_to_add(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        PhraseBook(tmp_path).get("fr-CA")
    assert str(tmp_path / "fr" / "phrases.yaml") in caught.value.hint


@pytest.mark.parametrize(
    ("path", "to", "named"),
    [
        (("pauze",), "Stop.", "pauze"),
        (("pause",), "", "pause"),
        (("pause",), "See you, {name}.", "name"),
        (("greeting", "welcome"), "Hello {candidate}", "candidate"),
        (("greeting", "modes"), {"practice": "p"}, "assessment"),
        (("explanation", "kinds"), {"behavioural": "b"}, "motivation"),
        (("leads", "question"), [], "leads.question"),
    ],
)
def test_a_malformed_file_is_refused_by_name(
    folder: Path, path: tuple[str, ...], to: object, named: str
) -> None:
    change(folder, *path, to=to)
    with pytest.raises(SetupError, match=named) as caught:
        PhraseBook(folder).get("en")
    assert "phrases.yaml" in caught.value.detail


def test_a_file_that_is_no_yaml_is_refused_by_name(folder: Path) -> None:
    (folder / "en" / "phrases.yaml").write_text("greeting: [", encoding="utf-8")
    with pytest.raises(SetupError, match=r"phrases\.yaml"):
        PhraseBook(folder).get("en")
