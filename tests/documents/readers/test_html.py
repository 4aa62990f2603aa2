import pytest

from app.documents.document import DocumentLine
from app.documents.readers.html import html_lines
from app.errors import BadInputError


def texts(html: str) -> list[str]:
    return [line.text for line in html_lines(html)]


def shape(html: str) -> list[tuple[int, str, str]]:
    return [(line.depth, line.marker, line.text) for line in html_lines(html)]


def test_headings_keep_their_level_and_stay_one_line() -> None:
    lines = list(html_lines("<h1>客服<br>题库</h1><h3>行为 <b>面试</b></h3><p>正文"))
    assert [(line.heading, line.text) for line in lines] == [(1, "客服 题库"), (3, "行为 面试"), (0, "正文")]


def test_ordered_lists_are_counted_as_a_browser_does() -> None:
    html = (
        '<ol start="3"><li>c<li>d<li value="9">i<li>j</ol><ol type="a"><li>x</ol><ol type="I"><li>y<li>z</ol>'
    )
    assert [line.marker for line in html_lines(html)] == ["3.", "4.", "9.", "10.", "a.", "I.", "II."]


def test_nested_lists_have_depth_and_later_paragraphs_no_marker() -> None:
    html = "<ol><li><p>安抚<p>再核实<ul><li>道歉<li>倾听</ul><li>回访</ol><p>完"
    assert shape(html) == [
        (1, "1.", "安抚"),
        (1, "", "再核实"),
        (2, "•", "道歉"),
        (2, "•", "倾听"),
        (1, "2.", "回访"),
        (0, "", "完"),
    ]


def test_table_rows_keep_their_columns_where_cells_span() -> None:
    html = """<table><tr><th>部分<th>题目<th>答案</tr>
        <tr><td rowspan=2>行为<td>一<td><p>好<p>很好</tr><tr><td>二<td>行</tr>
        <tr><td colspan=2>合计<td>2</tr><tr><td><td></tr></table>"""
    lines = list(html_lines(html))
    assert [line.cells for line in lines] == [
        ("部分", "题目", "答案"),
        ("行为", "一", "好\n很好"),
        ("", "二", "行"),
        ("合计", "", "2"),
    ]
    assert lines[1] == DocumentLine("行为\t一\t好\n很好", 0, cells=("行为", "一", "好\n很好"))


def test_lists_in_cells_keep_their_markers() -> None:
    (line,) = html_lines("<table><tr><td>问<td><ol><li>甲<li>乙</ol></table>")
    assert line.cells == ("问", "1. 甲\n2. 乙")


def test_tables_that_lay_out_a_page_are_no_rows() -> None:
    inner = "<table><tr><td>问<td>答</table>"
    html = f"<table><tr><td><h2>题库</h2><p>一<td>{inner}</table><table><tr><td>单</table>"
    lines = list(html_lines(html))
    assert [(line.text, bool(line.cells)) for line in lines] == [
        ("题库", False),
        ("一", False),
        ("问\t答", True),
        ("单", False),
    ]


def test_scripts_styles_navigation_and_readings_are_left_out() -> None:
    html = """<head><title>t</title></head><nav>首页</nav><script>x</script><style>y</style><!-- z -->
        <p><ruby>漢<rt>hàn</rt>字<rp>(</rp><rt>zì</rt></ruby><button>分享</button>"""
    assert texts(html) == ["漢字"]


def test_hidden_answers_are_read() -> None:
    assert texts('<p>问？<div style="display:none">答案：好</div>') == ["问？", "答案：好"]


def test_line_ends_in_the_source_are_no_line_ends_of_the_text() -> None:
    assert texts("<p>第一行\n  第二行\nand more\n  words&nbsp;here") == ["第一行第二行 and more words here"]


def test_preformatted_text_keeps_lines_and_indentation() -> None:
    assert texts("<pre>一\n  二\n\n三</pre>") == ["一", "  二", "三"]


def test_a_break_begins_a_new_line() -> None:
    assert texts("题目<br>答案：<br><br>好") == ["题目", "答案：", "好"]


def test_bad_markup_is_read_like_a_browser_reads_it() -> None:
    assert texts("<p>一</b></td><p>二<li>三</ul></li><table><tr>四") == ["一", "二", "三", "四"]


def test_elements_nested_too_deep_are_refused_at_once() -> None:
    with pytest.raises(BadInputError, match="nests more than 5,000"):
        list(html_lines("<div>" * 1_000_000))


def test_a_thousand_nested_elements_are_read() -> None:
    assert texts("<div>" * 1000 + "深" + "</div>" * 1000) == ["深"]


def test_many_unclosed_paragraphs_are_not_nested() -> None:
    assert len(texts("<p>题<br>" * 20_000)) == 20_000
