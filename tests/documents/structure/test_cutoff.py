import pytest

from tests.documents.documents import questions_of, reasons, understood

WHOLE = (
    "1. 你如何安排培训？\n答案：先调查需求。\n2. 你如何评估？\n答案：看成绩。\n"
    "3. 你如何选人？\n答案：看经验。\n"
)
LISTS = (
    "1. 你如何安排？\n答案要点：\n- 调查\n- 计划\n解析：考察条理。\n2. 你如何评估？\n答案要点：\n"
    "- 成绩\n解析：考察方法。\n"
    "3. 你如何选人？\n答案要点：\n- 经验\n解析：考察眼光。\n"
)


def _cut(text: str) -> list[str]:
    found = questions_of(understood(text))
    assert [q.incomplete for q in found] == ["cut-off" in reasons(q) for q in found]
    return [question.text for question in found if question.incomplete]


@pytest.mark.parametrize(
    "rest",
    [
        "4. 讲师来不了，你会怎么办？\n答案：先找替补，再",
        "4. 讲师来不了，你会怎么办？\n答案：先找替补，",
        "4. 讲师来不了，你会怎么办？\n答案：可以请（外部讲师",
        "4. 讲师来不了，你会怎么办？\n答案：",
        "4. 讲师来不了，你会怎",
    ],
)
def test_a_question_that_breaks_off_at_the_end_is_kept_as_incomplete(rest: str) -> None:
    [text] = _cut(WHOLE + rest)
    assert text.startswith("讲师来不了")


def test_a_list_that_lacks_what_all_others_go_on_with_is_cut_off() -> None:
    assert _cut(LISTS + "4. 你如何收尾？\n答案要点：\n- 总结\n- 必要时") == ["你如何收尾？"]


@pytest.mark.parametrize(
    "text", [WHOLE, LISTS, "1. 你好吗？", "1. 为什么来？\n- 近\n- 稳定\n2. 有何优点？\n- 守时"]
)
def test_whole_documents_have_nothing_cut_off(text: str) -> None:
    assert _cut(text) == []


def test_different_parts_in_the_last_question_do_not_make_it_incomplete() -> None:
    assert (
        _cut(
            "1. 甲是什么？\n要点：\n- 一\n2. 乙是什么？\n要点：\n- 二\n3. 丙是什么？\n要点：\n"
            "- 三\n4. 丁是什么？\n答案：就是丁。"
        )
        == []
    )


def test_the_rest_of_a_question_at_the_beginning_is_kept_as_incomplete() -> None:
    text = (
        "先稳住对方的情绪，再了解事情经过，最后给出办法。\n3. 你如何安排一天？\n"
        "答案：先列清单。\n4. 你怎么看加班？\n答案：看任务。"
    )
    assert _cut(text) == ["先稳住对方的情绪，再了解事情经过，最后给出办法。"]
    assert len(questions_of(understood(text))) == 3


def test_an_answer_without_its_question_at_the_beginning_is_kept_as_incomplete() -> None:
    text = "答案：先示范，再放手。\n2. 你如何安排一天？\n答案：先列清单。"
    first, _ = questions_of(understood(text))
    assert first.incomplete
    assert first.reference_answer == "先示范，再放手。"


def test_of_a_preview_whatever_lacks_a_full_stop_breaks_off() -> None:
    text = (
        "已阅读2页，还剩6页未读\n1. 甲怎么办？\n【要点】\n（1）先看\n2. 乙怎么办？\n【要点】\n（1）再叫上工程"
    )
    assert _cut(text) == ["乙怎么办？"]
    assert _cut(text.partition("\n")[2]) == []


def test_words_that_close_a_document_are_no_part_of_its_last_question() -> None:
    assert _cut(WHOLE + "—— 试题到此结束 ——") == []
