"""The import eval's documents say what their truths say, and the splits are kept apart. The importer reads
nothing here: a truth may not depend on it."""

import html
import re
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from openpyxl import load_workbook
from pydantic import ValidationError

from app.text.fold import words
from evals.importing.__main__ import our_cases
from evals.importing.damage import damage
from evals.importing.metrics import Misses, Share, Structure
from evals.importing.running import Figures, Outcome
from evals.importing.table import table
from evals.importing.truth import DOCUMENTS, SEEDS, Truth, truths

_TOTAL = re.compile(r"总分：(\d+)分")
_SENTENCE_END = re.compile(r"(?<=[。？！])")


def held_out() -> list[Truth]:
    return [truth for truth in truths(DOCUMENTS) if truth.split == "held-out"]


def letters(truth: Truth) -> str:
    """The folded letters of a document, read by the plainest means there are."""
    path = DOCUMENTS / truth.document
    match path.suffix:
        case ".docx":
            document = Document(str(path))
            cells = [cell.text for each in document.tables for row in each.rows for cell in row.cells]
            return words("\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))
        case ".xlsx":
            sheets = load_workbook(path).worksheets
            values = [str(value) for sheet in sheets for row in sheet.values for value in row]
            return words("\n".join([*(sheet.title for sheet in sheets), *values]))
        case ".pdf":
            with pypdfium2.PdfDocument(path) as pages:
                return words("\n".join(page.get_textpage().get_text_range() for page in pages))
        case ".html":
            return words(html.unescape(re.sub(r"<[^>]*>", "\n", path.read_text(encoding="utf-8"))))
        case _:
            return words(path.read_text(encoding="utf-8"))


def written(truth: Truth) -> Iterator[str]:
    """Everything that a truth says its document holds; answers by the sentence, pages may part them."""
    for section in truth.sections:
        if section.title is not None:
            yield section.title.clear
        for question in section.questions:
            yield question.text.clear
            yield from (point.text.clear for point in question.points)
            yield from (point.under.clear for point in question.points if point.under is not None)
            if question.examines is not None:
                yield question.examines.clear
            if question.answer is not None:
                parts = (question.answer.whole, question.answer.opens, question.answer.closes)
                for part in filter(None, parts):
                    yield from filter(None, _SENTENCE_END.split(part.clear))


def shingles(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


class TestHeldOut:
    def test_there_are_eight_of_five_to_eight_questions(self) -> None:
        counts = [sum(len(section.questions) for section in truth.sections) for truth in held_out()]
        assert len(counts) == 8
        assert all(5 <= count <= 8 for count in counts)

    @pytest.mark.parametrize("truth", held_out(), ids=lambda truth: truth.document)
    def test_the_document_holds_every_word_of_its_truth(self, truth: Truth) -> None:
        text = letters(truth)
        assert [part for part in written(truth) if words(part) not in text] == []

    @pytest.mark.parametrize("truth", held_out(), ids=lambda truth: truth.document)
    def test_the_points_marks_add_up_to_the_question_s(self, truth: Truth) -> None:
        for section in truth.sections:
            for question in section.questions:
                marks = [point.marks for point in question.points if point.marks is not None]
                assert not marks or sum(marks) == question.marks

    def test_the_questions_marks_add_up_to_the_total_that_a_document_states(self) -> None:
        stating = []
        for truth in held_out():
            path = DOCUMENTS / truth.document
            stated = _TOTAL.search(path.read_text(encoding="utf-8")) if path.suffix == ".txt" else None
            if stated is not None:
                marks = [question.marks for section in truth.sections for question in section.questions]
                stating.append((sum(filter(None, marks)), float(stated[1])))
        assert stating
        assert all(sum_of_marks == total for sum_of_marks, total in stating)

    def test_only_the_last_question_of_a_document_is_cut_off(self) -> None:
        cut = [
            [question.incomplete for section in truth.sections for question in section.questions]
            for truth in held_out()
        ]
        assert sum(map(any, cut)) == 1
        assert not any(incomplete for document in cut for incomplete in document[:-1])

    def test_they_are_of_many_kinds_and_three_languages(self) -> None:
        suffixes = [Path(truth.document).suffix for truth in held_out()]
        assert sorted(suffixes) == [".docx", ".html", ".html", ".md", ".pdf", ".txt", ".txt", ".xlsx"]
        assert {truth.language for truth in held_out()} == {"zh-CN", "zh-TW", "en"}

    def test_no_question_is_asked_in_two_documents(self) -> None:
        asked = [
            (truth.document, question.text)
            for truth in truths(DOCUMENTS)
            for section in truth.sections
            for question in section.questions
        ]
        for (one, first), (other, second) in combinations(asked, 2):
            length = min(len(first.letters), len(second.letters)) // 2
            shared = shingles(first.letters, length) & shingles(second.letters, length)
            assert one == other or not shared

    def test_a_damaged_one_differs_from_its_clean_form_and_is_there_in_both(self) -> None:
        damaging = [truth for truth in held_out() if truth.damage]
        assert damaging
        seen = {how.seed for truth in truths(DOCUMENTS) if truth.split == "seen" for how in truth.damage}
        for truth in damaging:
            clean = (DOCUMENTS / truth.document).read_text(encoding="utf-8")
            for how in truth.damage:
                assert how.seed not in seen
                assert damage(clean, **how.model_dump()).runs


class TestSplits:
    def test_the_seeds_are_neither_seen_nor_held_out_documents(self) -> None:
        assert {truth.split for truth in truths(SEEDS)} == {"seed"}
        assert {truth.split for truth in truths(DOCUMENTS)} == {"seen", "held-out"}

    def test_a_held_out_document_is_read_on_request_only(self) -> None:
        assert {case.truth.split for case in our_cases(held_out=False)} == {"seen"}
        assert {case.truth.split for case in our_cases(held_out=True)} == {"seen", "held-out"}

    def test_a_truth_has_to_say_which_it_is(self) -> None:
        sections = [{"questions": [{"text": "你会什么？"}]}]
        with pytest.raises(ValidationError, match="split"):
            Truth.model_validate({"document": "a.txt", "language": "zh-CN", "sections": sections})

    def test_each_split_has_its_own_sum_in_the_table(self) -> None:
        outcomes = [
            Outcome("a.txt", "seen", figures_of(3, 4)),
            Outcome("b.txt", "held-out", figures_of(1, 5)),
            Outcome("c.txt", "held-out", figures_of(1, 6)),
            Outcome("d.txt", "seed", figures_of(7, 8)),
        ]
        shown = table(outcomes)
        assert summed(shown, "seen 1") == "3/4"
        assert summed(shown, "held-out 2") == "2/11"
        assert summed(shown, "seed 1") == "7/8"
        assert summed(shown, "all 4") == "12/23"

    def test_a_sum_names_the_documents_it_lacks(self) -> None:
        failed = Outcome("b.txt", "held-out", misses=Misses(), error="it cannot be read")
        shown = table([Outcome("a.txt", "held-out", figures_of(3, 4)), failed])
        assert "held-out 1, without 1 FAILED" in shown

    def test_a_split_without_documents_has_no_sum(self) -> None:
        assert "seed" not in table([Outcome("a.txt", "seen", figures_of(3, 4))])


def figures_of(right: int, of: int) -> Figures:
    return Figures(
        structure=Structure(questions=Share(right, of)),
        wrong_before=0,
        wrong_after=0,
        sentences=Share(),
        punctuated=Share(),
        left_over=None,
        repairs=0,
        flags=0,
        language=True,
        seconds=0.1,
    )


def summed(shown: str, name: str) -> str:
    """The questions in the row of that name."""
    row = next(line for line in shown.splitlines() if line.startswith(f"{name} "))
    return row.removeprefix(name).split()[1]
