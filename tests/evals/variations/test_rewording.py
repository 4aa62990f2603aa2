from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import SetupError
from app.text.fold import fold, words
from evals.variations.rewording import (
    FOLDER,
    REWORDINGS,
    Padding,
    Rewording,
    read_rewording,
    replaced,
    reworded,
    swapped_widths,
)

ZH, EN = read_rewording("zh-CN"), read_rewording("en")
REPLY = "我先跟客户说声对不起，再问他订单是多少号。其他的事我让同事处理，APP上确认之后，第二天给张先生回访。"
REPLY_EN = (
    "First, I'd ask the customer what happened. Then I called my boss because he needed to check 3 orders."
)


def test_words_are_replaced_longest_first_and_once() -> None:
    assert (
        replaced("abcab", {"ab": "x", "abc": "y", "y": "z"}) == "abcab"
    )  # letters only match as whole words
    assert replaced("甲乙丙甲乙", {"甲乙": "子", "甲乙丙": "丑", "丑": "寅"}) == "丑子"


def test_two_words_can_change_places() -> None:
    assert replaced("他和她", {"他": "她", "她": "他"}) == "她和他"


def test_a_word_mapped_to_itself_is_protected() -> None:
    assert replaced("其他人和他", {"他": "她", "其他": "其他"}) == "其他人和她"


def test_spaced_words_are_matched_whole_and_keep_their_capital() -> None:
    assert replaced("Then the other, THE end", {"the": "teh"}) == "Then teh other, Teh end"


def test_only_so_many_words_are_replaced() -> None:
    text = "甲" * 20
    changed = replaced(text, {"甲": "乙"}, most=3, seed="s")
    assert changed.count("乙") == 3
    assert changed == replaced(text, {"甲": "乙"}, most=3, seed="s")
    assert changed != replaced(text, {"甲": "乙"}, most=3, seed="t")


def test_an_empty_list_changes_nothing() -> None:
    assert replaced("abc", {}) == "abc"


@pytest.mark.parametrize("name", REWORDINGS)
@pytest.mark.parametrize(("text", "rewording"), [(REPLY, ZH), (REPLY_EN, EN)], ids=["zh", "en"])
def test_every_change_is_the_same_for_the_same_seed(name: str, text: str, rewording: Rewording) -> None:
    assert reworded(name, text, rewording, "7") == reworded(name, text, rewording, "7")


@pytest.mark.parametrize("name", [name for name in REWORDINGS if name != "script"])
def test_every_change_finds_something_to_change_somewhere(name: str) -> None:
    assert any(reworded(name, REPLY, ZH, str(seed)) for seed in range(8))
    assert any(
        reworded(name, REPLY_EN + " You really think my friend is mad.", EN, str(seed)) for seed in range(8)
    )


@pytest.mark.parametrize("name", REWORDINGS)
def test_a_change_that_finds_nothing_says_so(name: str) -> None:
    silent = Rewording(
        sentences_joined_by="", synonyms={}, typos={}, dialects={"one": {}}, swaps={}, hesitations=[""],
        padding=Padding(before=[""], after=[""]),
    )  # fmt: skip
    assert reworded(name, "甲乙丙", silent, "7") is None


def test_typos_stay_rare() -> None:
    for seed in range(5):
        changed = reworded("typos", REPLY * 3, ZH, str(seed))
        assert changed is not None
        assert 0 < sum(a != b for a, b in zip(REPLY * 3, changed, strict=True)) <= len(REPLY * 3) / 6


def test_script_and_widths_fold_back_to_the_same_text() -> None:
    for name in ("script", "width"):
        changed = reworded(name, REPLY, ZH, "7")
        assert changed is not None
        assert changed != REPLY
        assert words(changed) == words(REPLY)


def test_widths_swap_both_ways() -> None:
    changed = reworded("width", "APP，好。ＯＫ", ZH, "7")
    assert changed == "ＡＰＰ,好｡OK"
    assert reworded("width", changed, ZH, "7") == "APP，好。ＯＫ"


@given(st.text(max_size=60))
def test_swapping_widths_twice_changes_nothing(text: str) -> None:
    assert swapped_widths(swapped_widths(text, ZH, ""), ZH, "") == text


@given(st.text(max_size=60), st.sampled_from(sorted(REWORDINGS)), st.sampled_from([ZH, EN]))
def test_any_text_can_be_reworded(text: str, name: str, rewording: Rewording) -> None:
    changed = reworded(name, text, rewording, "7")
    assert changed != text
    assert changed == reworded(name, text, rewording, "7")


def test_a_language_without_another_script_has_none() -> None:
    assert reworded("script", REPLY_EN, EN, "7") is None


def test_padding_and_hesitations_keep_every_word_in_order() -> None:
    for name in ("padding", "hesitations"):
        changed = reworded(name, REPLY, ZH, "7")
        assert changed is not None
        left = iter(fold(changed).text)
        assert all(character in left for character in fold(REPLY).text)
    padded = reworded("padding", REPLY_EN, EN, "7")
    assert padded is not None
    assert REPLY_EN in padded


def test_names_swap_people_and_protect_other_words() -> None:
    changed = reworded("names", "其他的事，他问了张先生和小王。", ZH, "7")
    assert changed == "其他的事，她问了李女士和小赵。"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_list_of_words_changes_something(language: str) -> None:
    rewording = read_rewording(language)
    for listed in (rewording.synonyms, rewording.typos, rewording.swaps, *rewording.dialects.values()):
        assert all(word.strip() and other.strip() for word, other in listed.items())
        assert any(word != other for word, other in listed.items())


def test_an_unknown_language_names_the_file_to_write(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"xx\.yaml"):
        read_rewording("xx", tmp_path)


def test_an_unknown_field_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "zh.yaml"
    path.write_text((FOLDER / "zh.yaml").read_text(encoding="utf-8") + "\nsynonims: {}\n", encoding="utf-8")
    with pytest.raises(SetupError, match="synonims"):
        read_rewording("zh", tmp_path)
