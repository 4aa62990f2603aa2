import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.scoring.evidence.negation import shipped_negation
from app.scoring.evidence.quotes import LONGEST, bearing, best_quote, locate
from app.scoring.rubric import AnswerPart, Item, RubricPoint


def topics(texts: list[str]) -> NDArray[np.float32]:
    """Unit vectors over three topics, told apart by one word each; a text about none is about the first."""
    rows = []
    for text in texts:
        row = np.array(
            [0.1, *(float(any(w in text for w in t)) for t in (("退", "refund"), ("歉", "sorry")))]
        )
        rows.append(row / np.linalg.norm(row))
    return np.array(rows, dtype=np.float32)


@pytest.mark.parametrize(
    ("point", "answer", "quote"),
    [
        ("道歉", "我先听他讲完整件事。然后跟他说实在抱歉啊。最后给他退了运费。", "然后跟他说实在抱歉啊"),
        ("提出退款", "我先听他讲完整件事。然后跟他说实在抱歉啊。最后給他退了運費。", "最后給他退了運費"),
        ("Offers a refund", "I was sorry for her, I said so. She got a refund of 12.50 the next day.",
         "She got a refund of 12.50 the next day"),
    ],
)  # fmt: skip
def test_the_sentence_about_the_point_is_quoted_verbatim(point: str, answer: str, quote: str) -> None:
    span = best_quote(point, answer, topics)
    assert span is not None
    assert answer[slice(*span)] == quote


def test_what_all_points_share_does_not_decide() -> None:
    answer = "道歉和退款我都会提前想好。我会马上给他把款退了。"
    span = best_quote("先道歉再退款", answer, topics, others=["先道歉", "当面道歉"])
    assert span is not None
    assert "马上" in answer[slice(*span)]


def test_without_embeddings_shared_words_decide() -> None:
    answer = "我会先安抚他的情绪。再去核实订单信息和付款记录。"
    assert best_quote("核实订单信息", answer, None) == (10, 23)


def test_a_short_exclamation_is_joined_to_its_neighbour() -> None:
    assert best_quote("道歉", "抱歉！是我们没有安排好房间。", topics) == (0, 13)


@pytest.mark.parametrize("answer", ["", "  \n", "……！？", "😀"])
def test_an_answer_without_words_has_no_quote(answer: str) -> None:
    assert best_quote("道歉", answer, topics) is None


@given(st.text(alphabet="我退歉ab1 ，。,.!\n…😀", max_size=300), st.booleans())
def test_a_quote_is_a_trimmed_bounded_part_of_the_answer(answer: str, embedded: bool) -> None:
    span = best_quote("退款", answer, topics if embedded else None)
    if span is not None:
        quote = answer[slice(*span)]
        assert quote
        assert quote == quote.strip()
        assert len(quote.replace(" ", "")) <= len(answer)
        assert sum(character in "我退歉" for character in quote) <= LONGEST


QUESTION = "客户投诉时你会怎么做？"
ANSWER = [
    AnswerPart(3, "嗯，我會先道歉，\n然后　ＡＢＣ 核对订单。if a < b 就退款。"),
    AnswerPart(5, "补充一点：我会先道歉，再回访。"),
]


def spans(*claims: str) -> list[tuple[int, str]]:
    quotes = locate(claims, QUESTION, ANSWER)
    texts = {part.seq: part.text for part in ANSWER}
    assert all(texts[q.seq][q.start : q.end] == q.text for q in quotes)
    return [(quote.seq, quote.text) for quote in quotes]


def test_a_quote_is_the_exact_slice_of_what_was_typed() -> None:
    assert spans("我会先道歉") == [(3, "我會先道歉")]
    assert spans("abc 核对订单") == [(3, "ＡＢＣ 核对订单")]


def test_a_quote_may_come_from_a_later_reply() -> None:
    assert spans("再回访") == [(5, "再回访")]


def test_invented_words_are_no_evidence() -> None:
    assert spans("我会赠送优惠券", "我会先退款") == []


def test_found_quotes_are_kept_beside_invented_ones() -> None:
    assert spans("我会赠送优惠券", "核对订单") == [(3, "核对订单")]


def test_a_quote_claimed_twice_is_shown_once() -> None:
    assert len(spans("核对订单", "核对订单")) == 1


@pytest.mark.parametrize("claim", ["", "我", "。，！", " "])
def test_too_short_a_quote_is_no_evidence(claim: str) -> None:
    assert spans(claim) == []


def test_an_echo_of_the_question_is_no_evidence() -> None:
    echo = [AnswerPart(1, "客户投诉时你会怎么做，这是个好问题")]
    assert locate(["客户投诉时你会怎么做"], QUESTION, echo) == []


def test_a_quote_shortened_with_an_ellipsis_counts_by_its_pieces() -> None:
    assert spans("我会先道歉……核对订单") == [(3, "我會先道歉"), (3, "核对订单")]
    assert spans("我会先道歉...赠送优惠券") == [(3, "我會先道歉")]


def test_brackets_shown_to_the_model_as_guillemets_are_found_again() -> None:
    assert spans("if a ‹ b 就退款") == [(3, "if a < b 就退款")]


def test_a_quote_over_two_lines_counts_by_its_pieces_where_something_stood_between() -> None:
    blotted = [AnswerPart(1, "我会先道歉\ue000\ue000\ue000然后核对订单")]
    found = locate(["我会先道歉\n然后核对订单"], QUESTION, blotted)
    assert [quote.text for quote in found] == ["我会先道歉", "然后核对订单"]


def test_only_quotes_that_do_not_deny_the_point_bear_on_it() -> None:
    point = RubricPoint("p1", "核对订单情况")
    item = Item(QUESTION, (point,), 8, "zh-CN")
    answer = [AnswerPart(1, "我不会去核对订单。"), AnswerPart(3, "后来想想，我会核对订单。")]
    quotes = [*locate(["不会去核对订单"], QUESTION, answer), *locate(["我会核对订单"], QUESTION, answer)]
    kept = bearing(quotes, point, item, answer, shipped_negation())
    assert [(quote.seq, quote.text) for quote in kept] == [(3, "我会核对订单")]
