from app.documents.structure.structure import structure
from tests.documents.documents import questions_of, row_document, understood


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


def _counted(opening: str, count: int = 4) -> str:
    return "\n".join(
        f"{opening.format(n)}　第{n}台泵漏油，你先看哪里？\n"
        "照这样说：先关阀门再擦干净，等一刻钟看从哪里渗出来。\n"
        "听什么：\n◇先关阀门\n◇再找漏点"
        for n in range(1, count + 1)
    )


def test_counted_words_behind_an_ornament_begin_questions_with_learned_answers_and_points() -> None:
    for opening in ("▼第{}回", "◈情境{}：", "⬥ 场次{} -"):
        found = questions_of(understood("泵房面试\n\n" + _counted(opening)))
        assert [q.text for q in found] == [f"第{n}台泵漏油，你先看哪里？" for n in range(1, 5)]
        assert [[point.text for point in q.points] for q in found] == [["先关阀门", "再找漏点"]] * 4
        assert all((q.reference_answer or "").startswith("先关阀门再") for q in found)


def test_the_rarer_ornament_before_questions_opens_sections() -> None:
    text = f"泵房面试\n\n▣日常巡检\n{_counted('▼第{}回', 3)}\n\n▣紧急抢修\n{_counted('▼第{}回', 3)}"
    assert [section.title for section in understood(text).sections] == ["日常巡检", "紧急抢修"]


def test_of_two_unknown_labels_before_lists_the_second_is_left_to_a_person() -> None:
    text = "\n".join(
        f"{n}. How would you move piano number {n} upstairs?\n"
        "Go signs:\n- measures the stairs\n- pads the corners\n"
        "No-go signs:\n- drags it"
        for n in range(1, 5)
    )
    found = questions_of(understood(text))
    assert [len(q.points) for q in found] == [2] * 4
    assert [[flag.text for flag in q.flags] for q in found] == [["drags it"]] * 4


def test_follow_ups_that_ask_begin_no_question_where_questions_are_numbered() -> None:
    text = "\n".join(
        f"{n}. 第{n}台泵漏油，你先看哪里？\n答案：先关阀门，再擦干净找漏点。\n◈要是阀门也关不上呢？"
        for n in range(1, 5)
    )
    assert len(questions_of(understood(text))) == 4
