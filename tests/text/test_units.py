from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text.fold import fold
from app.text.scripts import SCRIPTS, is_by_character, is_han
from app.text.units import contains, letter_pairs, runs, stretches, unit_places, units

UNITS = [
    ("先道歉，再说明原因。", list("先道歉再说明原因")),
    ("繼續服務", list("继续服务")),
    ("𠮷野家", list("𠮷野家")),
    ("二〇二四年", list("二〇二四年")),
    ("約翰・史密斯", list("约翰史密斯")),
    ("お客様に謝ります", list("お客様に谢ります")),
    ("か\u3099ギ ｶﾞ", ["が", "ギ", "カ\u3099"]),
    ("人々", list("人々")),
    ("고객에게 사과한다", list("고객에게사과한다")),
    ("고객 ABC팀", ["고", "객", "abc", "팀"]),
    ("ขอโทษลูกค้า", ["ข", "อ", "โ", "ท", "ษ", "ลู", "ก", "ค้", "า"]),
    ("ຂໍໂທດລູກຄ້າ", ["ຂໍ", "ໂ", "ທ", "ດ", "ລູ", "ກ", "ຄ້", "າ"]),
    ("សួស្តី", ["សួ", "ស្", "តី"]),
    ("မင်္ဂလာပါ", ["မ", "င်္", "ဂ", "လာ", "ပါ"]),
    ("हिन्दी में", ["हिन्दी", "में"]),
    ("שָׁלוֹם עולם", ["שָׁלוֹם", "עולם"]),
    ("I don't know, sorry", ["i", "dont", "know", "sorry"]),
    ("the dogs' owner, 'n' all ''quoted''", ["the", "dogs", "owner", "n", "all", "quoted"]),
    ("Ｏ’Brien", ["obrien"]),
    ("follow-up snake_case", ["follow", "up", "snake", "case"]),
    ("caf\u0065\u0301 Straße", ["café", "strasse"]),
    ("h\u0335e\u0337l\u0336lo", ["hello"]),
    ("VIP客户12号,25 customers", ["vip", "客", "户", "12", "号", "25", "customers"]),
    ("3.5% 1,000", ["3", "5", "1", "000"]),
    ("1️⃣ ❤️ 👨\u200d👩 ok", ["1", "ok"]),
    ("客'客 abc'客", ["客", "客", "abc", "客"]),
    ("……！ \u0301", []),
    ("", []),
]


@pytest.mark.parametrize(("text", "expected"), UNITS)
def test_every_text_has_one_list_of_units(text: str, expected: list[str]) -> None:
    assert units(fold(text)) == expected
    assert units(fold(text).text) == expected
    assert [unit for stretch in stretches(fold(text)) for unit in stretch] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("I don't know", ["i", "don", "t", "know"]), ("O'Brien’s客户", ["o", "brien", "s", "客", "户"])],
)
def test_an_index_finds_a_word_by_either_half(text: str, expected: list[str]) -> None:
    assert units(fold(text), halves=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("先查订单，再回复。", [list("先查订单"), list("再回复")]),
        ("I don't know, sorry", [["i", "dont", "know"], ["sorry"]]),
        ("用CRM系统查3次", [["用", "crm", "系", "统", "查", "3", "次"]]),
        ("snake_case", [["snake"], ["case"]]),
        ("ลูก ค้า🙂า", [["ลู", "ก", "ค้", "า"], ["า"]]),
    ],
)
def test_punctuation_and_emoji_part_stretches_and_spaces_do_not(text: str, expected: list[list[str]]) -> None:
    assert stretches(fold(text)) == expected


def test_a_run_is_as_long_as_its_first_unit_says() -> None:
    said = units("先用crm系统查")
    assert list(runs(said, 2)) == list(pairwise(said))
    assert list(runs(said, 3, words=2)) == [
        ("先", "用", "crm"),
        ("用", "crm", "系"),
        ("crm", "系"),
        ("系", "统", "查"),
    ]
    assert list(runs([], 2)) == []


def test_a_run_stands_in_units_in_its_order_without_a_gap() -> None:
    assert contains(units("先查订单"), units("查订"))
    assert not contains(units("先查订单"), units("订查"))
    assert not contains(units("订单"), units("查订单"))
    assert not contains(units("订单"), [])


def test_letters_pair_across_words_and_punctuation() -> None:
    assert letter_pairs("要，A b") == {"要a", "ab"}
    assert letter_pairs("要") == set()


def test_no_character_is_of_two_scripts() -> None:
    ranges = sorted(
        pair
        for script in SCRIPTS
        for pair in zip(script.characters[::3], script.characters[2::3], strict=True)
    )
    assert all(first <= last for first, last in ranges)
    assert all(before[1] < after[0] for before, after in pairwise(ranges))


def test_a_script_is_told_by_the_first_character() -> None:
    assert [is_han(character) for character in "繁𠮷か한a"] == [True, True, False, False, False]
    assert [is_by_character(unit) for unit in ("繁", "か", "한", "ลู", "abc", "")] == [True] * 4 + [False] * 2


TEXTS = st.text() | st.text(alphabet="先查订单か한글ลูกค้าहिन्दी don't’_ ,。abcＡ1繼🙂\u200d\u0301\ufe0f")


@given(TEXTS)
def test_places_are_in_order_and_slice_back_to_the_units(text: str) -> None:
    folded = fold(text).text
    for halves in (False, True):
        places = unit_places(folded, halves=halves)
        assert all(one.end <= other.start for one, other in pairwise(places))
        for unit in places:
            assert units(folded[unit.start : unit.end], halves=halves) == [unit.text]
            assert unit.text[0].isalnum()


@given(TEXTS)
def test_every_letter_is_in_one_unit(text: str) -> None:
    folded = fold(text).text
    letters = "".join(c for c in folded if c.isalnum())
    for halves in (False, True):
        assert "".join(c for unit in units(folded, halves=halves) for c in unit if c.isalnum()) == letters


@given(TEXTS, TEXTS)
def test_texts_apart_have_the_units_of_both(one: str, other: str) -> None:
    assert units(fold(f"{one} , {other}")) == units(fold(one)) + units(fold(other))
