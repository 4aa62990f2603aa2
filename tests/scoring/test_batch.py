import json
from typing import Any

import pytest

from app.banks.library import BankLibrary
from app.errors import LLMUnavailableError, NotFoundError
from app.llm.prompts import PromptLibrary, RenderedPrompt
from app.scoring.batch import BatchScorer
from app.scoring.schemas import ScoreRequest, ScoreResult
from app.scoring.scorer import build_scorer
from app.settings import PROJECT_DIR, Settings
from tests.fakes.scripted import ScriptedLLM

GOLDEN_LINES = (PROJECT_DIR / "evals" / "datasets" / "golden" / "replies.jsonl").read_bytes().splitlines()
POINTS = [{"id": "a", "text": "先向客户道歉"}, {"id": "b", "text": "请客户提供照片", "weight": 3}]


def line(**changes: Any) -> bytes:
    fields = {"id": "1", "question": "你会怎么处理？", "points": POINTS, "answer": "我会先道歉。"}
    return json.dumps(fields | changes).encode() + b"\n"


@pytest.fixture
def llm() -> ScriptedLLM:
    """Finds an apology in every reply, and no photograph."""

    def judge(prompt: RenderedPrompt) -> str:
        asked = prompt.messages[-1]["content"].splitlines()[-1]
        return (
            '{"quotes": ["先道歉"], "verdict": "hit"}'
            if "道歉" in asked
            else '{"quotes": [], "verdict": "miss"}'
        )

    return ScriptedLLM(default=judge)


@pytest.fixture
def batch(settings: Settings, llm: ScriptedLLM, prompts: PromptLibrary) -> BatchScorer:
    banks = BankLibrary.from_folder(PROJECT_DIR / "knowledge")
    return BatchScorer(build_scorer(settings, llm, prompts), banks)


async def results(batch: BatchScorer, *lines: bytes, repeats: int = 1) -> list[ScoreResult]:
    return [scored async for scored in batch.score_lines(lines, repeats)]


async def test_a_line_becomes_a_result_of_the_contracts_shape(batch: BatchScorer) -> None:
    [scored] = await results(batch, line(answer="喂，我会先道歉。"))
    shown = scored.to_json()
    assert len(shown.pop("fingerprint")) == 32
    assert shown == {
        "id": "1",
        "status": "scored",
        "score": 2.0,
        "max_score": 8.0,
        "points": [
            {
                "id": "a",
                "credit": 1.0,
                "confidence": None,
                "quotes": [{"start": 4, "end": 7, "text": "先道歉"}],
                "needs_review": False,
            },
            {"id": "b", "credit": 0.0, "confidence": None, "quotes": [], "needs_review": False},
        ],
    }


async def test_quotes_are_slices_of_the_answer_as_given(batch: BatchScorer, llm: ScriptedLLM) -> None:
    answer = "\u200b\u202e  👨‍👩‍👧 我會\u200b先\t道歉。"
    llm.default = '{"quotes": ["会先 道歉"], "verdict": "hit"}'
    [scored] = await results(batch, line(answer=answer))
    quote = scored.points[0].quotes[0]
    assert answer[quote.start : quote.end] == quote.text == "會\u200b先\t道歉"


async def test_results_come_in_input_order_and_bad_lines_stop_nothing(batch: BatchScorer) -> None:
    lines = [
        line(id=1),
        b"{not json\n",
        b"[]\n",
        b"\xff\xfe\n",
        b"  \n",
        line(id=None),
        line(id="no answer", answer=None),
        line(id="same ids", points=[POINTS[0], POINTS[0]]),
        line(id="no points", points=[]),
        line(id="zero weight", points=[POINTS[0] | {"weight": 0}]),
        line(id="nan weight", points=[POINTS[0] | {"weight": float("nan")}]),
        line(id="no marks", max_score=0),
        line(id="surrogate", answer="\ud800"),
        line(id="\ud800"),
        line(id="blank question", question="  "),
        line(id="both", question_id="x"),
        b'{"id": "neither", "answer": "x"}\n',
        b'{"id": "unknown", "question_id": "nope", "answer": "x"}\n',
        line(id=True),
        b"[" * 100_000 + b"\n",
        line(id="last"),
    ]
    scored = await results(batch, *lines)
    assert [r.id for r in scored] == [
        1, None, None, None, None, "no answer", "same ids", "no points", "zero weight", "nan weight",
        "no marks", "surrogate", None, "blank question", "both", "neither", "unknown", None, None, "last",
    ]  # fmt: skip
    good = [r for r in scored if r.status == "scored"]
    assert [r.id for r in good] == [1, "last"]
    bad = [r for r in scored if r.status == "not_scored"]
    assert all(r.score is None and str(r.reason).startswith("bad-input: line ") for r in bad)
    json.dumps([r.to_json() for r in scored], ensure_ascii=False).encode()


