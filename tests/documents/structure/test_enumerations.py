import pytest

from app.documents.structure.enumerations import run_starts
from tests.documents.documents import questions_of, understood


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
