"""The word-frequency model, and narrow punctuation beside hanzi."""

import pytest

from app.documents.repair.chinese import Familiarity, likelihood, simplified, widened


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("请联系客户", "?肓悼突?"),
        ("请联系客户", "请联系客尸"),
        ("確認訂單", "確認訂蛋"),
        ("好，再见。", "好，。再见"),
    ],
)
def test_words_are_likelier_than_characters_thrown_together(right: str, wrong: str) -> None:
    assert likelihood(right) > likelihood(wrong)


def test_script_and_width_make_no_difference() -> None:
    assert likelihood("請聯繫客戶,謝謝!") == likelihood("请联系客户，谢谢！")


@pytest.mark.parametrize(
    ("traditional", "expected"),
    [
        ("接著處理", "接着处理"),
        ("效果顯著", "效果显著"),
        ("著名的著作", "著名的著作"),
        ("心裡乾淨", "心里干净"),
        ("", ""),
    ],
)
def test_script_is_folded_one_for_one(traditional: str, expected: str) -> None:
    assert simplified(traditional) == expected
    assert len(simplified(traditional)) == len(traditional)


def test_pairs_a_document_has_often_are_worth_more_than_pairs_it_avoids() -> None:
    familiar = Familiarity(["工单工单工单，补偿等。"] * 5)
    assert familiar.of("工单") > 0 > familiar.of("工工")


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("你好,再见!", "你好，再见！"),
        ("答案:第一;第二?", "答案：第一；第二？"),
        ("部门(如技术)协助", "部门（如技术）协助"),
        ("他说“好”,我说……?”", "他说“好”，我说……？”"),
        ("真的?!是的", "真的？！是的"),
    ],
)
def test_punctuation_of_chinese_text_becomes_full_width(narrow: str, wide: str) -> None:
    assert widened(narrow) == wide


@pytest.mark.parametrize(
    "line", ["CAD,PROE,UG", "10:30", "f(x, y)", "1.为什么", "What? No!", "", "中文。没有窄的"]
)
def test_other_punctuation_stays(line: str) -> None:
    assert widened(line) == line


def test_an_unpaired_bracket_is_judged_by_its_neighbours() -> None:
    assert widened("系统),确认 (a)") == "系统），确认 (a)"
