import random

import pytest

from app.documents.readers.encodings import codec_name, decode

SIMPLIFIED = (
    "请说说你处理过的一次客户投诉，当时是怎么安抚客户的？\n评分要点：先道歉，再核实订单，最后给出时间。"
)
TRADITIONAL = (
    "請說說你處理過的一次客戶投訴，當時是怎麼安撫客戶的？\n評分要點：先道歉，再核實訂單，最後給出時間。"
)
ENGLISH = "“Stay calm”, she said – it’s the customer’s first call.\nWhat would you do next?"
FRENCH = "Décrivez une situation où un client était mécontent à cause d'un délai."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        *(
            (SIMPLIFIED, encoding)
            for encoding in ("utf-8", "utf-8-sig", "gb18030", "utf-16-le", "utf-16-be", "utf-16")
        ),
        *(
            (TRADITIONAL, encoding)
            for encoding in ("utf-8", "big5", "gb18030", "utf-16-le", "utf-16-be", "utf-32")
        ),
        *((ENGLISH, encoding) for encoding in ("utf-8", "cp1252", "utf-16-le", "utf-16-be")),
        *((FRENCH, encoding) for encoding in ("utf-8", "latin-1", "utf-16-le")),
        ("面试题", "gb18030"),
        ("面試題庫", "big5"),
        ("Müller", "cp1252"),
    ],
)
def test_text_is_read_in_the_encoding_it_was_stored_in(text: str, encoding: str) -> None:
    assert decode(text.encode(encoding)).text == text


def test_the_encoding_is_named() -> None:
    assert decode(b"plain").encoding == "utf-8"
    assert decode(SIMPLIFIED.encode("gbk")).encoding == "gb18030"
    assert decode(TRADITIONAL.encode("big5")).encoding == "big5"
    assert decode(ENGLISH.encode("cp1252")).encoding == "windows-1252"


def test_lines_in_another_encoding_are_read_in_theirs() -> None:
    lines = SIMPLIFIED.split("\n") * 3
    stored = b"\n".join(line.encode("gbk" if at == 3 else "utf-8") for at, line in enumerate(lines))
    decoded = decode(stored)
    assert decoded.text == "\n".join(lines)
    assert decoded.encoding == "utf-8 + gb18030"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("utf-8", "gb18030"),
        ("utf-8", "utf-16"),
        ("utf-16", "utf-8"),
        ("utf-16-le", "utf-16"),
        ("gb18030", "utf-16"),
    ],
)
def test_concatenated_files_are_read_one_after_another(first: str, second: str) -> None:
    text = SIMPLIFIED + "\n"
    stored = text.encode(first) + text.encode(second)
    assert decode(stored).text.replace("\ufeff", "") == text + text


def test_three_encodings_in_one_file_are_told_apart() -> None:
    stored = f"{SIMPLIFIED}\n".encode() + f"{TRADITIONAL}\n".encode("big5") + SIMPLIFIED.encode("gbk")
    assert decode(stored).text == f"{SIMPLIFIED}\n{TRADITIONAL}\n{SIMPLIFIED}"


def test_a_broken_byte_costs_one_character_and_is_shown() -> None:
    stored = SIMPLIFIED.encode("gbk").replace("客".encode("gbk"), b"\xff", 1)
    text = decode(stored).text
    assert text.count("\ufffd") == 1
    assert text.endswith(SIMPLIFIED[-30:])


def test_a_file_cut_within_its_last_character_stays_utf_8() -> None:
    decoded = decode(SIMPLIFIED.encode()[:-1])
    assert decoded.text == SIMPLIFIED[:-1] + "\ufffd"
    assert decoded.encoding == "utf-8"


def test_a_broken_character_never_swallows_the_line_end() -> None:
    stored = b"\n".join((SIMPLIFIED.encode("gbk"), b"abc\xb0", SIMPLIFIED.encode("gbk")))
    assert decode(stored).text.split("\n")[2] == "abc\ufffd"


def test_a_stated_encoding_decides_what_could_be_either() -> None:
    either = "禮貌".encode("big5")
    assert decode(either).text != "禮貌"
    assert decode(either, "big5").text == "禮貌"


def test_a_wrongly_stated_encoding_is_overruled() -> None:
    assert decode(SIMPLIFIED.encode("gbk"), "big5").text == SIMPLIFIED


def test_labels_mean_the_widest_encoding_of_their_family() -> None:
    assert codec_name("GB2312") == "gb18030"
    assert codec_name(" ISO-8859-1 ") == "cp1252"
    assert codec_name("no-such-thing") is None
    assert codec_name("rot13") is None


def test_stray_nulls_do_not_make_a_text_utf_16() -> None:
    assert decode(b"hello\0\n\n world, again").text == "hello\0\n\n world, again"


def test_any_bytes_become_some_text() -> None:
    noise = random.Random(7)
    for length in range(0, 300, 7):
        assert isinstance(decode(noise.randbytes(length)).text, str)
