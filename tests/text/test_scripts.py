"""The table of scripts."""

import re
import unicodedata

from app.text.scripts import MARKS, is_han, is_ideograph


def test_hanzi_of_every_plane_are_hanzi() -> None:
    assert all(map(is_ideograph, "中㐀𠀀豈"))
    assert not any(map(is_ideograph, "a，あ한1□"))


def test_radicals_and_signs_for_words_are_of_the_script_but_no_ideographs() -> None:
    assert all(map(is_han, "⼈々〇中"))
    assert not any(map(is_ideograph, "⼈々〇"))


def test_marks_are_the_combining_ones_of_scripts_that_have_their_own() -> None:
    held = re.compile(f"[{MARKS}]")
    for block in (range(0x590, 0x1AB0), range(0xA800, 0xAC00), range(0x10A00, 0x12000)):
        for character in map(chr, block):
            assert bool(held.match(character)) == unicodedata.category(character).startswith("M")
