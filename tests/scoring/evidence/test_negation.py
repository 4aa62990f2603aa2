from pathlib import Path

import pytest

from app.errors import SetupError
from app.scoring.evidence.negation import Negation, negation_in, shipped_negation


def denies(text: str, point: str, quote: str | None = None, topic: tuple[str, ...] = ()) -> bool:
    start = text.index(quote) if quote else 0
    return shipped_negation().denies(text, (start, start + len(quote or text)), point, topic)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("我不会去倾听客户说什么", "耐心倾听客户"),
        ("我不會去傾聽客戶說什麼", "耐心倾听客户"),
        ("我没有道歉", "主动道歉"),
        ("我从来不核实", "核实订单情况"),
        ("要是有时间可能会核实一下", "核实订单情况"),
        ("要是有时间，核实一下", "核实订单情况"),
        ("我可能会先道歉", "主动道歉"),
        ("I would never apologise to the customer", "Apologises to the customer"),
        ("If I had time, I might check the order", "Checks the order"),
    ],
)
def test_what_is_denied_or_only_supposed_is_no_credit(text: str, point: str) -> None:
    assert denies(text, point)


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("我不但核实了订单", "核实订单情况"),
        ("我不得不先核实订单", "核实订单情况"),
        ("没办法只好核实", "核实订单情况"),
        ("我没有挂电话，先倾听客户", "耐心倾听客户"),
        ("我不会不去核实", "核实订单情况"),
        ("我不会核实。我会核实的", "核实订单情况"),
        ("如果客户不同意，我再核实一下订单", "核实订单情况"),
        ("如果是我的错我会道歉", "主动道歉"),
        ("没有核实就不会退款", "核实情况"),
        ("我先倾听，不会打断", "耐心倾听客户"),
        ("I never forget to apologise", "Apologises"),
        ("Not only do I apologise", "Apologises"),
        ("I listen first and don't argue", "Listens to the customer"),
    ],
)
def test_what_only_looks_like_a_denial_stays_a_credit(text: str, point: str) -> None:
    assert not denies(text, point)


def test_a_point_about_not_doing_something_is_not_denied_by_a_negation() -> None:
    assert not denies("我绝不会跟客户争辩", "不与客户争辩")
    assert not denies("I would never argue", "Does not argue")


def test_the_clause_around_a_short_quote_counts() -> None:
    assert denies("嗯，要是有时间可能会核实一下，再说吧", "核实订单情况", "核实一下")


def test_words_of_the_question_do_not_tell_what_a_clause_is_about() -> None:
    assert denies("客户来了我不会找客户聊", "了解客户需求")
    assert not denies("客户来了我不会找客户聊", "了解客户需求", topic=("遇到客户怎么办？",))


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "negation.yaml").write_text(
        "harmless: []\nnegators: ['(']\nhypothetical: []\nnegative_points: []\n", encoding="utf-8"
    )
    with pytest.raises(SetupError, match=r"negation\.yaml"):
        Negation.from_folder(tmp_path)


def test_a_folder_without_word_lists_has_those_shipped(tmp_path: Path) -> None:
    assert negation_in(tmp_path).hash == shipped_negation().hash
