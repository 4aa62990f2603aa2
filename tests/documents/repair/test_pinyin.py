"""Pinyin in brackets: an export's, or the author's."""

import pytest

from app.documents.repair import pinyin


@pytest.mark.parametrize("line", ["應(yīng)該", "應(yìng)該", "應（yíng）該", "什麼(me)"])
def test_a_bracketed_reading_is_found_whatever_its_tone(line: str) -> None:
    assert len(list(pinyin.glosses(line))) == 1


@pytest.mark.parametrize(
    "line",
    [
        "系統(app)",
        "系統(tǒng app)",
        "應(shù)該",
        "a(ā)",
        "(yīng)",
        "應(yīng",
        "應[yīng]",
        "應(YING)",
        "工(gong)",
    ],
)
def test_other_brackets_are_not(line: str) -> None:
    assert not list(pinyin.glosses(line))


def test_a_line_is_given_without_its_pinyin() -> None:
    assert pinyin.without("應(yīng)該學(xué)(自己)習(xí)") == "應該學(自己)習"


def test_an_export_is_known_by_pinyin_behind_every_occurrence_of_some_traditional_characters() -> None:
    assert pinyin.glossed(["應(yīng)當(dāng)學(xué)習(xí),應(yīng)該"]) == frozenset("應當學習")


@pytest.mark.parametrize(
    "line",
    [
        "龜(guī)、鱉(biē)都是爬行動物",
        "学(xué)习(xí)拼(pīn)音(yīn)很(hěn)有(yǒu)意(yì)思(sī)",
        "學(xué)而時習(xí)之,應(yīng)當(dāng)溫(wēn)故。" + "學者應當時時溫習。" * 9,
        "應(yīng)當(dāng)學(xué)習(xí)進(jìn)步" + "這一段文字裏沒有別的讀音" * 200,
    ],
    ids=["a few", "of Simplified characters", "only the first time", "rarely"],
)
def test_an_author_s_own_pinyin_is_not_taken_for_an_export_s(line: str) -> None:
    assert not pinyin.glossed([line])


def test_the_rest_of_a_bracket_needs_a_tone() -> None:
    assert pinyin.sound_after("?shù)", 1)
    assert not pinyin.sound_after("?ok)", 1)
