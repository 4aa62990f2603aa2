import random
from pathlib import Path

import pytest

from app.documents.readers.limits import Limits
from app.documents.readers.reading import file_name, read_document, read_file
from app.errors import BadInputError
from tests.documents.files import (
    at_most,
    compound_file,
    old_workbook,
    pdf,
    printed,
    word_file,
    workbook,
    zipped,
)

MARKDOWN = "# 题库\n\n## 一、行为\n\n1. 问？\n"
HTML = "<!DOCTYPE html><html><body><h1>题库</h1><p>问？</body></html>"
SEEDS = Path(__file__).parents[4] / "shared" / "seeds"


def text_file() -> bytes:
    return "一、行为\n\n1. 问？\n答案：好".encode()


@pytest.mark.parametrize(
    ("name", "content", "format_"),
    [
        ("a.txt", text_file(), "text"),
        ("a.docx", text_file(), "text"),
        ("a.yaml", text_file(), "text"),
        ("a.md", MARKDOWN.encode(), "markdown"),
        ("a.txt", MARKDOWN.encode(), "markdown"),
        ("a.md", b"[[wiki]] link\n", "markdown"),
        ("a.md", b"<div align=center>Bank</div>\n\n# Questions\n", "markdown"),
        ("a.md", HTML.encode(), "html"),
        ("a.html", HTML.encode(), "html"),
        ("a.doc", HTML.encode("utf-16"), "html"),
        ("a.xls", b"<table><tr><td>a<td>b</table>", "html"),
        ("a.json", b'{"question": "q"}', "json"),
        ("a.txt", b'[{"question": "q"}]', "json"),
        ("a.yml", b"- question: q\n", "yaml"),
        ("a.csv", b"q,a\n1,2\n", "csv"),
        ("a.pdf", pdf([printed("1. Question?")]), "pdf"),
        ("a.txt", pdf([printed("1. Question?")]), "pdf"),
        ("a.docm", word_file(lambda document: document.add_paragraph("问")), "docx"),
        ("a.pdf", word_file(lambda document: document.add_paragraph("问")), "docx"),
        ("a.xlsm", workbook({"S": [["问"]]}), "xlsx"),
        ("a.doc", old_workbook([["问"]]), "xlsx"),
    ],
)
def test_the_content_decides_the_format(name: str, content: bytes, format_: str) -> None:
    document = read_document(name, content)
    assert document.format == format_
    assert document.name == name
    assert [line.number for line in document.lines] == list(range(1, len(document.lines) + 1))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        ("\ufeff \n".encode("utf-16-le"), "empty"),
        ("\u3000\u3000\n".encode("gbk"), "no text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "a PNG picture"),
        (b"\xff\xd8\xff\xe0" + bytes(50), "a JPEG picture"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "a WebP picture"),
        (b"\0\0\0\x18ftypheic", "a HEIC"),
        (b"{\\rtf1 hello}", "RTF"),
        (b"7z\xbc\xaf\x27\x1c\0", "7-Zip"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "one file"),
        (random.Random(1).randbytes(5_000), "no text"),
        (bytes(range(256)) * 20, "no text"),
        (zipped({"a.txt": b"x"}), "a ZIP archive"),
        (zipped({"ppt/presentation.xml": b"<a/>"}), "a presentation"),
        (zipped({"Index/Document.iwa": b"x"}), "Pages"),
        (
            zipped({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"}),
            "OpenDocument",
        ),
        (word_file(lambda document: document.add_paragraph("问"))[:2_000], "cut off"),
        (word_file(lambda document: None), "no text"),
        (compound_file({"EncryptionInfo": b"x", "EncryptedPackage": b"x"}), "protected by a password"),
        (compound_file({"WordDocument": b"x", "1Table": b"x"}), r"old binary format \(\.doc\)"),
        (compound_file({"PowerPoint Document": b"x"}), "a presentation"),
        (compound_file({"VisioDocument": b"x"}), "Office file of an unknown"),
    ],
)
def test_what_cannot_be_read_says_what_it_is_and_what_to_do(content: bytes, said: str) -> None:
    with pytest.raises(BadInputError, match=said) as caught:
        read_document("bank.txt", content)
    assert caught.value.hint
    assert caught.value.title == "The document can't be read"


@pytest.mark.parametrize(("name", "content"), [("a.json", b'{"q": [1,'), ("a.yaml", b"q: [1,\nb: c\n")])
def test_a_broken_file_that_is_called_a_tree_says_where_it_breaks(name: str, content: bytes) -> None:
    with pytest.raises(BadInputError, match="line"):
        read_document(name, content)


def test_text_that_only_looks_like_json_is_text() -> None:
    assert read_document("a.txt", b'["Hello", she said.\nWhat now?').format == "text"


def test_a_file_above_the_limit_is_refused() -> None:
    with pytest.raises(BadInputError, match="larger than 20 MB"):
        read_document("a.txt", b"x" * 20_000_001)


def test_a_huge_file_on_disk_is_refused_without_being_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.txt"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    with at_most(1_000_000), pytest.raises(BadInputError, match="larger than 20 MB"):
        read_file(path)


def test_a_file_on_disk_is_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "题库.txt"
    path.write_bytes(text_file())
    assert read_file(path) == text_file()


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="can't be read"):
        read_file(tmp_path)
    with pytest.raises(BadInputError, match="can't be read"):
        read_file(tmp_path / "missing.txt")
    with pytest.raises(BadInputError, match="no file"):
        read_file(Path("/dev/null"))


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/题库.docx", "题库.docx"),
        ("C:\\Users\\x\\bank.txt", "bank.txt"),
        ("a\0b\n.txt", "ab.txt"),
        ("..", "document"),
        ("/", "document"),
        ("x" * 300 + ".txt", "x" * 251 + ".txt"),
    ],
)
def test_a_name_loses_its_path(given: str, kept: str) -> None:
    assert file_name(given) == kept


