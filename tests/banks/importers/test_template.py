from app.banks.importers.structure import structure
from tests.banks.importers.documents import questions_of, row_document, understood


def _with_label(label: str, *, numbered: bool = True) -> str:
    item = "- " if numbered else ""
    behind = f"{label}\n{item}先切断电源，挂上警示牌\n{item}再查看报警记录"
    return "\n".join(f"{n}. 第{n}台设备停机了，你会怎么办？\n{behind}" for n in range(1, 5))


def test_a_word_that_stands_before_every_list_is_learned_as_the_label_of_points() -> None:
    for label in ("看什么：", "【看什么】"):
        assert [len(q.points) for q in questions_of(understood(_with_label(label)))] == [2, 2, 2, 2]


def test_a_word_before_prose_is_learned_as_the_label_of_answers() -> None:
    found = questions_of(understood(_with_label("师傅的话：", numbered=False)))
    assert [bool(q.reference_answer) and not q.points for q in found] == [True] * 4
    assert all("师傅的话" not in q.text for q in found)


def test_where_known_labels_are_used_none_are_learned() -> None:
    text = "\n".join(
        f"{n}. 第{n}台设备停机了，你会怎么办？\n答案要点：\n处理：\n- 切断电源\n- 查看记录"
        for n in range(1, 5)
    )
    assert [q.points[0].text for q in questions_of(understood(text))] == ["处理：切断电源"] * 4


def test_columns_with_unknown_headings_are_told_by_what_they_hold() -> None:
    result = structure(
        row_document(
            ("Nr", "Bereich", "Question", "Darauf achten"),
            ("1", "Safety", "What do you check first?", "gas; cables"),
            ("2", "Safety", "What do you do in a fire?", "alarm; exit"),
            ("3", "Quality", "How do you find a crack?", "dye test; light"),
            ("4", "Quality", "How do you report a crack?", "tag; tell the lead"),
        )
    )
    assert [(s.title, len(s.questions)) for s in result.sections] == [("Safety", 2), ("Quality", 2)]
    assert [len(q.points) for q in questions_of(result)] == [2, 2, 2, 2]
