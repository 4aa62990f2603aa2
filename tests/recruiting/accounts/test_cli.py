import pytest
from typer.testing import CliRunner, Result

from app.cli import app
from app.settings import Settings


@pytest.fixture(autouse=True)
def _own_installation(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.settings.get_settings", lambda: settings)


def user(*arguments: str, typed: str | None = None) -> Result:
    return CliRunner().invoke(app, ["user", *arguments], input=typed)


def test_an_account_is_added_with_a_password_shown_once() -> None:
    shown = user("add", "Ann Lee", "--role", "owner")
    assert shown.exit_code == 0
    assert "added owner Ann Lee" in shown.output
    password = shown.output.partition("password: ")[2].split()[0]
    assert len(password) >= 20
    assert password not in user("list").output


def test_a_password_can_be_piped_in_and_is_not_shown() -> None:
    shown = user("add", "Ann", "--password-stdin", typed="horse battery staple\n")
    assert shown.exit_code == 0
    assert "password" not in shown.output
    assert "horse" not in shown.output


@pytest.mark.parametrize(("typed", "says"), [("", "holds no password"), ("short\n", "5 characters")])
def test_a_piped_password_that_can_not_be_one_is_explained(typed: str, says: str) -> None:
    shown = user("add", "Ann", "--password-stdin", typed=typed)
    assert says in str(shown.exception)
    assert "Ann" not in user("list").output


def test_accounts_are_listed_with_role_and_state() -> None:
    for arguments in (["add", "Ann"], ["add", "Ben", "--role", "recruiter"], ["disable", "ben"]):
        assert user(*arguments).exit_code == 0
    lines = user("list").output.splitlines()
    assert [line.split() for line in lines] == [
        ["owner", "active", lines[0].split()[2], "Ann"],
        ["recruiter", "disabled", lines[1].split()[2], "Ben"],
    ]


def test_roles_change_and_the_last_owner_is_kept() -> None:
    user("add", "Ann")
    user("add", "Ben")
    assert "last owner" in str(user("disable", "Ann").exception)
    assert "last owner" in str(user("role", "Ann", "recruiter").exception)
    assert user("role", "Ben", "owner").exit_code == 0
    assert user("disable", "Ann").exit_code == 0
    assert user("enable", "Ann").exit_code == 0


def test_a_new_password_is_shown_once() -> None:
    user("add", "Ann")
    shown = user("password", "ann")
    assert "Ann has a new password; all log-ins ended" in shown.output
    assert "password: " in shown.output


def test_an_unknown_account_is_named() -> None:
    assert "there is no account Carl" in str(user("password", "Carl").exception)
