import numpy as np
import pytest

from app.banks.lexical import LexicalIndex, terms


def test_terms_hold_words_pairs_characters_and_spaced_words() -> None:
    found = list(terms("在线客服 Customer-Service 2024"))
    assert {"在线", "客服", "线客", "客", "customer", "service", "2024"} <= set(found)
    assert found.count("客服") == 1


def test_terms_of_traditional_and_simplified_text_are_the_same() -> None:
    assert list(terms("顧客提出無理要求")) == list(terms("顾客提出无理要求"))


@pytest.mark.parametrize("text", ["", "   ", "？！…", "\u200b"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert list(terms(text)) == []


def test_the_text_that_shares_the_rare_words_scores_highest() -> None:
    index = LexicalIndex(["客户投诉怎么处理", "客户骂人怎么处理", "客户退货怎么处理"])
    scores = index.scores("骂人")
    assert scores.argmax() == 1
    assert np.count_nonzero(scores) == 1


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    index = LexicalIndex(["apple pear", "apple plum", "apple fig", "apple kiwi"])
    scores = index.scores("apple plum")
    assert scores.argmax() == 1
    assert scores[0] == pytest.approx(scores[2])


def test_an_empty_index_and_an_unknown_word_score_nothing() -> None:
    assert LexicalIndex([]).scores("word").shape == (0,)
    assert not LexicalIndex(["one"]).scores("two").any()
