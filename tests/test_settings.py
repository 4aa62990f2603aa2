from pathlib import Path

import pytest

from app.errors import SetupError
from app.settings import PROJECT_DIR, Settings, get_settings

TABLE = Path(__file__).parent.parent / "docs" / "settings.md"


def shown_default(name: str, value: object) -> str:
    """A default as the table shows it."""
    if name == "model_dir":
        return "`~/.cache/interviewer`"
    if isinstance(value, Path) and value.is_absolute():
        value = value.relative_to(PROJECT_DIR)
    return "unset" if value is None else f"`{value}`"


def test_the_documented_table_has_a_row_for_every_setting_in_order() -> None:
    rows = [line for line in TABLE.read_text("utf-8").splitlines() if line.startswith("| `INTERVIEWER_")]
    assert rows == [
        f"| `INTERVIEWER_{name.upper()}` | {shown_default(name, field.default)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("postgresql://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgres://u:p@h/db", "postgresql+asyncpg://u:p@h/db"),
        ("postgresql+psycopg://h/db", "postgresql+asyncpg://h/db"),
        ("sqlite:///x.db", "sqlite+aiosqlite:///x.db"),
    ],
)
def test_a_plain_database_url_becomes_an_async_one(url: str, expected: str) -> None:
    assert Settings(_env_file=None, database_url=url).async_database_url == expected  # type: ignore[call-arg]


def test_the_openai_key_alone_turns_the_embedded_model_off(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings(_env_file=None).uses_embedded_model  # type: ignore[call-arg]
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    settings = Settings(_env_file=None)  # type: ignore[call-arg]
    assert not settings.uses_embedded_model
    assert settings.llm_api_key is not None
    assert settings.llm_api_key.get_secret_value() == "k"
    assert "k" not in repr(settings.llm_api_key)


def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INTERVIEWER_PORT", "eighty")
    get_settings.cache_clear()
    with pytest.raises(SetupError, match="INTERVIEWER_PORT"):
        get_settings()
