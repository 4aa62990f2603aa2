import pytest

from app.documents.list_markers import read_marker, run_starts
from app.documents.numerals import han_number, number_in, read_number
from tests.documents.documents import questions_of, understood


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("1.请", "arabic", 1),
        ("12、请", "arabic", 12),
        ("１．请", "arabic", 1),
        ("3) how", "half", 3),
        ("（4）请", "bracket", 4),
        ("【5】请", "bracket", 5),
        ("十二、请", "han", 12),
        ("貳、请", "formal", 2),
        ("（三）请", "han-bracket", 3),
        ("②请", "circled", 2),
        ("IV. how", "roman", 4),
        ("B. how", "letter", 2),
        ("2.3 how", "dotted", 3),
        ("#7 how", "arabic", 7),
        ("- how", "bullet", 0),
        ("•how", "bullet", 0),
    ],
)
def test_markers_of_every_style_are_read(text: str, style: str, number: int) -> None:
    marker = read_marker(text)
    assert marker is not None
    assert (marker.style, marker.number) == (style, number)
    assert text[marker.end :] in ("请", "how")


@pytest.mark.parametrize(
    "text", ["1.5倍", "2-3个方案", "2026年", "--- x", "-5 度", "I think so", "一般来说", "3个", "A good"]
)
def test_numbers_and_words_of_running_text_are_no_markers(text: str) -> None:
    assert read_marker(text) is None


@pytest.mark.parametrize(
    ("raw", "value"),
    [("8", 8), ("2.5", 2.5), ("八", 8), ("二十三", 23), ("一百零五", 105), ("five", 5), ("IV", 4)],
)
def test_numerals_are_read(raw: str, value: float) -> None:
    assert read_number(raw, {"five": 5}) == value


def test_what_is_no_numeral_is_none() -> None:
    assert read_number("many", {}) is None
    assert han_number("") is None


@pytest.mark.parametrize(
    ("words", "number"), [("第三题", 3), ("Question 12", 12), ("Part B", 2), ("Part IV", 4), ("题目", 0)]
)
def test_the_number_in_a_marker_of_words_is_found(words: str, number: int) -> None:
    assert number_in(words) == number


@pytest.mark.parametrize("text", ["[ ] 看土", "[x] 看土", "- [ ] 看土", "☐看土", "□ 看土", "✓ 看土"])
def test_a_box_to_tick_is_a_marker(text: str) -> None:
    marker = read_marker(text)
    assert marker is not None
    assert text[marker.end :] == "看土"


@pytest.mark.parametrize("text", ["[x](https://example.org)", "[2] 看土", "[备注] 看土"])
def test_links_numbers_and_words_in_brackets_are_no_boxes(text: str) -> None:
    marker = read_marker(text)
    assert marker is None or marker.number == 2


@pytest.mark.parametrize(
    "text",
    [
        "先看①关掉总阀②擦干接口③等一刻钟",
        "steps (1) shut the valve (2) dry the joint (3) wait",
        "先1、关掉总阀2、擦干接口3、等一刻钟",
    ],
)
def test_numbers_that_count_up_inside_a_line_begin_items(text: str) -> None:
    assert len(list(run_starts(text))) == 3


@pytest.mark.parametrize(
    "text", ["见①②③三张图", "按(2)和(5)办理，再看(1)", "共有1.5、2.5和3.5三种", "先①关阀②擦干"]
)
def test_other_numbers_begin_none(text: str) -> None:
    assert list(run_starts(text)) == []


def test_questions_that_run_on_in_one_line_are_parted_and_closing_words_stay_out() -> None:
    text = (
        "后天面水电工 先发你看①你会不会看图纸 平时用什么软件②水管半夜爆了你怎么处理③业主说你弄坏了地板怎么说"
        "④工具你自己有哪些⑤能不能接受出差\n先这些吧 别的到时候再聊 辛苦你了"
    )
    structured = understood(text)
    found = questions_of(structured)
    assert [q.text for q in found][3:] == ["工具你自己有哪些", "能不能接受出差"]
    assert len(found) == 5
    assert not any(q.reference_answer for q in found)
    assert any("先这些吧" in flag.text for flag in structured.flags)
