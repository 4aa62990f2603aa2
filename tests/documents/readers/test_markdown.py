from app.documents.readers.markdown import markdown_lines


def shape(markdown: str) -> list[tuple[int, int, str, str]]:
    return [(line.heading, line.depth, line.marker, line.text) for line in markdown_lines(markdown)]


def test_headings_and_nested_lists_are_told_apart() -> None:
    assert shape("# 题库\n\n## 一、行为\n\n3. 问题\n   - 要点\n     1) 细节\n4. 又问\n") == [
        (1, 0, "", "题库"),
        (2, 0, "", "一、行为"),
        (0, 1, "3.", "问题"),
        (0, 2, "•", "要点"),
        (0, 3, "1.", "细节"),
        (0, 1, "4.", "又问"),
    ]


def test_bullets_indented_by_two_columns_are_nested_too() -> None:
    assert [(depth, marker) for _, depth, marker, _ in shape("1. 问\n  - 甲\n  - 乙\n2. 问")] == [
        (1, "1."),
        (2, "•"),
        (2, "•"),
        (1, "2."),
    ]


def test_line_ends_within_a_paragraph_stay() -> None:
    assert [text for *_, text in shape("答案：好\n解析：**行**\n    缩进的段落")] == [
        "答案：好",
        "解析：行",
        "缩进的段落",
    ]


def test_lines_of_a_wrapped_text_are_joined() -> None:
    words = "Describe a situation in which a customer was upset about a late parcel and say what you did then"
    wrapped = (
        "Describe a situation in which a\ncustomer was upset about a late\nparcel and say what you did then"
    )
    answer = "Answer: name the delay and give\na date that will hold whatever\nhappens and then follow it up"
    assert [text for *_, text in shape(f"{wrapped}\n\n{answer}")] == [words, answer.replace("\n", " ")]


def test_a_table_becomes_rows_and_html_is_read() -> None:
    lines = list(
        markdown_lines("| 题目 | 答案 |\n|---|---|\n| 问 | 一<br>二 |\n\n<div>块</div>\n<script>x</script>")
    )
    assert [line.cells for line in lines] == [("题目", "答案"), ("问", "一\n二"), ()]
    assert lines[-1].text == "块"


def test_front_matter_is_kept_as_lines_and_is_no_heading() -> None:
    assert shape("---\ntitle: 题库\n---\n正文") == [(0, 0, "", "title: 题库"), (0, 0, "", "正文")]


def test_code_keeps_its_lines() -> None:
    assert [text for *_, text in shape("```\na = 1\n  b\n```")] == ["a = 1", "  b"]


def test_deep_quotations_are_read() -> None:
    assert [text for *_, text in shape("> " * 30 + "深")] == ["深"]
