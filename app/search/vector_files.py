"""The files hnswlib keeps vectors in: cut short, they crash the process that reads them."""

import struct
from pathlib import Path

# The head of `header.bin`: format version, offset, room and number of vectors, bytes a vector takes.
_HEAD = struct.Struct("<iQQQQ")
_KNOWN_VERSION = 1
_LENGTH_BYTES = 4


def cut_short(folder: Path) -> Path | None:
    """A file below the folder that holds less than its header promises, as after a power cut; else None.

    Headers of an unknown format version are left to Chroma to judge.
    """
    for header in folder.rglob("header.bin"):
        head = header.read_bytes()[: _HEAD.size]
        if len(head) < _HEAD.size:
            return header
        version, _, _, count, each = _HEAD.unpack(head)
        if version != _KNOWN_VERSION:
            continue
        for name, size in (("data_level0.bin", count * each), ("length.bin", count * _LENGTH_BYTES)):
            file = header.with_name(name)
            if not file.exists() or file.stat().st_size < size:
                return file
    return None
