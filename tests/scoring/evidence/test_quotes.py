import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from app.scoring.evidence.quotes import LONGEST, best_quote


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
