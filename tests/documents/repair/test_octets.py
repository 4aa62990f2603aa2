"""Characters and their bytes."""

import pytest

from app.documents.repair.octets import character, octets, with_lead, with_trail


@pytest.mark.parametrize(
    ("shown", "expected"),
    [("客", "bfcd"), ("€", "80"), ("a", "61"), ("\ue850", "fe8c"), ("\ue7a5", "a7c7"), ("\ue17a", "aea3")],
)
def test_a_character_has_the_bytes_of_the_chinese_code_page(shown: str, expected: str) -> None:
    assert octets(shown).hex() == expected


@pytest.mark.parametrize("shown", ["😀", "한", "\ud800", "\U00020000"])
def test_what_the_code_page_lacks_has_no_bytes(shown: str) -> None:
    assert octets(shown) == b""


def test_two_bytes_are_a_character_unless_it_is_private() -> None:
    assert character(0xBF, 0xCD) == "客"
    assert character(0xAE, 0xA3) == ""
    assert character(0xBF, 0x28) == ""


def test_characters_are_found_by_either_byte() -> None:
    assert "客" in with_lead(0xBF)
    assert "客" in with_trail(0xCD)
    assert "客" not in with_lead(0xCD)
