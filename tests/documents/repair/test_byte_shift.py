"""Characters and their bytes, and reading a run again by them."""

import pytest

from app.documents.repair.byte_shift import character, endings, octets, with_lead, with_trail
from tests.documents.repair.exports import misread


def _texts(line: str, start: int, lead: int | None, *, narrowed: bool = True) -> list[str]:
    return [ending.text for ending in endings(line, start, lead, narrowed)]


def test_a_known_lead_byte_gives_the_whole_text() -> None:
    assert _texts(misread("時間"), 1, "時".encode("gbk")[0])[0] == "時"


def test_an_unknown_lead_byte_leaves_the_first_character_open() -> None:
    ending = next(endings("?臅r候", 1, None, True))
    assert (ending.text, ending.first, ending.end) == ("時", "的".encode("gbk")[1], 3)


def test_a_run_ends_where_a_trail_byte_is_a_letter() -> None:
    line = misread("的時候") + ",再说"
    assert line.startswith("?臅r候")
    assert next(endings(line, 1, None, True)).end == line.index("候")


def test_narrow_forms_are_two_bytes_where_the_document_was_made_narrow() -> None:
    line = misread("好，我個").replace("，", ",")
    assert any(text.startswith("，我") for text in _texts(line, 1, None))


def test_a_lost_last_byte_is_left_open_with_its_pinyin() -> None:
    line = "因此反復".encode("gbk")[1:-1].decode("gb18030") + "?fù)核對"
    ending = list(endings(line, 0, None, True))[-1]
    assert (ending.text, ending.sound, line[ending.end :]) == ("此反", "fù", "核對")
    assert ending.lead == "復".encode("gbk")[0]


def test_a_run_that_never_comes_in_step_has_no_reading() -> None:
    assert not _texts("牡氖焙", 0, None)
    assert not _texts("牡\n氖焙", 0, None)
    assert not _texts("", 0, None)


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
