import pytest

from app.web import languages


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        ("zh-CN,zh;q=0.9", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-Hant-HK", "zh-Hant"),
        ("en-GB,en;q=0.9", "en"),
        ("de-DE,de;q=0.9,en;q=0.5", "en"),
        ("en;q=0.2,zh;q=0.9", "zh-CN"),
        ("en;q=0,zh;q=0.1", "zh-CN"),
        ("fr", "zh-CN"),
        ("", "zh-CN"),
        (None, "zh-CN"),
        (";;q=x,,en;q=one", "zh-CN"),
    ],
)
def test_the_browser_decides(accepted: str | None, expected: str) -> None:
    assert languages.pick(None, accepted).code == expected


def test_a_choice_overrides_the_browser() -> None:
    assert languages.pick("en", "zh-CN").code == "en"


def test_an_unknown_choice_is_ignored() -> None:
    assert languages.pick("tlh", "en").code == "en"


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("zh-TW", "繁體中文"),
        ("zh-HK", "繁體中文"),
        ("zh", "简体中文"),
        ("zh-CN", "简体中文"),
        ("en-GB", "English"),
        ("de-AT", "Deutsch"),
        ("tlh", "tlh"),
    ],
)
def test_a_language_is_called_by_its_own_name(code: str, name: str) -> None:
    assert languages.name_of(code) == name
