from app.db.word_index import WordQuery, fts_document, gram_hashes, who_hashes


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
