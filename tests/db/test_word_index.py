import pytest

from app.db.word_index import WordQuery, fts_document, gram_hashes, unit_places, units, who_hashes


@pytest.mark.parametrize(
    ("folded", "cut"),
    [
        ("客户投诉", ["客", "户", "投", "诉"]),
        ("先道歉，再 follow up", ["先", "道", "歉", "再", "follow", "up"]),
        ("vip客户12号", ["vip", "客", "户", "12", "号"]),
        ("ab_12-c", ["ab", "12", "c"]),
        ("かな 한글", ["か", "な", "한", "글"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ("……！", []),
    ],
)
def test_texts_are_cut_into_characters_and_words(folded: str, cut: list[str]) -> None:
    assert units(folded) == cut
    assert [folded[start:end] for _, start, end in unit_places(folded)] == cut


def test_a_query_is_the_runs_between_white_space() -> None:
    query = WordQuery.of("  客戶　VIP客户 客户 ，")
    assert query.runs == (("客", "户"), ("vip", "客", "户"))


def test_a_query_has_eight_runs_at_most() -> None:
    assert len(WordQuery.of(" ".join(f"w{number}" for number in range(20))).runs) == 8


def test_lines_are_kept_apart() -> None:
    assert fts_document(["客户", "AB，cd"]) == "客 户 ‖ ab cd"


def test_runs_of_one_to_three_units_are_hashed() -> None:
    assert len(gram_hashes("退款流程")) == 4 + 3 + 2
    assert gram_hashes("退款流") < gram_hashes("退款流程")
    assert gram_hashes("") == set()


def test_names_are_no_words_that_were_said() -> None:
    assert gram_hashes("林晓").isdisjoint(who_hashes("林晓"))
