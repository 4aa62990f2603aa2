import io
import struct
import zipfile

import pytest

from app.documents.readers.archive import packed, part_names, text_parts
from app.documents.readers.limits import LIMITS
from app.errors import BadInputError
from tests.documents.files import at_most, zipped


def everything(_: str) -> bool:
    return True


def test_only_wanted_parts_are_unpacked_and_packed_anew() -> None:
    archive = zipped({"word/document.xml": b"<a/>", "word/media/x.png": b"picture"})
    parts = text_parts(archive, lambda name: name.endswith(".xml"), LIMITS)
    assert parts == {"word/document.xml": b"<a/>"}
    assert part_names(packed(parts).getvalue()) == ["word/document.xml"]


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    archive = zipped({"word/document.xml": bytes(250_000_000)})
    with at_most(5_000_000), pytest.raises(BadInputError, match="unpacks to more than"):
        text_parts(archive, everything, LIMITS)


def test_a_small_file_may_not_unpack_to_a_hundred_times_its_size() -> None:
    with pytest.raises(BadInputError, match="more than 10 MB"):
        text_parts(zipped({"word/document.xml": bytes(30_000_000)}), everything, LIMITS)


def test_a_bomb_that_lies_about_its_size_stops_at_what_it_states() -> None:
    honest = zipped({"word/document.bin": bytes(100_000_000)})
    lying = honest.replace(struct.pack("<I", 100_000_000), struct.pack("<I", 1_000))
    with at_most(5_000_000), pytest.raises(BadInputError, match="damaged"):
        text_parts(lying, everything, LIMITS)


def test_archives_within_the_archive_stay_packed() -> None:
    inner = zipped({"bomb.xml": bytes(5_000_000)})
    parts = text_parts(
        zipped({"word/document.xml": b"<a/>", "word/embeddings/x.docx": inner}), everything, LIMITS
    )
    assert parts["word/embeddings/x.docx"] == inner


def test_unusual_compression_is_refused() -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("word/document.xml", b"<a/>")
    with pytest.raises(BadInputError, match="compressed in a way"):
        text_parts(target.getvalue(), everything, LIMITS)


def test_a_locked_archive_names_the_password() -> None:
    archive = bytearray(zipped({"xl/workbook.xml": b"<a/>"}))
    directory = archive.index(b"PK\x01\x02")
    archive[directory + 8] |= 1
    with pytest.raises(BadInputError, match="password"):
        text_parts(bytes(archive), everything, LIMITS)


def test_a_cut_archive_is_damaged() -> None:
    with pytest.raises(BadInputError, match="damaged or cut off"):
        part_names(zipped({"word/document.xml": b"<a/>" * 100})[:-30])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_any_encoding(encoding: str) -> None:
    xml = f'<?xml version="1.0" encoding="{encoding}"?><!-- x --><!DOCTYPE a [<!ENTITY b "bb">]><a>&b;</a>'
    with pytest.raises(BadInputError, match="declares entities"):
        text_parts(zipped({"word/document.xml": xml.encode(encoding)}), everything, LIMITS)
