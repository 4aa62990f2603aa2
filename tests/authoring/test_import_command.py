import asyncio
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.authoring.cli import bank_app
from app.authoring.repository import Drafts
from app.db.opening import open_database
from app.documents.draft import Draft
from app.errors import BadInputError
from app.settings import PROJECT_DIR, Settings

SEEDS = PROJECT_DIR.parent / "shared" / "seeds"
GUIDE = """前台面试题（共2题，每题10分）

一、情景题
1. 客人要求提前入住，而房间还没打扫好，您怎么办？
答案要点：
1) 先致歉并说明还要多久
2) 安排寄存行李
3) 主动给出等候时的去处
2. 客人说房卡打不开门，您怎么处理？
答案：我会先核对客人的身份和房号。再重新制卡，陪客人一起上楼试门。最后登记故障，并提醒工程部检查门锁。
"""


@pytest.fixture
def guide(tmp_path: Path) -> Path:
    path = tmp_path / "guide.txt"
    path.write_text(GUIDE, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def chosen(fresh_settings: Settings, banks_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    settings = fresh_settings.model_copy(update={"banks_dir": banks_dir})
    monkeypatch.setattr("app.settings.get_settings", lambda: settings)
    return settings


def run(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(bank_app, ["import", *map(str, arguments)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_a_dry_run_shows_what_was_understood_and_keeps_nothing(guide: Path, chosen: Settings) -> None:
    shown = run(guide, "--dry-run").stdout
    assert "前台面试题" in shown
    assert "2 questions, 1 ready to be published." in shown
    assert not chosen.data_dir.exists()


def test_json_has_the_fields_of_the_contract(guide: Path) -> None:
    printed = json.loads(run(guide, "--dry-run", "--json").stdout)
    first, second = printed["questions"]
    assert first["text"] == "客人要求提前入住，而房间还没打扫好，您怎么办？"
    assert (first["section"], first["kind"], first["max_score"]) == ("情景题", "situational", 10)
    assert [point["text"] for point in first["points"]][1] == "安排寄存行李"
    assert (second["points"], second["incomplete"]) == ([], False)
    assert second["reference_answer"].startswith("我会先核对")
    assert printed["repairs"] == []


async def test_without_dry_run_the_draft_is_kept_for_review(guide: Path, chosen: Settings) -> None:
    printed = json.loads((await asyncio.to_thread(run, guide, "--json")).stdout)
    async with open_database(chosen) as database, database.reading() as session:
        found = await Drafts(session).get(printed["draft"])
    assert found is not None
    assert len(Draft.model_validate_json(found[0].draft).questions()) == 2


def test_points_are_proposed_when_asked_for(guide: Path) -> None:
    printed = json.loads(run(guide, "--dry-run", "--json", "--propose").stdout)
    answer = printed["questions"][1]["reference_answer"]
    proposed = [point["text"] for point in printed["questions"][1]["points"]]
    assert len(proposed) >= 2
    assert all(text.rstrip("。") in answer for text in proposed)


def test_what_can_not_be_read_is_refused_with_what_to_change(tmp_path: Path) -> None:
    empty = tmp_path / "empty.docx"
    empty.touch()
    with pytest.raises(BadInputError) as caught:
        run(empty)
    assert "empty" in caught.value.detail
    assert caught.value.hint


@pytest.mark.skipif(not SEEDS.exists(), reason="the seed documents are not here")
@pytest.mark.parametrize(
    ("seed", "sections", "marks"),
    [("000_dbdc50e33e5444ec.txt", [4, 4, 4, 4, 3], {None}), ("001_efa1132f96f3a8e8.txt", [5, 3], {8})],
)
def test_the_seeds_come_through_whole(seed: str, sections: list[int], marks: set[float | None]) -> None:
    printed = json.loads(run(SEEDS / seed, "--dry-run", "--json").stdout)
    questions = printed["questions"]
    titles = list(dict.fromkeys(question["section"] for question in questions))
    assert [sum(q["section"] == title for q in questions) for title in titles] == sections
    assert {question["max_score"] for question in questions} == marks
    assert all(question["points"] or question["reference_answer"] for question in questions)
    assert [question["incomplete"] for question in questions] == [False] * (len(questions) - 1) + [True]
    assert "cut-off" in {flag["reason"] for flag in printed["flags"]}
    told = json.dumps(questions, ensure_ascii=False)
    assert not any("\ue000" <= character <= "\uf8ff" or character == "\ufffd" for character in told)
    assert not any(mark in told for mark in "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ")
