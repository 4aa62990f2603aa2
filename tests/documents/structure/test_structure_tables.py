"""Sheets, trees and documents with per-point marks."""

import json

from app.documents.document import Document, DocumentLine
from app.documents.readers.limits import Limits
from app.documents.readers.yaml_json import tree_lines
from app.documents.structure.structure import structure
from tests.documents.documents import questions_of, reasons, row_document, understood


def _tree_document(tree: object) -> Document:
    lines = [
        DocumentLine(line.text, number, depth=line.depth, marker=line.marker)
        for number, line in enumerate(tree_lines(json.loads(json.dumps(tree)), Limits()), 1)
    ]
    return Document("bank.json", "json", tuple(lines))


def test_the_header_row_says_what_the_columns_hold() -> None:
    result = structure(
        row_document(
            ("序号", "题型", "题目", "参考答案", "评分要点", "分值", "难度", "能力"),
            (
                "1",
                "行为",
                "请讲一次超额完成任务的经历。",
                "提前两周交付。",
                "1.讲目标；2.说做法；3.给结果",
                "10",
                "中等",
                "执行力",
            ),
            (
                "2",
                "情景",
                "供应商延期怎么办？",
                "先确认交期。",
                "确认交期\n备选；通知(4分)",
                "10",
                "难",
                "应变、沟通",
            ),
            ("", "", "", "", "补充：记录原因", "", "", ""),
        )
    )
    first, second = questions_of(result)
    assert (first.kind, first.difficulty, first.max_score) == ("behavioural", "medium", 10)
    assert [point.text for point in first.points] == ["讲目标", "说做法", "给结果"]
    assert (second.kind, second.difficulty) == ("situational", "hard")
    assert [(p.text, p.weight) for p in second.points] == [
        ("确认交期", 2),
        ("备选", 2),
        ("通知", 4),
        ("补充：记录原因", 2),
    ]
    assert [c.title for c in result.competencies] == ["执行力", "应变", "沟通"]
    assert second.competencies == [c.id for c in result.competencies[1:]]


def test_a_title_row_and_a_section_column_are_understood() -> None:
    result = structure(
        row_document(
            ("Question bank for welders", "", ""),
            ("Section", "Question", "Key points"),
            ("Safety", "What do you check before welding?", "gas bottle; cables"),
            ("Safety", "What would you do if a colleague is hurt?", "stop work; first aid"),
            ("Quality", "How do you find a crack?", "dye test"),
        )
    )
    assert (result.title, result.role) == ("Question bank for welders", "welders")
    assert [(s.title, len(s.questions)) for s in result.sections] == [("Safety", 2), ("Quality", 1)]


def test_columns_without_a_header_are_told_by_what_they_look_like() -> None:
    found = questions_of(
        structure(
            row_document(
                ("你为什么想做司机？", "喜欢开车，也熟悉本地的路。"),
                ("如何检查车况？", "看胎压、机油和灯光。"),
            )
        )
    )
    assert [q.reference_answer for q in found] == ["喜欢开车，也熟悉本地的路。", "看胎压、机油和灯光。"]


def test_a_form_of_labels_and_values_is_understood() -> None:
    found = questions_of(
        structure(
            row_document(
                ("题目", "你怎么安排夜班？"),
                ("参考答案", "先看人手。"),
                ("题目", "你怎么看待迟到？"),
                ("参考答案", "先问原因。"),
            )
        )
    )
    assert [(q.text, q.reference_answer) for q in found] == [
        ("你怎么安排夜班？", "先看人手。"),
        ("你怎么看待迟到？", "先问原因。"),
    ]


def test_unknown_columns_are_flagged_not_lost() -> None:
    [question] = questions_of(
        structure(row_document(("题目", "答案", "出处"), ("什么是公差？", "允许的变动量。", "教材第三章")))
    )
    assert [(flag.reason, flag.text) for flag in question.flags] == [("not-understood", "教材第三章")]


def test_a_row_s_points_stand_in_its_line() -> None:
    document = row_document(("题目", "评分要点"), ("什么是公差？", "允许的变动量；有上下限"))
    [question] = questions_of(structure(document))
    for point in question.points:
        assert point.span is not None
        assert document.lines[point.span.line - 1].text[point.span.start : point.span.end] == point.text


def test_the_keys_of_a_tree_say_what_its_values_are() -> None:
    result = structure(
        _tree_document(
            {
                "title": "Baker interview",
                "role": "Baker",
                "sections": [
                    {
                        "title": "Bread",
                        "questions": [
                            {
                                "id": "q1",
                                "text": "How do you proof dough?",
                                "points": [
                                    {"text": "warm place", "weight": 2},
                                    {"text": "cover it", "weight": 3},
                                ],
                                "max_score": 5,
                            },
                            {
                                "id": "q2",
                                "text": "Why did you become a baker?",
                                "reference_answer": "I love it.",
                            },
                        ],
                    },
                    {"title": "Cakes", "questions": ["What is a sponge?", "How do you whip cream?"]},
                ],
            }
        )
    )
    assert (result.title, result.role) == ("Baker interview", "Baker")
    assert [(s.title, len(s.questions)) for s in result.sections] == [("Bread", 2), ("Cakes", 2)]
    first, second, *_ = questions_of(result)
    assert [(p.text, p.weight) for p in first.points] == [("warm place", 2), ("cover it", 3)]
    assert first.max_score == 5
    assert second.reference_answer == "I love it."


def test_a_list_of_objects_and_a_map_from_questions_to_answers_are_trees_too() -> None:
    listed = structure(_tree_document([{"题目": "你如何做计划？", "答案": "先定目标。", "难度": "难"}]))
    [question] = questions_of(listed)
    assert (question.text, question.reference_answer, question.difficulty) == (
        "你如何做计划？",
        "先定目标。",
        "hard",
    )
    mapped = structure(_tree_document({"你为什么来？": "因为近。", "你有什么优点？": "守时。"}))
    assert [(q.text, q.reference_answer) for q in questions_of(mapped)] == [
        ("你为什么来？", "因为近。"),
        ("你有什么优点？", "守时。"),
    ]


def test_marks_of_points_become_weights_and_their_sum_the_question_s() -> None:
    [question] = questions_of(
        understood(
            "Q1: How do you handle a spill?\nKey points:\n- closes the area (2 marks)\n- cleans up (6 marks)"
        )
    )
    assert [(p.text, p.weight) for p in question.points] == [("closes the area", 2), ("cleans up", 6)]
    assert question.max_score == 8


def test_marks_of_points_that_make_another_sum_are_flagged() -> None:
    [question] = questions_of(
        understood("1. 如何做好晨检？（10分）\n评分标准：\n（1）查看健康证（4分）\n（2）测量体温（4分）")
    )
    assert (question.text, question.max_score) == ("如何做好晨检？", 10)
    assert reasons(question) == ["count-disagrees"]


def test_notes_in_brackets_give_difficulty_and_kind() -> None:
    [question] = questions_of(understood("1.【情景题】（难）顾客晕倒了，你怎么办？（5分）\n答案：先呼救。"))
    assert question.text == "顾客晕倒了，你怎么办？"
    assert (question.kind, question.difficulty, question.max_score) == ("situational", "hard", 5)


def test_brackets_that_belong_to_the_question_stay() -> None:
    [question] = questions_of(understood("1. 你对公司（或这个职位）有什么期待（请具体说明）？\n答案：成长。"))
    assert question.text == "你对公司（或这个职位）有什么期待（请具体说明）？"
