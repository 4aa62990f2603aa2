import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.fold import fold, words


@pytest.mark.parametrize(
    ("source", "folded"),
    [
        ("ＡＢＣ１２３", "abc123"),
        ("繼續服務", "继续服务"),
        ("  多个\t空白\n\n合一  ", "多个 空白 合一"),
        ("零\u200b宽\u202e方向", "零宽方向"),
        ("caf\u0065\u0301", "café"),
        ("ﬁne", "fine"),
        ("\ud800坏", "坏"),
        ("", ""),
    ],
)
def test_spellings_of_the_same_words_fold_to_the_same_text(source: str, folded: str) -> None:
    assert fold(source).text == folded


@given(st.text())
def test_every_folded_character_points_into_the_source(source: str) -> None:
    folded = fold(source)
    assert len(folded.spans) == len(folded.text)
    assert all(0 <= start < end <= len(source) for start, end in folded.spans)
    assert [start for start, _ in folded.spans] == sorted(start for start, _ in folded.spans)


@given(st.text())
def test_what_is_folded_is_not_folded_again(source: str) -> None:
    folded = fold(source)
    assert fold(folded) is folded
    assert words(folded) == words(source)