async def test_a_reason_names_line_and_field(batch: BatchScorer) -> None:
    _, scored = await results(batch, b"\n", line(), line(points=[POINTS[0] | {"weight": -1}]))
    assert scored.reason == "bad-input: line 3: points.0.weight: Input should be greater than 0"


async def test_a_byte_order_mark_is_no_mistake(batch: BatchScorer) -> None:
    [scored] = await results(batch, b"\xef\xbb\xbf" + line())
    assert scored.status == "scored"


async def test_fields_of_a_labelled_data_set_are_ignored(batch: BatchScorer) -> None:
    [scored] = await results(batch, line(labels={"a": 1}, kind="short", split="train"))
    assert scored.status == "scored"


async def test_a_banks_question_is_found_by_its_id(batch: BatchScorer) -> None:
    bank = next(iter(BankLibrary.from_folder(PROJECT_DIR / "knowledge").banks.values()))
    question = bank.sections[0].questions[0]
    [scored] = await results(
        batch, json.dumps({"id": 7, "question_id": question.id, "answer": "我会先道歉。"}).encode()
    )
    assert [p.id for p in scored.points] == [p.id for p in question.points]
    assert scored.max_score == question.max_score


async def test_an_unknown_question_raises_for_a_single_request(batch: BatchScorer) -> None:
    with pytest.raises(NotFoundError, match="nope"):
        await batch.score(ScoreRequest(id="1", question_id="nope", answer="x"))


async def test_a_model_that_is_down_leaves_lines_unscored_with_the_reason(
    batch: BatchScorer, llm: ScriptedLLM
) -> None:
    llm.default = LLMUnavailableError("nobody answers")
    down, empty = await results(batch, line(), line(id="e", answer=""))
    assert (down.status, down.score, down.reason) == ("not_scored", None, "llm-unavailable: nobody answers")
    assert [p.credit for p in down.points] == [None, None]
    assert (empty.status, empty.score) == ("scored", 0)


async def test_repeats_are_listed_and_disagreement_asks_for_a_person(
    batch: BatchScorer, llm: ScriptedLLM
) -> None:
    hit, miss = '{"quotes": ["先道歉"], "verdict": "hit"}', '{"quotes": [], "verdict": "miss"}'
    llm.enqueue(hit, miss, hit, miss, miss, miss)
    [scored] = await results(batch, line(), repeats=3)
    assert scored.repeats == [{"a": 1.0, "b": 0.0}, {"a": 1.0, "b": 0.0}, {"a": 0.0, "b": 0.0}]
    assert [p.needs_review for p in scored.points] == [True, False]
    assert scored.score == 2.0


@pytest.mark.parametrize(
    ("question", "prompt"),
    [("你会怎么处理？", "zh/judge"), ("What would you do?", "en/judge"), ("?", "en/judge")],
)
async def test_the_questions_script_picks_the_language_of_judging(
    batch: BatchScorer, llm: ScriptedLLM, question: str, prompt: str
) -> None:
    await results(batch, line(question=question))
    assert llm.history[0].name == prompt


async def test_a_named_language_is_judged_in(batch: BatchScorer, llm: ScriptedLLM) -> None:
    await results(batch, line(language="en"))
    assert llm.history[0].name == "en/judge"


async def test_golden_lines_are_taken_as_they_are(batch: BatchScorer) -> None:
    scored = await results(batch, *GOLDEN_LINES[:3])
    assert [r.status for r in scored] == ["scored"] * 3
