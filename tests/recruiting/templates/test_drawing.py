from collections import Counter

import pytest

from app.interviews.planning.plan import Plan
from app.recruiting.templates.content import Part
from app.recruiting.templates.drawing import draw, in_newest_version, newer_banks, strata_of
from app.recruiting.templates.errors import ContentError, DrawError
from tests.recruiting.templates.banking import bank

BANKS = {"shop": bank()}


def part(**wanted: object) -> Part:
    return Part.model_validate({"bank": "shop"} | wanted)


def makeup(plan: Plan) -> Counter[tuple[str, str]]:
    return Counter((each.section_title, each.question.difficulty) for each in plan.questions)


def test_a_section_keeps_its_proportion_of_difficulties() -> None:
    strata = strata_of([part(sections={"care": 4, "skill": 3})], BANKS)
    assert [(each.section, each.difficulty, each.count) for each in strata] == [
        ("care", "easy", 2),
        ("care", "medium", 1),
        ("care", "hard", 1),
        ("skill", "easy", 1),
        ("skill", "medium", 2),
    ]


def test_a_number_for_the_whole_bank_is_spread_evenly_over_its_sections() -> None:
    counts: Counter[str] = Counter()
    for stratum in strata_of([part(count=7)], BANKS):
        counts[stratum.section] += stratum.count
    assert counts == {"care": 4, "skill": 3}


def test_every_draw_has_the_same_makeup_and_not_the_same_questions() -> None:
    strata = strata_of([part(sections={"care": 3, "skill": 2})], BANKS)
    plans = [draw(strata, BANKS, seed) for seed in range(12)]
    assert len({frozenset(makeup(plan).items()) for plan in plans}) == 1
    assert len({tuple(each.question.id for each in plan.questions) for plan in plans}) > 4
    assert all(len({each.question.id for each in plan.questions}) == 5 for plan in plans)


def test_the_same_seed_draws_the_same_questions() -> None:
    strata = strata_of([part(count=4)], BANKS)
    assert draw(strata, BANKS, 7) == draw(strata, BANKS, 7)


def test_questions_come_by_section_and_easy_before_hard() -> None:
    plan = draw(strata_of([part(sections={"skill": 3, "care": 6})], BANKS), BANKS, 1)
    order = ["easy", "medium", "hard"]
    places = [
        (each.section_title != "About care", order.index(each.question.difficulty)) for each in plan.questions
    ]
    assert places == sorted(places)


def test_several_banks_make_one_plan() -> None:
    banks = BANKS | {"desk": bank("desk", "2.1.0", sections="talk:eh")}
    plan = draw(strata_of([part(count=1), Part(bank="desk", count=2)], banks), banks, 3)
    assert [each.bank_id for each in plan.questions] == ["shop", "desk", "desk"]
    assert [each.bank_version for each in plan.questions] == ["1.0.0", "2.1.0", "2.1.0"]
    assert (plan.bank_id, plan.title) == ("shop", "Shop + Desk")


def test_no_question_is_asked_twice_in_other_words() -> None:
    twin = bank("twin")
    question = BANKS["shop"].sections[0].questions[0].model_copy(update={"id": "twin.copy"})
    section = twin.sections[0].model_copy(update={"questions": [question, *twin.sections[0].questions[1:3]]})
    banks = {
        "shop": bank(sections="care:e"),
        "twin": twin.model_copy(update={"sections": [section]}),
    }
    strata = strata_of([part(count=1), Part(bank="twin", count=1)], banks)
    drawn = {each.question.id for seed in range(20) for each in draw(strata, banks, seed).questions}
    assert "twin.copy" not in drawn


@pytest.mark.parametrize(
    ("parts", "field", "kind"),
    [
        ([Part(bank="gone", count=1)], "parts.gone", "unknown_bank"),
        ([Part(bank="shop", sections={"odd": 1})], "parts.shop.odd", "unknown_section"),
        ([Part(bank="shop", sections={"skill": 4})], "parts.shop.skill", "too_many"),
        ([Part(bank="shop", count=10)], "parts.shop", "too_many"),
        ([Part(bank="shop", count=1), Part(bank="zh", count=1)], "parts.zh", "mixed_languages"),
    ],
)
def test_what_the_banks_cannot_give_is_named(parts: list[Part], field: str, kind: str) -> None:
    with pytest.raises(ContentError) as caught:
        strata_of(parts, BANKS | {"zh": bank("zh", language="zh-CN")})
    assert [(each.field, each.kind) for each in caught.value.problems] == [(field, kind)]


def test_where_a_stratum_lost_questions_its_section_steps_in() -> None:
    strata = strata_of([part(sections={"care": 4})], BANKS)
    shrunk = {"shop": bank(sections="care:emmm")}
    assert makeup(draw(strata, shrunk, 1)) == {("About care", "easy"): 1, ("About care", "medium"): 3}


@pytest.mark.parametrize("sections", ["care:eem", "other:eeeeee"])
def test_a_bank_that_lost_too_much_is_no_draw(sections: str) -> None:
    strata = strata_of([part(sections={"care": 4})], BANKS)
    with pytest.raises(DrawError):
        draw(strata, {"shop": bank(sections=sections)}, 1)


def test_a_newer_bank_is_told_and_taken_question_by_question() -> None:
    plan = draw(strata_of([part(sections={"care": 6})], BANKS), BANKS, 1)
    assert newer_banks(plan, BANKS) == []
    newer = {"shop": bank(version="1.1.0")}
    assert [(each.before, each.after, each.changed, each.gone) for each in newer_banks(plan, newer)] == [
        ("1.0.0", "1.1.0", 6, 0)
    ]
    taken = in_newest_version(plan, newer)
    assert taken is not None
    assert [each.question.id for each in taken.questions] == [each.question.id for each in plan.questions]
    assert {each.bank_version for each in taken.questions} == {"1.1.0"}
    smaller = {"shop": bank(version="1.2.0", sections="care:eee")}
    assert newer_banks(plan, smaller)[0].gone == 3
    assert in_newest_version(plan, smaller) is None
