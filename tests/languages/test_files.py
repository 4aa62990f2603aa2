from pathlib import Path

import pytest

from app.errors import SetupError
from app.languages.files import SHIPPED, Facts, LanguageFile, LanguageFolder, Strict
from app.llm.prompts import PromptLibrary


class Inner(Strict):
    colour: str
    sizes: list[int]


class Words(LanguageFile):
    file = "words"

    greeting: str
    inner: Inner


GOOD = "greeting: Hi\ninner:\n  colour: red\n  sizes:\n    - 1\n    - 2\n"
PROMPT = "---\npurpose: Say it.\ninputs: []\noutput: text\n---\n# system\nBe kind.\n\n# user\nSay it.\n"


def folder_with(tmp_path: Path, content: str | bytes, language: str = "xx", name: str = "words.yaml") -> Path:
    path = tmp_path / language / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return tmp_path


def words_of(folder: Path, language: str = "xx") -> Words:
    return LanguageFolder(folder).get(Words, language)


@pytest.mark.parametrize(
    ("content", "line", "named"),
    [
        ("greeting: Hi\ngreting: Hi\n" + GOOD[13:], 2, "greting is no known key"),
        (GOOD + "  shape: round\n", 7, "inner.shape is no known key"),
        (GOOD[13:], 1, "lacks the key `greeting`"),
        ("greeting: Hi\ninner:\n  colour: red\n", 2, "inner lacks the key `sizes`"),
        ("greeting: Hi\n" + GOOD, 2, "`greeting` stands twice"),
        (GOOD + "inner: {}\n", 7, "`inner` stands twice"),
        ("greeting: Hi\ninner: {colour: red, sizes: [], colour: blue}\n", 2, "`colour` stands twice"),
        (GOOD.replace("- 2", "- two"), 6, "inner.sizes.1 "),
        (GOOD + "inner\n", 8, "could not find expected ':'"),
        ("greeting: [\n", 2, "did not find expected"),
        ("", 1, "the file "),
        ("- Hi\n", 1, "the file "),
        (b"greeting: Hi\ninner:\n  colour: \xff\n", 3, "not UTF-8"),
        ("greeting: Hi \0\n", 1, "no YAML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_line(
    tmp_path: Path, content: str | bytes, line: int, named: str
) -> None:
    with pytest.raises(SetupError) as caught:
        words_of(folder_with(tmp_path, content))
    assert caught.value.detail.startswith(f"{tmp_path / 'xx' / 'words.yaml'}:{line}: ")
    assert named in caught.value.detail
    assert caught.value.hint


def test_everything_wrong_in_a_file_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(SetupError) as caught:
        words_of(folder_with(tmp_path, "a: 1\nb: 2\ngreeting: Hi\n"))
    assert len(caught.value.detail.splitlines()) == 3


def test_a_missing_folder_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no folder of prompts") as caught:
        LanguageFolder(tmp_path / "none")
    assert "INTERVIEWER_PROMPTS_DIR" in caught.value.hint


def test_the_nearest_language_is_read_once(tmp_path: Path) -> None:
    folder_with(tmp_path, GOOD.replace("Hi", "Hello"), "en")
    folder_with(tmp_path, GOOD.replace("Hi", "Salut"), "fr")
    folder = LanguageFolder(folder_with(tmp_path, GOOD.replace("Hi", "Allô"), "fr-CA"))
    assert [folder.get(Words, tag).greeting for tag in ("fr-CA", "fr-BE", "fr", "tlh")] == [
        "Allô",
        "Salut",
        "Salut",
        "Hello",
    ]
    assert folder.get(Words, "fr-BE") is folder.get(Words, "fr")
    assert folder.having("words.yaml") == ["en", "fr", "fr-CA"]


def test_the_file_to_add_is_named_when_not_even_the_fallback_has_one(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"no words\.yaml for the language 'fr-CA'") as caught:
        words_of(tmp_path, "fr-CA")
    assert str(tmp_path / "fr" / "words.yaml") in caught.value.hint


def test_a_folder_chooses_its_fallback(tmp_path: Path) -> None:
    folder_with(tmp_path, GOOD, "la")
    folder_with(tmp_path, "fallback: true", "la", "language.yaml")
    assert words_of(tmp_path, "tlh").greeting == "Hi"


def test_two_fallbacks_are_refused(tmp_path: Path) -> None:
    for language in ("la", "en"):
        folder_with(tmp_path, "fallback: true", language, "language.yaml")
    with pytest.raises(SetupError, match="2 languages"):
        words_of(tmp_path, "tlh")


def test_a_folder_without_files_of_a_kind_has_those_shipped(tmp_path: Path) -> None:
    shipped = LanguageFolder(SHIPPED).all(Facts)
    assert LanguageFolder(tmp_path).all(Facts) == shipped
    own = LanguageFolder(folder_with(tmp_path, "name: Lingua", "la", "language.yaml")).all(Facts)
    assert [facts.name for facts in own.values()] == ["Lingua"]


@pytest.mark.parametrize(
    ("content", "line", "named"),
    [
        (PROMPT.replace("output: text\n", "output: text\noutptu: text\n"), 5, "outptu is no known key"),
        (PROMPT.replace("inputs: []\n", ""), 2, "lacks the key `inputs`"),
        (PROMPT.replace("inputs: []\n", "inputs: []\ninputs: [a]\n"), 4, "`inputs` stands twice"),
        (PROMPT.replace("inputs: []\n", "inputs: [\n"), 5, "did not find expected"),
        (PROMPT + "\n# system\nBe rude.\n", 12, "'# system' stands twice"),
        (PROMPT.replace("Be kind.\n", "").replace("---\n# system", "---\nBe kind.\n# system"), 6, "above"),
        (PROMPT.replace("# system", "system").replace("# user", "user"), 6, "no sections"),
        (PROMPT.replace("---\n", "", 1), 1, "front matter"),
        (PROMPT.encode() + b"\xff", 11, "not UTF-8"),
    ],
)
def test_a_malformed_prompt_is_named_with_file_and_line(
    tmp_path: Path, content: str | bytes, line: int, named: str
) -> None:
    prompts = PromptLibrary(folder_with(tmp_path, content, name="say.md"))
    with pytest.raises(SetupError) as caught:
        prompts.get("say", "xx")
    assert caught.value.detail.startswith(f"{tmp_path / 'xx' / 'say.md'}:{line}: ")
    assert named in caught.value.detail
    assert caught.value.hint