@pytest.mark.parametrize(
    ("content", "limits"),
    [
        ("题\n" * 1_001, Limits(lines=1_000)),
        ("题" * 1_001, Limits(characters=1_000)),
        ("题" * 1_001, Limits(line=1_000)),
    ],
)
def test_more_text_than_allowed_is_refused(content: str, limits: Limits) -> None:
    with pytest.raises(BadInputError, match=r"1,000"):
        read_document("a.txt", content.encode(), limits)


def test_controls_in_a_text_are_shown_not_dropped() -> None:
    assert read_document("a.txt", b"Question\x07 one?\nAnswer").lines[0].text == "Question\ufffd one?"


def test_a_page_is_read_in_the_encoding_it_states() -> None:
    html = '<html><head><meta charset="big5"></head><body><p>題庫'
    document = read_document("a.html", html.encode("big5"))
    assert [line.text for line in document.lines] == ["題庫"]
    assert document.encoding == "big5"


def test_mixed_encodings_are_named() -> None:
    document = read_document("a.txt", "一、行为面试题\n".encode() + "答案：先道歉，再核实".encode("gbk"))
    assert document.text == "一、行为面试题\n答案：先道歉，再核实"
    assert document.encoding == "utf-8 + gb18030"


def test_fifty_thousand_questions_are_read() -> None:
    content = "".join(f"{number}. 问题{number}？\n答案：好\n" for number in range(50_000)).encode("gb18030")
    assert len(read_document("a.txt", content).lines) == 100_000


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed documents are not here")
def test_the_seeds_are_read_line_by_line() -> None:
    for path in SEEDS.glob("*.txt"):
        document = read_document(path.name, read_file(path))
        assert (document.format, document.encoding) == ("text", "utf-8")
        assert document.text == path.read_bytes().decode().removesuffix("\n")
