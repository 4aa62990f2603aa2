from pathlib import Path

import pytest
import yaml

from app.errors import SetupError
from app.interviews.speaking.phrases import Phrases
from app.languages.files import LanguageFolder
from app.settings import PROJECT_DIR

PROMPTS = PROJECT_DIR / "prompts"
SHIPPED = LanguageFolder(PROMPTS)


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


@pytest.mark.parametrize("language", SHIPPED.having("phrases.yaml"))
def test_every_shipped_language_has_its_own_phrases(language: str) -> None:
    phrases = SHIPPED.get(Phrases, language)
    others = SHIPPED.all(Phrases).values()
    assert [other.pause for other in others].count(phrases.pause) == 1


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
        LanguageFolder(folder).get(Phrases, "en")
    assert "phrases.yaml" in caught.value.detail
