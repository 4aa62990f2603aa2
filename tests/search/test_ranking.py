import pytest

from app.search.ranking import MAX_PASSAGES, MAX_SENTENCES, passages, sentences


def test_a_short_query_is_one_passage() -> None:
    assert passages("客人骂脏话，怎么办？") == ["客人骂脏话，怎么办？"]


def test_a_long_query_is_itself_and_its_clauses() -> None:
    query = (
        "岗位职责：负责微博投诉帖的监测与公开回复，引导当事人私信沟通；核实情况。"
        "Handle calls. Shifts on weekends.\n五险一金，双休"
    )
    found = passages(query)
    assert found[0] == query
    assert found[1:] == [
        "岗位职责",
        "负责微博投诉帖的监测与公开回复",
        "引导当事人私信沟通",
        "核实情况",
        "Handle calls",
        "Shifts on weekends",
        "五险一金",
    ]


@pytest.mark.parametrize("count", [17, 100, 3000])
def test_a_very_long_query_has_few_passages_and_loses_nothing(count: int) -> None:
    found = passages("。".join(f"第{number}件事情" for number in range(count)))
    assert len(found) == MAX_PASSAGES + 1
    assert "，".join(found[1:]).split("，") == [f"第{number}件事情" for number in range(count)]


def test_a_long_run_without_an_end_stays_whole() -> None:
    assert passages("字" * 500) == ["字" * 500]


def test_sentences_keep_their_clauses() -> None:
    assert sentences("先道歉，再查订单。然后回访！") == ["先道歉，再查订单", "然后回访"]
    assert sentences("好") == ["好"]
    assert len(sentences("说了一件事。" * 100)) == MAX_SENTENCES
