"""Damaging text as the export does."""

from evals.importing.damage import damage
from tests.documents.repair.exports import CLEAN


def test_the_same_seed_gives_the_same_damage() -> None:
    assert damage(CLEAN, 3) == damage(CLEAN, 3)
    assert damage(CLEAN, 3) != damage(CLEAN, 4)


def test_text_becomes_traditional_with_pinyin_and_narrow_punctuation() -> None:
    damaged = damage("应当联系。（说明）", 0, glossed=1.0, breaks=0.0)
    assert damaged.text == "應(yīng)當(dāng)聯(lián)繫(xì)。(說(shuō)明)"
    assert not damaged.runs


def test_pinyin_is_put_in_without_regard_to_where_characters_begin() -> None:
    damaged = [damage("补偿等，数据", seed, glossed=1.0, breaks=0.0) for seed in range(10)]
    crossing = [each for each in damaged if "?shù)" in each.text]
    assert crossing
    assert crossing[0].runs[0].start == len("补偿")


def test_a_broken_mark_shifts_what_follows_until_a_letter_brings_it_in_step() -> None:
    damaged = damage("记下了。”这句话", 0, glossed=0.01, breaks=1.0)
    assert damaged.text == "記下了?!边@句話"
    assert [(run.line, run.start, run.end) for run in damaged.runs] == [(0, 3, 6)]


def test_without_pinyin_only_bytes_are_lost() -> None:
    damaged = damage("请联系客户，谢谢。", 1, glossed=0.0, losses=1.0)
    assert damaged.text.count("?") >= 1
    assert len(damaged.runs) == 1


def test_what_has_no_bytes_in_gbk_stays() -> None:
    assert damage("好😀한\tok\n", 0, glossed=0.0).text == "好😀한\tok\n"


def test_lines_stay_lines() -> None:
    assert len(damage(CLEAN, 0, glossed=0.5, losses=0.01).text.split("\n")) == len(CLEAN.split("\n"))
