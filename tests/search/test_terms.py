import pytest

from app.search.terms import spoken_words, terms


def test_terms_hold_words_pairs_characters_and_spaced_words() -> None:
    found = list(terms("在线客服 Customer-Service 2024"))
    assert {"在线", "客服", "线客", "客", "customer", "service", "2024"} <= set(found)
    assert found.count("客服") == 1


def test_terms_of_traditional_and_simplified_text_are_the_same() -> None:
    assert list(terms("顧客提出無理要求")) == list(terms("顾客提出无理要求"))


@pytest.mark.parametrize("text", ["", "   ", "？！…", "\u200b"])
def test_text_without_words_has_no_terms(text: str) -> None:
    assert list(terms(text)) == []
    assert spoken_words(text) == []


def test_spoken_words_are_those_a_person_would_say_each_once() -> None:
    assert spoken_words("客戶骂人，客户 Refund refund") == ["客户", "骂人", "refund"]
