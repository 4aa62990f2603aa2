import pytest

from app.documents.numerals import formatted, han, letters, roman


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (21, "二十一"),
        (101, "一百零一"),
        (110, "一百一十"),
        (1005, "一千零五"),
    ],
)
def test_chinese_numerals_are_written_as_they_are_read(number: int, text: str) -> None:
    assert han(number) == text


def test_letters_and_roman_numerals_go_on() -> None:
    assert [letters(number) for number in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    assert [roman(number, "I") for number in (1, 4, 9, 14, 40, 1994)] == [
        "I",
        "IV",
        "IX",
        "XIV",
        "XL",
        "MCMXCIV",
    ]


@pytest.mark.parametrize(
    ("form", "text"),
    [
        ("decimal", "12"),
        ("decimalZero", "12"),
        ("lowerLetter", "l"),
        ("upperRoman", "XII"),
        ("decimalEnclosedCircle", "⑫"),
        ("decimalEnclosedParen", "⑿"),
        ("decimalFullWidth", "１２"),
        ("chineseCounting", "十二"),
        ("chineseLegalSimplified", "壹拾贰"),
        ("ideographDigital", "一二"),
        ("ideographZodiac", "亥"),
        ("ideographTraditional", "12"),
        ("none", ""),
        ("unheard-of", "12"),
    ],
)
def test_number_formats_of_word_are_known(form: str, text: str) -> None:
    assert formatted(12, form) == text
