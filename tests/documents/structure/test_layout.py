from app.documents.structure.structure import structure
from tests.documents.documents import line_document, questions_of, understood


def test_a_bare_sentence_that_asks_between_numbered_questions_is_the_answers() -> None:
    blocks = [f"{n}. 第{n}班交接你会怎么做？\n我先核对设备，再签字。" for n in range(1, 6)]
    blocks[3] += "\n我常问自己，还有什么没有交代清楚？\n问完再走。"
    found = questions_of(understood("\n".join(blocks)))
    assert len(found) == 5
    assert "还有什么没有交代清楚？" in (found[3].reference_answer or "") + found[3].text


def test_behind_a_heading_a_sentence_that_asks_belongs_to_the_answer() -> None:
    lines = [("班组长面试", 1, 0, "")]
    for n in range(1, 5):
        lines += [(f"第{n}次延误，你怎么跟乘客解释？", 2, 0, ""), ("先道歉，再讲清原因。", 0, 0, "")]
    lines.append(("最后我会问自己：下一次能不能更早说？", 0, 0, ""))
    found = questions_of(structure(line_document(*lines)))
    assert [q.text for q in found] == [f"第{n}次延误，你怎么跟乘客解释？" for n in range(1, 5)]
    assert (found[-1].reference_answer or "").endswith("更早说？")
