"""The figures of the import eval: what counts as found, and what as wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.documents.draft import Draft, DraftPoint, DraftQuestion, DraftSection, Source
from app.text.fold import words
from evals.importing.distance import distance
from evals.importing.metrics import (
    Share,
    Structure,
    changed,
    left_over,
    sentences_right,
    understood,
    wrong,
)
from evals.importing.running import Case, Outcome, run
from evals.importing.table import table
from evals.importing.truth import DOCUMENTS, SEEDS, Truth, truths
from evals.importing.wording import Digest, Wording, digest, signs

_FIRST = "仓库失火时，你先做哪三件事？"
_SECOND = "怎样清点堆在高处的货？"


def hashed(text: str, of: str = "letters") -> dict[str, Any]:
    folded = words(text) if of == "letters" else signs(text)
    return {"sha256": [digest(folded)], "length": len(folded), "of": of}


def truth_of(*questions: dict[str, Any], title: str | None = "安全", **more: Any) -> Truth:
    sections = [{"title": title, "questions": list(questions)}]
    described = {"document": "a.txt", "language": "zh-CN", "split": "seen"}
    return Truth.model_validate({**described, "sections": sections, **more})


def draft_of(*questions: DraftQuestion, title: str = "安全", lines: list[str] | None = None) -> Draft:
    source = Source(name="a.txt", format="text", sha256="0" * 64, lines=1, characters=1)
    sections = [DraftSection(key="s", title=title, questions=list(questions))]
    return Draft(title="", language="zh-CN", source=source, sections=sections, lines=lines or [])


def asked(text: str, *points: str, **more: Any) -> DraftQuestion:
    given_points = [DraftPoint(text=point) for point in points]
    return DraftQuestion(key=text[:3], text=text, kind="knowledge", points=given_points, **more)


def figures(draft: Draft, truth: Truth) -> Structure:
    return understood(draft, truth)[0]


class TestSame:
    @pytest.mark.parametrize(
        ("found", "same"),
        [
            ("先断电，再报警", True),
            ("先斷電 再報警。", True),  # script, spaces and punctuation don't matter
            ("①先断电，再报警", True),
            ("先断电，再报警，然后清点人数", False),  # less than 80 % of it
            ("断电再报警", True),
            ("先断电", False),
            ("先报警，再断电", False),
            ("", False),
        ],
    )
    def test_needs_containment_of_four_fifths(self, found: str, same: bool) -> None:
        assert Wording("先断电，再报警").same(found) is same

    def test_finds_a_digest_inside_a_slightly_longer_text(self) -> None:
        hidden = Wording(digest=Digest.model_validate(hashed("先断电再报警")))
        assert hidden.same("先断电，再报警")
        assert hidden.same("一、先断电，再报警")
        assert not hidden.same("先断电，再报警，然后清点人数")
        assert not hidden.same("断电再报警")

    def test_a_digest_accepts_either_spelling(self) -> None:
        either = Wording(digest=Digest(sha256=(digest("接着"), digest("接著")), length=2))
        assert either.exactly("接着")
        assert either.exactly("接著")
        assert not either.exactly("接下")

    @pytest.mark.parametrize("wording", [Wording("先断电"), Wording(digest=Digest(**hashed("先断电")))])
    def test_opens_and_closes_look_at_the_ends(self, wording: Wording) -> None:
        assert wording.opens("“先断电”，然后跑")
        assert not wording.opens("要先断电")
        assert wording.closes("要先断电。")
        assert not wording.closes("先断电！再跑")


class TestStructure:
    def test_counts_what_was_found_what_was_missed_and_what_is_extra(self) -> None:
        truth = truth_of(
            {"text": _FIRST, "points": ["先断电", "报警", "清点人数"]},
            {"text": _SECOND, "points": ["用登高车"]},
        )
        draft = draft_of(asked(_FIRST, "先断电", "报警", "喊口号"), asked("关于我们 联系方式", "帮助中心"))
        counted, misses = understood(draft, truth)
        assert counted.questions == Share(1, 2)
        assert counted.points == Share(2, 4)
        assert (counted.extra_questions, counted.extra_points) == (1, 2)
        assert [miss.split(" ")[0] for miss in misses.missed] == ["point:", "question:"]

    def test_a_nested_point_may_carry_the_item_it_is_nested_in(self) -> None:
        truth = truth_of({"text": _FIRST, "points": [{"text": "断开总闸", "under": "先断电"}]})
        assert figures(draft_of(asked(_FIRST, "先断电：断开总闸")), truth).points == Share(1, 1)
        assert figures(draft_of(asked(_FIRST, "断开总闸")), truth).points == Share(1, 1)
        assert figures(draft_of(asked(_FIRST, "先断电")), truth).points == Share(0, 1)

    def test_one_point_found_counts_for_one_point_only(self) -> None:
        truth = truth_of({"text": _FIRST, "points": ["先断电源", "先断电源啊"]})
        assert figures(draft_of(asked(_FIRST, "先断电源")), truth).points == Share(1, 2)

    def test_a_point_that_is_cut_off_is_neither_missed_nor_extra(self) -> None:
        truth = truth_of({"text": _FIRST, "points": ["先断电", {"text": "然后报", "optional": True}]})
        for points in (["先断电"], ["先断电", "然后报"]):
            counted = figures(draft_of(asked(_FIRST, *points)), truth)
            assert (counted.points, counted.extra_points) == (Share(1, 1), 0)

    def test_found_but_not_to_the_letter_is_not_exact(self) -> None:
        truth = truth_of({"text": _FIRST, "points": ["先断电"]})
        counted = figures(draft_of(asked(f"1.{_FIRST}", "先断电")), truth)
        assert (counted.questions, counted.exact) == (Share(1, 1), Share(1, 2))

    def test_a_question_in_another_section_is_misplaced(self) -> None:
        counted = figures(draft_of(asked(_FIRST), title="盘点"), truth_of({"text": _FIRST}))
        assert (counted.questions, counted.placed, counted.sections) == (
            Share(1, 1),
            Share(0, 1),
            Share(0, 1),
        )

    def test_a_document_without_sections_has_none_to_find(self) -> None:
        counted = figures(draft_of(asked(_FIRST)), truth_of({"text": _FIRST}, title=None))
        assert (counted.placed, counted.sections) == (Share(1, 1), Share(0, 0))

    @pytest.mark.parametrize(("found", "right"), [(8.0, 1), (5.0, 0), (None, 0)])
    def test_marks_have_to_be_the_question_s(self, found: float | None, right: int) -> None:
        counted = figures(draft_of(asked(_FIRST, max_score=found)), truth_of({"text": _FIRST, "marks": 8}))
        assert counted.marks == Share(right, 1)

    @pytest.mark.parametrize(("weights", "right"), [((3, 1), 1), ((1.5, 0.5), 1), ((1, 1), 0)])
    def test_weights_have_to_be_in_proportion_to_the_points_marks(
        self, weights: tuple[float, float], right: int
    ) -> None:
        points = [{"text": "先断电", "marks": 6}, {"text": "后报警", "marks": 2}]
        question = asked(_FIRST, "先断电", "后报警", max_score=8)
        for point, weight in zip(question.points, weights, strict=True):
            point.weight = weight
        truth = truth_of({"text": _FIRST, "marks": 8, "points": points})
        assert figures(draft_of(question), truth).marks == Share(right, 1)

    def test_incomplete_counts_either_way(self) -> None:
        truth = truth_of({"text": _FIRST}, {"text": _SECOND, "incomplete": True})
        whole = figures(draft_of(asked(_FIRST), asked(_SECOND)), truth)
        flagged = figures(draft_of(asked(_FIRST), asked(_SECOND, incomplete=True)), truth)
        assert (whole.incomplete, flagged.incomplete) == (Share(1, 2), Share(2, 2))

    def test_an_answer_known_by_its_ends_has_to_begin_and_end_with_them(self) -> None:
        answer = {"opens": hashed("我先断电。"), "closes": hashed("最后清点人数。")}
        truth = truth_of({"text": _FIRST, "answer": answer})
        whole = asked(_FIRST, reference_answer="我先断电。然后报警。最后清点人数。")
        run_over = asked(_FIRST, reference_answer="我先断电。最后清点人数。2.怎样清点？")
        assert figures(draft_of(whole), truth).answers == Share(1, 1)
        assert figures(draft_of(run_over), truth).answers == Share(0, 1)

    def test_what_is_examined_may_go_on_after_its_first_sentence(self) -> None:
        truth = truth_of({"text": _FIRST, "examines": "考察应急能力。"})
        assert figures(draft_of(asked(_FIRST, examines="考察应急能力。好的回答…")), truth).examined == Share(
            1, 1
        )


class TestCharacters:
    @given(st.text("ab的", max_size=8), st.text("ab的", max_size=8))
    def test_distance_is_levenshtein_s(self, one: str, other: str) -> None:
        row = list(range(len(other) + 1))
        for i, left in enumerate(one, 1):
            before, row = row, [i]
            for j, right in enumerate(other, 1):
                row.append(min(before[j] + 1, row[-1] + 1, before[j - 1] + (left != right)))
        assert distance(one, other) == row[-1]

    def test_wrong_counts_folded_characters_with_punctuation(self) -> None:
        assert wrong("這是 倉庫,", "这是仓库，") == 0
        assert wrong("这(zhè)是仓库", "这是仓库。") == len("(zhè)") + 1

    def test_changed_folds_nothing(self) -> None:
        assert changed(["這是", "倉庫"], ["这是", "倉庫"]) == 1
        assert changed(["一", "二"], ["一二"]) == 1

    def test_left_over_counts_signs_of_damage_but_no_words_in_brackets(self) -> None:
        assert left_over(draft_of(asked("承諾\ue264災", "認(rèn)真", "價格(price)"))) == 2

    def test_a_sentence_can_be_right_by_letter_and_wrong_in_punctuation(self) -> None:
        sentence = "讲清楚。“所以”"
        truth = truth_of({"text": _FIRST}, sentences=[hashed(sentence), hashed(sentence, "signs")])
        assert sentences_right(draft_of(lines=["他讲清楚", "。“所以”，"]), truth) == (
            Share(1, 1),
            Share(1, 1),
        )
        assert sentences_right(draft_of(lines=["他讲清楚，所以，"]), truth) == (Share(1, 1), Share(0, 1))


class TestDataset:
    def test_every_truth_can_be_read_and_its_document_is_there(self) -> None:
        ours = truths(DOCUMENTS)
        assert len(ours) >= 14
        assert all((DOCUMENTS / truth.document).exists() for truth in ours)
        assert all(5 <= sum(len(s.questions) for s in truth.sections) <= 15 for truth in ours)

    def test_an_unknown_field_is_an_error(self) -> None:
        with pytest.raises(ValidationError, match="mark"):
            truth_of({"text": _FIRST, "mark": 8})

    def test_truths_of_the_seeds_hold_digests_only(self) -> None:
        for truth in truths(SEEDS):
            for section in truth.sections:
                assert section.title is not None
                assert not section.title.clear
                assert not any(question.text.clear for question in section.questions)

    def test_the_seeds_hold_what_the_issue_says(self) -> None:
        counts = {t.document[:3]: [len(section.questions) for section in t.sections] for t in truths(SEEDS)}
        assert counts == {"000": [4, 4, 4, 4, 3], "001": [5, 3]}


class TestRun:
    def test_a_document_that_cannot_be_read_is_a_failed_row_not_a_crash(self) -> None:
        outcome = run(Case("empty", truth_of({"text": _FIRST}), b""))
        assert outcome.error
        assert "FAILED" in table([outcome])

    def test_a_clean_document_has_its_figures_in_the_table(self) -> None:
        truth = next(one for one in truths(DOCUMENTS) if one.document == "nurse_nested_lists.txt")
        outcome = run(Case("nurse", truth, (DOCUMENTS / truth.document).read_bytes()))
        assert isinstance(outcome, Outcome)
        assert outcome.figures is not None
        assert outcome.figures.wrong_after == 0
        assert "6/6" in table([outcome])
