"""Damage undone, and clean text left alone."""

import json
import re
import time
from pathlib import Path

import opencc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.documents.repair.chinese import likelihood
from app.documents.repair.repair import Repaired, repair_lines
from evals.importing.damage import damage
from tests.documents.repair.exports import CLEAN, misread

ROOT = Path(__file__).parents[3]
SEEDS = ROOT.parent / "shared" / "seeds"
NO_CHARACTER = re.compile("[\ufffd\ue000-\uf8ff\ud800-\udfff]")
EXPORTED = [
    "您應(yīng)當(dāng)先確認(rèn)問題,再聯(lián)繫同事。",
    "學(xué)習(xí)新知識,應(yīng)該持續(xù)進(jìn)行(每天一次)。",
    "系統(tǒng)(app)已經(jīng)更新,請查看CAD,PROE的說明!",
]


def _repaired(text: str) -> Repaired:
    repaired = repair_lines(text.split("\n"))
    for repair in repaired.repairs:
        assert repaired.lines[repair.line - 1][repair.start : repair.end] == repair.after
    for flag in repaired.flags:
        assert flag.span
        assert flag.reason == "unreadable"
        assert repaired.lines[flag.span.line - 1][flag.span.start : flag.span.end][:190] in flag.text
    return repaired


def _unchanged(text: str) -> bool:
    lines = text.split("\n")
    return repair_lines(lines) == Repaired(lines)


class TestAnExport:
    def test_is_folded_back_to_what_it_was(self) -> None:
        assert _repaired("\n".join(EXPORTED)).lines == [
            "您应当先确认问题，再联系同事。",
            "学习新知识，应该持续进行（每天一次）。",
            "系统（app）已经更新，请查看CAD,PROE的说明！",
        ]

    def test_has_one_repair_per_pinyin_and_one_per_distinct_character(self) -> None:
        repairs = _repaired("\n".join(EXPORTED)).repairs
        pinyin = [repair for repair in repairs if repair.kind == "pinyin"]
        assert len(pinyin) == 11
        assert (pinyin[0].before, pinyin[0].after) == ("應(yīng)", "应")
        comma = next(repair for repair in repairs if repair.before == ",")
        assert (comma.kind, comma.after, comma.count, comma.line) == ("punctuation", "，", 3, 1)
        script = next(repair for repair in repairs if repair.before == "應")
        assert (script.kind, script.after, script.count) == ("script", "应", 2)

    @pytest.mark.parametrize("seed", range(12))
    def test_of_our_own_text_is_undone(self, seed: int) -> None:
        repaired = _repaired(damage(CLEAN, seed, glossed=0.5).text)
        assert "\n".join(repaired.lines) == CLEAN
        assert not repaired.flags

    def test_has_its_shifted_runs_listed_with_a_little_of_what_stands_around_them(self) -> None:
        damaged = damage(CLEAN, 0, glossed=0.5)
        assert damaged.runs
        shifted = [each for each in _repaired(damaged.text).repairs if each.kind == "shifted"]
        assert len(shifted) == len(damaged.runs)
        for run, repair in zip(damaged.runs, shifted, strict=True):
            line = CLEAN.split("\n")[run.line]
            assert repair.line == run.line + 1
            assert line[run.start : run.end] in repair.after in line
            assert repair.before in damaged.text.split("\n")[run.line]
            assert repair.confidence >= 0.8

    def test_makes_a_last_byte_that_is_lost_doubtful_where_words_do_not_decide(self) -> None:
        lost = [*EXPORTED, "可以和他談?wù)?,聽聽他的想法"]
        repair = next(each for each in _repaired("\n".join(lost)).repairs if each.kind == "shifted")
        assert repair.confidence < 0.8

    def test_flags_a_run_that_no_reading_makes_sense_of(self) -> None:
        repaired = _repaired("\n".join([*EXPORTED, "請查看?zhuǎng)\ue123\ue456這一欄"]))
        assert [flag.span and flag.span.line for flag in repaired.flags] == [4]
        assert repaired.lines[3] == "请查看□□□这一栏"

    def test_flags_hanzi_it_can_not_have(self) -> None:
        damaged = damage(CLEAN, 1, glossed=0.5).text
        flag = _repaired(f"{damaged}\n請查看鈭峁硇麄谡這一欄").flags[0]
        assert flag.span
        assert flag.span.line == 9

    def test_keeps_brackets_that_are_no_reading(self) -> None:
        assert "系统（app）已经更新" in _repaired("\n".join(EXPORTED)).lines[2]


