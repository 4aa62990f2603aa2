from typing import Any

import pytest

from app.web.desk.audit_view import details, short
from app.web.wording import wording

ID = "0123456789abcdef" * 2
FILTERS = "Status Ended, Mode Practice, To review yes"


def words(kept: dict[str, Any], language: str = "en") -> list[tuple[str | None, str]]:
    return [(each.label, each.text) for each in details(wording(language), kept)]


@pytest.mark.parametrize(
    ("kept", "said"),
    [
        ({"role": "owner"}, ("Role", "Owner")),
        ({"delete": False}, ("Deleted", "no")),
        ({"credit": 0.5}, ("Credit", "0.5")),
        ({"credit": None}, ("Credit", "none")),
        ({"fields": ["link_days", "name"]}, ("Changed", "A link can be used for, Name")),
        ({"fields": []}, ("Changed", "none")),
        ({"status": "upheld"}, ("Status", "upheld")),
        ({"filters": {"status": "ended", "mode": "practice", "flagged": "yes"}}, ("Filters", FILTERS)),
        ({"scorer": {"model": "m-1", "judge": None}}, ("Judged with", "Model m-1")),
        ({"scorer": {"model": None}}, ("Judged with", "as replies are judged now")),
        ({"number": None, "point": None, "comment": 7}, ("Comment", "7")),
        ({"template": ID}, ("Template", "01234567")),
    ],
)
def test_what_was_kept_is_said_in_words(kept: dict[str, Any], said: tuple[str, str]) -> None:
    assert words(kept) == [said]


def test_only_an_id_is_shortened() -> None:
    assert short(ID) == "01234567"
    assert short("customer-service-specialist") == "customer-service-specialist"


def test_the_words_are_the_readers() -> None:
    assert words({"role": "owner", "delete": True}, "zh-CN") == [("角色", "所有者"), ("同时删除", "是")]


def test_what_has_no_words_yet_stands_as_it_was_kept() -> None:
    (each,) = details(wording("en"), {"novelty": {"size": 3, "kind": "odd"}})
    assert (each.label, each.key, each.text) == (None, "novelty", "size 3, kind odd")


def test_an_id_leads_to_what_else_happened_to_it() -> None:
    (each,) = details(wording("en"), {"invite": ID})
    assert each.id == ID
