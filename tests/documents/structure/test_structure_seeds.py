"""The two documents beside the repository, through the whole import; skipped where they are absent."""

from pathlib import Path

import pytest

from app.documents.draft import Draft
from tests.documents.documents import reasons

SEEDS = Path(__file__).resolve().parents[4] / "shared" / "seeds"
NO_FURNITURE = ("下载", "本站", "VIP精品", "评论", "第PAGE", "相关文档", "文库", "版权", "已阅读")


def _import_seed(prefix: str) -> Draft:
    from app.documents.importing import import_document

    found = sorted(SEEDS.glob(f"{prefix}*")) if SEEDS.is_dir() else []
    if not found:
        pytest.skip("the seeds are not beside this repository")
    return import_document(found[0].name, found[0].read_bytes())


def test_the_run_on_seed_imports_completely() -> None:
    draft = _import_seed("000")
    assert [len(section.questions) for section in draft.sections] == [4, 4, 4, 4, 3]
    questions = [question for _, question in draft.questions()]
    assert all(question.reference_answer for question in questions)
    assert [question.incomplete for question in questions] == [False] * 18 + [True]
    assert [question.key for question in questions if "cut-off" in reasons(question)] == [questions[-1].key]
    assert draft.role
    assert draft.language == "zh-CN"
    assert {question.max_score for question in questions} == {None}
    _assert_no_furniture(draft)


def test_the_nested_list_seed_imports_completely() -> None:
    draft = _import_seed("001")
    assert [len(section.questions) for section in draft.sections] == [5, 3]
    questions = [question for _, question in draft.questions()]
    assert {question.max_score for question in questions} == {8}
    assert [question.incomplete for question in questions] == [False] * 7 + [True]
    assert [len(question.points) for question in questions] == [6, 8, 6, 6, 5, 6, 6, 6]
    assert all(question.examines for question in questions[:-1])
    assert [flag.reason for flag in draft.flags] == ["count-disagrees"]
    _assert_no_furniture(draft)


def _assert_no_furniture(draft: Draft) -> None:
    for section, question in draft.questions():
        texts = [section.title, question.text, question.reference_answer or "", question.examines or ""]
        for text in [draft.title, *texts, *(point.text for point in question.points)]:
            assert not any(word in text for word in NO_FURNITURE)
