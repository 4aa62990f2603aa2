import pytest

from app.documents.readers.limits import LIMITS
from app.documents.readers.plain_text import clean_text, delimiter_of, table_lines, text_lines
from app.errors import BadInputError


def cells(text: str) -> list[tuple[str, ...]]:
    return [line.cells for line in table_lines(text, LIMITS)]


def test_lines_stay_as_they_are_whatever_ends_them() -> None:
    assert [line.text for line in text_lines("一\r\n\r\n  二\r三\u2028四\f五\n")] == [
        "一",
        "",
        "  二",
        "三",
        "四",
        "五",
    ]


def test_marks_of_files_are_no_text() -> None:
    assert clean_text("\ufeff一\n\ufeff二\x1a") == "一\n二"


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("题目,答案\n问,答\n", ","),
        ("题目;答案\n问，甲, 乙;答\n又, 问;答", ";"),
        ("题目\t答案\n一,二\t三\n", "\t"),
        ("a|b|c\n1|2|3\n", "|"),
        ('question,answer\n"one; two; three","yes, really"\n"four; five; six",no\n', ","),
        ("没有分隔符\n第二行", ""),
    ],
)
def test_the_delimiter_is_found(text: str, delimiter: str) -> None:
    assert delimiter_of(text) == delimiter


def test_a_stated_delimiter_is_used() -> None:
    assert cells("sep=;\na,b;c\n") == [("a,b", "c")]


def test_quoted_fields_hold_delimiters_and_line_ends() -> None:
    assert cells('题目,答案\r\n"问,一","甲\r\n乙""丙"""\r\n,\r\n') == [
        ("题目", "答案"),
        ("问,一", '甲\n乙"丙"'),
    ]


def test_a_quotation_mark_that_is_never_closed_is_reported() -> None:
    with pytest.raises(BadInputError, match="field larger than field limit"):
        cells('a,b\n"' + "x" * 10_000_000)


def test_a_row_may_have_any_width() -> None:
    assert cells("a,b,c\n1\n2,,\n") == [("a", "b", "c"), ("1",), ("2",)]
