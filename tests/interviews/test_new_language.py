"""A language that no code knows, made by copying a folder."""

import shutil
from pathlib import Path

from app.banks.library import BankLibrary
from app.interviews.speaking.interviewer import build_interviewer
from app.llm.prompts import PromptLibrary
from app.scoring.judges.points import EvidenceFirstJudge
from app.scoring.rubric import AnswerPart, Item, RubricPoint
from app.search.index import QuestionIndex
from app.settings import PROJECT_DIR, Settings
from tests.fakes.scripted import ScriptedLLM
from tests.interviews.house import open_house, tiny_bank


def with_new_language(folder: Path) -> Path:
    """The shipped prompts, and English ones with some words of their own as the language `xx`."""
    shutil.copytree(PROJECT_DIR / "prompts", folder)
    shutil.copytree(folder / "en", folder / "xx")
    (folder / "xx" / "language.yaml").write_text("name: Xxish\n", encoding="utf-8")
    for file, word, other in (
        ("phrases.yaml", "Hello", "Xello"),
        ("intents.yaml", "next question", "xext quextion"),
        ("judge.md", "strict and fair", "xtrict and fair"),
    ):
        path = folder / "xx" / file
        text = path.read_text(encoding="utf-8")
        assert word in text
        path.write_text(text.replace(word, other), encoding="utf-8")
    return folder


async def test_an_interview_is_held_in_a_language_that_is_only_a_folder(
    settings: Settings, tiny_questions: QuestionIndex, tmp_path: Path
) -> None:
    prompts = PromptLibrary(with_new_language(tmp_path / "prompts"))
    own = settings.model_copy(update={"prompts_dir": prompts.folder})
    banks = BankLibrary({"tiny": tiny_bank().model_copy(update={"language": "xx-YY"})})
    speaker = build_interviewer(own, prompts, ScriptedLLM())
    async with open_house(own, tiny_questions, banks=banks, interviewer=speaker) as house:
        created = await house.interview(questions=2)
        await house.say(created.id, "Xext quextion!")
        lines = await house.settled(created.id)
    assert lines[0].text.startswith("Xello")
    assert [line.kind for line in lines] == ["greet", "skip", "ask"]


async def test_replies_are_judged_by_the_prompts_of_such_a_language(tmp_path: Path) -> None:
    llm = ScriptedLLM('{"quotes": ["I apologise"], "verdict": "hit"}')
    point = RubricPoint("p1", "apologise")
    item = Item("What do you do?", (point,), 8, "xx")
    judge = EvidenceFirstJudge(llm, PromptLibrary(with_new_language(tmp_path / "prompts")))
    (judgement,) = await judge.judge(item, [AnswerPart(1, "I apologise.")], [point])
    assert judgement.credit == 1
    assert "xtrict and fair" in llm.history[0].messages[0]["content"]
