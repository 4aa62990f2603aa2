from app.scoring.rubric import Item, RubricPoint
from evals.labelled import Reply
from evals.variations.rewording import read_rewording
from evals.variations.statements import Statements
from evals.variations.variants import (
    ADDED,
    BASE,
    DELETED,
    KEPT_CHANGES,
    Variant,
    composed_variants,
    reply_variants,
    whole_groups,
)

ZH = read_rewording("zh")
IDS = ("p1", "p2", "p3", "p4", "p5", "p6")
STATEMENTS = Statements(
    points={id: (f"我先跟他联系第{id}项客户。", f"换个说法讲讲{id}这件。") for id in IDS},
    filler=("这种事我见得多。", "那天下着雨。"),
)
ITEM = Item("怎么办？", tuple(RubricPoint(id, f"第{id}项") for id in IDS), 8.0, "zh-CN")


def variants() -> list[Variant]:
    return composed_variants("q1", ITEM, STATEMENTS, ZH)


def of(change: str) -> list[Variant]:
    return [variant for variant in variants() if variant.change == change]


def test_a_composed_reply_leaves_a_third_unsaid_and_knows_which() -> None:
    (base,) = of(BASE)
    assert base.covered is not None
    assert len(base.covered) == 4
    assert all((STATEMENTS.points[id][0] in base.text) == (id in base.covered) for id in IDS)


def test_no_variant_that_keeps_the_meaning_repeats_the_base() -> None:
    (base,) = of(BASE)
    kept = [variant for variant in variants() if variant.change in KEPT_CHANGES]
    assert all(variant.text != base.text for variant in kept)
    assert {"paraphrase", "point_order", "filler", "padding", "names", "script"} <= {v.change for v in kept}


def test_deletions_and_additions_touch_one_point_each() -> None:
    (base,) = of(BASE)
    assert base.covered is not None
    for variant in of(DELETED):
        assert variant.covered is not None
        assert set(base.covered) - set(variant.covered) == {variant.point}
    for variant in of(ADDED):
        assert variant.covered is not None
        assert set(variant.covered) - set(base.covered) == {variant.point}
    assert len(of(DELETED)) == len(of(ADDED)) == 2


def test_ids_are_unique() -> None:
    ids = [variant.id for variant in variants()]
    assert len(set(ids)) == len(ids)


def test_one_point_alone_is_neither_deleted_nor_added() -> None:
    item = Item("怎么办？", ITEM.points[:1], 8.0, "zh-CN")
    only = composed_variants("q1", item, Statements({"p1": STATEMENTS.points["p1"]}, STATEMENTS.filler), ZH)
    assert {DELETED, ADDED, "point_order"}.isdisjoint(variant.change for variant in only)


def test_a_labelled_reply_is_only_reworded() -> None:
    reply = Reply("r1", "怎么办？", "zh", "partial", "test", "我先跟客户联系。", ("第一项",), (1.0,))
    found = reply_variants(reply, ITEM, ZH)
    assert found[0].text == reply.answer
    assert {variant.base for variant in found} == {"r1"}
    assert {DELETED, ADDED, "paraphrase"}.isdisjoint(variant.change for variant in found)


def test_a_limit_takes_whole_groups_and_at_least_one() -> None:
    group = variants()
    assert whole_groups([group, group, group], 2 * len(group) + 1) == group * 2
    assert whole_groups([group, group], 1) == group
