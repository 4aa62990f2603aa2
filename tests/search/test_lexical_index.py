from collections.abc import Callable
from pathlib import Path

import pytest

from app.banks.schema import Bank
from app.errors import SetupError
from app.search.entries import BankEntries, Entries
from app.search.lexical_index import LexicalIndex, LexicalSnapshot
from tests.banks.bank_files import bank_data, question_data

Found = Callable[..., list[str]]


def entries_of(*banks: dict[str, object]) -> Entries:
    return Entries([BankEntries.of(Bank.model_validate(bank)) for bank in banks])


def one_bank(*texts: str) -> Entries:
    return entries_of(bank_data("a", {"s": list(texts)}))


def found(entries: Entries, snapshot: LexicalSnapshot, query: str, **filters: str) -> list[str]:
    keys = list(snapshot.best(query, 10, filters))
    return [
        entries.question_at(int(position)).question.text
        for positions in entries.documents.find(keys)
        for position in positions
    ]


@pytest.fixture
def index(tmp_path: Path) -> LexicalIndex:
    return LexicalIndex(tmp_path / "lexical")


def test_the_question_that_shares_the_rare_words_comes_first(index: LexicalIndex) -> None:
    entries = one_bank("apple pear", "apple plum", "apple fig", "apple kiwi")
    snapshot = index.sync(entries)
    assert found(entries, snapshot, "apple plum")[0] == "apple plum"
    assert found(entries, snapshot, "PLUM") == ["apple plum"]
    assert found(entries, snapshot, "grape") == []
    assert found(entries, snapshot, "？！") == []
    assert snapshot.rarity("plum") > snapshot.rarity("apple")


def test_a_question_is_found_through_its_points_after_one_that_says_it_itself(index: LexicalIndex) -> None:
    bank = bank_data("a", {"s": ["投诉"]})
    through = question_data("a-s-2", "一件小事")
    through["points"].append({"id": "p3", "text": "提到退款"})
    bank["sections"][0]["questions"] += [through, question_data("a-s-3", "退款")]
    entries = entries_of(bank)
    assert found(entries, index.sync(entries), "退款") == ["退款", "一件小事"]


def test_a_snapshot_does_not_see_later_changes(index: LexicalIndex) -> None:
    before = one_bank("apple", "pear")
    old = index.sync(before)
    after = one_bank("apple", "plum")
    new = index.sync(after)
    assert found(before, old, "pear") == ["pear"]
    assert found(before, old, "plum") == []
    assert found(after, new, "plum") == ["plum"]
    assert found(after, new, "pear") == []


def test_only_new_questions_are_met_and_a_restart_keeps_the_rest(tmp_path: Path) -> None:
    met: list[int] = []
    LexicalIndex(tmp_path / "lexical").sync(one_bank("apple", "pear"), met.extend)
    assert met == [0, 1]
    met.clear()
    entries = one_bank("apple", "pear", "plum")
    snapshot = LexicalIndex(tmp_path / "lexical").sync(entries, met.extend)
    assert met == [2]
    assert found(entries, snapshot, "apple") == ["apple"]
    met.clear()
    LexicalIndex(tmp_path / "lexical").sync(entries, met.extend)
    assert met == []


def test_a_moved_question_is_found_where_it_is_now(index: LexicalIndex) -> None:
    bank = bank_data("a", {"s": ["apple"], "t": ["pear"]})
    index.sync(entries_of(bank))
    bank["sections"][0]["id"] = "u"
    entries = entries_of(bank)
    snapshot = index.sync(entries)
    assert found(entries, snapshot, "apple", section="u") == ["apple"]
    assert found(entries, snapshot, "apple", section="s") == []
    assert found(entries, snapshot, "apple pear", bank="a", section="t") == ["pear"]


def test_excluded_documents_are_left_out(index: LexicalIndex) -> None:
    entries = one_bank("apple one", "apple two")
    snapshot = index.sync(entries)
    (first, second) = snapshot.best("apple", 10, {})
    assert list(snapshot.best("apple", 10, {}, [first])) == [second]
    assert len(snapshot.best("apple", 1, {})) == 1


@pytest.mark.parametrize(
    "damaged", ["meta.json", ".managed.json", "*.idx", "*.term", "*.fast", "*.fieldnorm"]
)
def test_a_damaged_index_is_made_anew_and_says_so(tmp_path: Path, damaged: str) -> None:
    entries = one_bank("apple", "pear")
    LexicalIndex(tmp_path / "lexical").sync(entries)
    for file in (tmp_path / "lexical").glob(damaged):
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 3])
    again = LexicalIndex(tmp_path / "lexical")
    assert found(entries, again.sync(entries), "pear") == ["pear"]
    assert len(again.notices) == 1


def test_files_that_are_gone_are_made_anew(tmp_path: Path) -> None:
    entries = one_bank("apple", "pear")
    LexicalIndex(tmp_path / "lexical").sync(entries)
    for file in (tmp_path / "lexical").glob("*.idx"):
        file.unlink()
    again = LexicalIndex(tmp_path / "lexical")
    assert found(entries, again.sync(entries), "pear") == ["pear"]
    assert len(again.notices) == 1


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SetupError, match="can't be written") as caught:
        LexicalIndex(tmp_path / "file" / "lexical").sync(one_bank("apple"))
    assert "INTERVIEWER_DATA_DIR" in caught.value.hint


def test_no_questions_leave_an_empty_index(index: LexicalIndex) -> None:
    index.sync(one_bank("apple"))
    snapshot = index.sync(Entries([]))
    assert snapshot.best("apple", 5, {}) == {}
    assert len(snapshot.keys()) == 0
