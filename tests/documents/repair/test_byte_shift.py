"""Reading a run again by its bytes."""

from app.documents.repair.byte_shift import endings
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
