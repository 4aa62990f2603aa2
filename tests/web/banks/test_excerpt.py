import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.draft import Span
from app.web.banks.excerpt import Piece, compared, in_sentence, source_lines, visible

LINE = "先问好。客户很生气，我先倾听，再道歉。最后跟进！"


def text_of(pieces: tuple[Piece, ...]) -> str:
    return "".join(piece.text for piece in pieces)


def marked(pieces: tuple[Piece, ...]) -> list[str]:
    return [piece.text for piece in pieces if piece.marked]


def test_a_place_is_shown_in_its_sentence() -> None:
    start = LINE.index("倾听")
    shown = in_sentence(LINE, start, start + 2, [Piece("聆听", True)])
    assert text_of(shown) == "客户很生气，我先聆听，再道歉。"
    assert marked(shown) == ["聆听"]


def test_a_very_long_sentence_is_cut_on_both_sides() -> None:
    line = "长" * 300 + "坏" + "长" * 300
    shown = text_of(in_sentence(line, 300, 301, [Piece("好", True)]))
    assert shown.startswith("…长")
    assert shown.endswith("长…")
    assert len(shown) == 183


def test_only_what_differs_is_marked() -> None:
    before, after = compared("，提供補償", "，提供补偿")
    assert (marked(before), marked(after)) == (["補償"], ["补偿"])


def test_texts_with_little_in_common_are_marked_as_a_whole() -> None:
    before, after = compared("銆傝繖", "。这")
    assert (marked(before), marked(after)) == (["銆傝繖"], ["。这"])


@given(st.text(max_size=60), st.text(max_size=60))
def test_comparing_loses_no_character(before: str, after: str) -> None:
    old, new = compared(before, after)
    assert text_of(old) == visible(before)
    assert text_of(new) == visible(after)


@pytest.mark.parametrize("unseen", ["\ue5e5", "\x00", "\ud800"])
def test_characters_no_font_has_are_shown_as_a_box(unseen: str) -> None:
    assert visible(f"a{unseen}b") == "a▯b"


def test_a_source_begins_and_ends_within_its_lines() -> None:
    lines = ["一、前言 1. 问题", "答案第一行", "答案末行 2. 下一题"]
    first, middle, last = source_lines(lines, Span(line=1, start=6, end_line=3, end=4))
    assert (first.lead, text_of(first.pieces), first.trail) == ("一、前言 1", ". 问题", "")
    assert text_of(middle.pieces) == "答案第一行"
    assert (text_of(last.pieces), last.trail) == ("答案末行", " 2. 下一题")


def test_doubtful_places_of_a_source_are_marked() -> None:
    [line] = source_lines(
        ["答案：补偿等"],
        Span(line=1, start=0, end_line=1, end=6),
        [Span(line=1, start=3, end_line=1, end=5)],
    )
    assert marked(line.pieces) == ["补偿"]


def test_a_very_long_source_is_cut() -> None:
    lines = ["x" * 500] * 100
    shown = source_lines(lines, Span(line=1, start=0, end_line=100, end=500))
    assert sum(len(text_of(line.pieces)) for line in shown) == 6000


def test_a_source_beyond_the_document_shows_what_there_is() -> None:
    assert len(source_lines(["one"], Span(line=1, start=0, end_line=9, end=3))) == 1
