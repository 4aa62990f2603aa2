from app.documents.document import Document, DocumentLine
from app.documents.structure.structure import structure
from tests.documents.documents import questions_of, reasons, row_document


def _with_tables(*rows: tuple[str, str]) -> Document:
    """Three questions, each with a table of these rows under it."""
    lines: list[DocumentLine] = []
    for n in range(1, 4):
        lines.append(DocumentLine(f"第{n}号电梯停在半层，你怎么办？", 0))
        lines += [DocumentLine("\t".join(row), 0, cells=row) for row in rows]
    return Document("bank.docx", "docx", tuple(_numbered(lines)))


def _numbered(lines: list[DocumentLine]) -> list[DocumentLine]:
    return [DocumentLine(line.text, n, cells=line.cells) for n, line in enumerate(lines, 1)]


def test_a_table_under_each_question_gives_points_and_what_is_examined() -> None:
    found = questions_of(
        structure(_with_tables(("考察点", "镇定"), ("参考要点", "先安抚乘客\n再切断电源\n报告值班长")))
    )
    assert [[p.text for p in q.points] for q in found] == [["先安抚乘客", "再切断电源", "报告值班长"]] * 3
    assert [q.examines for q in found] == ["镇定"] * 3


def test_marks_are_read_from_a_standard_and_the_rest_of_it_is_left_to_a_person() -> None:
    rows = (("参考要点", "先安抚乘客\n再切断电源"), ("评分标准", "满分12分。没切断电源的最多给3分。"))
    found = questions_of(structure(_with_tables(*rows)))
    assert [(q.max_score, len(q.points)) for q in found] == [(12, 2)] * 3
    assert all("not-understood" in reasons(q) for q in found)


def test_a_list_behind_an_unknown_label_is_points_where_no_other_row_is() -> None:
    found = questions_of(
        structure(_with_tables(("考察点", "镇定"), ("难度", "中"), ("听这些", "先安抚\n再断电")))
    )
    assert [len(q.points) for q in found] == [2] * 3


def test_columns_with_a_counter_are_points_and_competencies_in_runs_are_sections() -> None:
    header = ("Competency", "Question", "Signal A", "Signal B", "Max score")
    rows = [
        (area, f"How do you check gauge {n}?", f"reads gauge {n}", f"logs value {n}", "4")
        for area in ("Tools", "Records")
        for n in range(1, 4)
    ]
    structured = structure(row_document(header, *rows))
    assert [section.title for section in structured.sections] == ["Tools", "Records"]
    assert [len(q.points) for q in questions_of(structured)] == [2] * 6
    assert [c.title for c in structured.competencies] == ["Tools", "Records"]
