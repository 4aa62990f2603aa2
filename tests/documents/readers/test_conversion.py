import os
import threading
from pathlib import Path

import pytest

from app.documents.readers.conversion import BrokenTreeError, convert
from app.documents.readers.limits import LIMITS, Limits
from app.errors import BadInputError
from tests.documents.files import with_part, word_file, workbook


def test_lines_come_back_as_they_were_read() -> None:
    lines = convert("html", "<h2>题</h2><ol><li>一</ol><table><tr><td>问<td>答</table>".encode(), LIMITS)
    assert [(line.number, line.heading, line.depth, line.marker, line.cells) for line in lines] == [
        (1, 2, 0, "", ()),
        (2, 0, 1, "1.", ()),
        (3, 0, 0, "", ("问", "答")),
    ]


def test_a_converter_that_takes_too_much_memory_is_stopped() -> None:
    content = with_part(
        word_file(lambda document: document.add_paragraph("x")),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:p>", b"<w:p/>" * 200_000 + b"<w:p>", 1),
    )
    with pytest.raises(BadInputError, match="more than 120 MB of memory"):
        convert("docx", content, Limits(memory=120_000_000))


def test_a_cell_far_away_does_not_take_the_service_along() -> None:
    content = with_part(
        workbook({"S": [["a"]]}),
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b"</row>", b'</row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    )
    with pytest.raises(BadInputError, match="of memory") as caught:
        convert("xlsx", content, LIMITS)
    assert "cells far away" in caught.value.hint


def test_a_converter_that_computes_too_long_is_stopped() -> None:
    with pytest.raises(BadInputError, match="longer than 1 seconds"):
        convert("markdown", b"- x\n" * 300_000, Limits(cpu_seconds=1))


def test_a_converter_that_waits_too_long_is_stopped() -> None:
    with pytest.raises(BadInputError, match=r"longer than 0\.01 seconds"):
        convert("html", b"<p>x", Limits(wall_seconds=0.01))


def test_a_refusal_in_the_child_keeps_its_words() -> None:
    with pytest.raises(BadInputError, match="holds no text") as caught:
        convert("html", b"<p> </p>", LIMITS)
    assert caught.value.hint
    assert caught.value.title == "The document can't be read"


def test_a_broken_tree_says_where() -> None:
    with pytest.raises(BrokenTreeError, match="line 1"):
        convert("json", b'{"a": ', LIMITS)


def test_a_converter_that_fails_is_a_damaged_document() -> None:
    content = with_part(
        word_file(lambda document: document.add_paragraph("x")), "word/document.xml", lambda _: b"<nothing/>"
    )
    with pytest.raises(BadInputError, match="damaged"):
        convert("docx", content, LIMITS)


def test_lone_surrogates_become_visible() -> None:
    (line,) = convert("json", rb'["\ud83d"]', LIMITS)
    assert line.text == "\ufffd"


def test_the_child_finds_the_service_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('the wrong one')")
    monkeypatch.chdir(tmp_path)
    assert convert("html", b"<p>x", LIMITS)[0].text == "x"


def test_documents_are_converted_two_at_once_and_all_come_through() -> None:
    read: list[str] = []

    def one(number: int) -> None:
        read.append(convert("html", f"<p>{number}".encode(), LIMITS)[0].text)

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(read) == list("012345")


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files in /proc")
def test_nothing_stays_open_after_a_failure() -> None:
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with pytest.raises(BadInputError):
            convert("html", b"<p>x", Limits(wall_seconds=0.01))
    assert len(os.listdir("/proc/self/fd")) == before