class TestAnyDocument:
    def test_has_a_shifted_run_read_again_without_any_pinyin(self) -> None:
        clean = "我们会在二十四小时之内给您答复，请您放心"
        damaged = misread(clean) + "1。"
        repaired = _repaired(f"第一行没有问题。\n{damaged}")
        assert "们会在二十四小时之内给您答复，请您放" in repaired.lines[1]

    @pytest.mark.parametrize("character", ["\ufffd", "\ue123", "\U000f0000"])
    def test_has_a_character_that_stands_for_nothing_flagged_at_its_place(self, character: str) -> None:
        repaired = _repaired(f"没有问题。\n请联系{character}客服。")
        assert repaired.lines == ["没有问题。", "请联系□客服。"]
        assert [(flag.span.line, flag.span.start, flag.span.end) for flag in repaired.flags if flag.span] == [
            (2, 3, 4)
        ]

    def test_has_the_bullets_of_symbol_fonts_made_plain(self) -> None:
        repaired = _repaired("\uf0b7 先听完\n\uf0b7 再回答")
        assert repaired.lines == ["• 先听完", "• 再回答"]
        assert [(each.kind, each.after, each.count) for each in repaired.repairs] == [("encoding", "•", 2)]

    @pytest.mark.parametrize(
        "text",
        [
            "您好?請問怎樣稱呼?我姓王。",
            "應當先確認問題，再聯繫同事。",
            "真的吗??!那怎么办?F键坏了",
            "龜(guī)是爬行動物，鱉(biē)也是。",
            "系统(app)里的“设置”?第1步:打开",
            "これは何ですか?わかりません。",
            "정말요? 네, 그렇습니다.",
            "Что это? Это «тест»?Да",
            "https://example.org/?q=客服&p=1?x",
            "Really?(ok)? 50€ – naïve café",
            "",
        ],
    )
    def test_that_is_clean_stays_as_it_is(self, text: str) -> None:
        assert _unchanged(text)

    @given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Co"], exclude_characters="\ufffd")))
    def test_of_any_language_stays_as_it_is(self, text: str) -> None:
        assert _unchanged(text)

    @given(
        st.lists(
            st.sampled_from([*"客服应当?？,，。”(（)aR€1學進的是", "(jìn)", "請問", "答案:"]), max_size=40
        )
    )
    def test_of_common_characters_stays_as_it_is(self, parts: list[str]) -> None:
        text = "".join(parts)
        if text.count("(jìn)") < 5:
            assert _unchanged(text)

    @given(st.text(alphabet=[*"?\ufffd\ue123\ue7a5€(yán)shù學進的斫臅r！边@，,M。\n"], max_size=60))
    def test_has_nothing_left_that_stands_for_nothing(self, text: str) -> None:
        repaired = _repaired(text)
        assert len(repaired.lines) == len(text.split("\n"))
        assert not NO_CHARACTER.search("".join(repaired.lines))

    @pytest.mark.parametrize("script", ["as written", "t2s", "s2t"])
    def test_of_ours_stays_as_it_is(self, script: str) -> None:
        files = [*(ROOT / "knowledge").glob("*.yaml"), *(ROOT / "evals/datasets/golden").glob("*.jsonl")]
        files += [*(ROOT / "prompts").rglob("*.md"), *(ROOT / "tests/banks").glob("*.yaml")]
        assert files
        for file in files:
            text = file.read_text(encoding="utf-8")
            assert _unchanged(text if script == "as written" else opencc.OpenCC(script).convert(text)), file

    @pytest.mark.parametrize(
        "line",
        [
            "?yán)",
            "中?yán)斫",
            "?中",
            "中\ue123文",
            "中\ufffd文",
            "何ですか?",
            "中?臅€?浅r",
            "學(xué)習(xí)?",
        ],
    )
    def test_takes_time_linear_in_its_length(self, line: str) -> None:
        started = time.thread_time()
        repair_lines([line * (60_000 // len(line))])
        assert time.thread_time() - started < 60


class TestTheSeeds:
    def test_the_damaged_one_is_repaired_everywhere(self) -> None:
        repaired = _repaired(_seed("000_*.txt"))
        shifted = [repair for repair in repaired.repairs if repair.kind == "shifted"]
        assert sum(repair.kind == "pinyin" for repair in repaired.repairs) == 859
        assert len(shifted) == 22
        assert sum(repair.confidence < 0.8 for repair in shifted) <= 2
        assert all(likelihood(repair.after) > -7 * len(repair.after) for repair in shifted)
        assert not repaired.flags
        text = "\n".join(repaired.lines)
        assert not NO_CHARACTER.search(text)
        assert not re.search(r"[(（][a-z]*[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ]", text)
        assert not re.search(r"[\u4e00-\u9fff][,:;?!()]|[,:;?!()][\u4e00-\u9fff]", text)

    def test_the_clean_one_stays_as_it_is(self) -> None:
        assert _unchanged(_seed("001_*.txt"))


def test_labelled_replies_elsewhere_stay_as_they_are() -> None:
    replies = ROOT.parent / "shared" / "golden" / "replies.jsonl"
    if not replies.exists():
        pytest.skip("no shared replies here")
    for line in replies.read_text(encoding="utf-8").splitlines():
        assert _unchanged(json.loads(line)["answer"])


def _seed(pattern: str) -> str:
    found = sorted(SEEDS.glob(pattern))
    if not found:
        pytest.skip("no seeds here")
    return found[0].read_text(encoding="utf-8")
