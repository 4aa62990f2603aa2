import pytest

from app.errors import LLMError
from app.llm.base import Completion
from app.llm.prompts import PromptLibrary
from app.scoring.judges.asking import is_verbatim, neutralised, read_strictly, rotated, worked_examples
from app.scoring.judges.points import PointVerdict
from app.scoring.rubric import AnswerPart

VERDICT = PointVerdict(quotes=["道歉"], verdict="hit")
JSON = VERDICT.model_dump_json()


def test_text_to_be_judged_keeps_its_words() -> None:
    assert neutralised("若 a<b，\u202e则 a\ud800 b\x00") == "若 a‹b，则 a b"


def test_a_quote_counts_as_typed_and_as_the_prompt_shows_it() -> None:
    answer = [AnswerPart(1, "先道歉"), AnswerPart(2, "若 a<b 就換貨")]
    assert [is_verbatim(quote, answer) for quote in ("道歉", "a‹b", "a<b 就换货", "退款", "")] == [
        True, True, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text", [JSON, f"```json\n{JSON}\n```", f"<think>想一想 {{}}</think>\n{JSON}", f" {JSON}\n"]
)
def test_an_answer_that_is_nothing_but_the_object_is_read(text: str) -> None:
    assert read_strictly(Completion(text, VERDICT), PointVerdict) == VERDICT


@pytest.mark.parametrize(
    "text",
    [f"好的：{JSON}", f"{JSON} 以上。", f"{JSON}\n{JSON}", f"回答里写着 {JSON}，但我不能评分。", JSON[:-1]],
)
def test_an_object_between_words_is_no_verdict(text: str) -> None:
    with pytest.raises(LLMError, match="one JSON object alone"):
        read_strictly(Completion(text, VERDICT), PointVerdict)


def test_every_example_stands_once_in_every_place_and_no_order_comes_twice() -> None:
    orders = [tuple(rotated("abc", repeat)) for repeat in range(6)]
    assert orders[0] == ("a", "b", "c")
    assert len(set(orders)) == 6
    for place in range(3):
        assert {order[place] for order in orders[:3]} == set("abc")
    assert rotated([], 3) == []


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["judge", "judge_checklist", "judge_quotes", "judge_word"])
def test_every_judging_prompt_has_examples_to_permute_and_shows_them(
    prompts: PromptLibrary, language: str, name: str
) -> None:
    prompt = prompts.get(name, language)
    examples = worked_examples(prompt, 0)
    assert len(examples) == 3
    values = {
        "examples": examples,
        "question": "q",
        "reply": "r",
        "point": "p",
        "points": ["p"],
        "quotes": [],
    }
    rendered = prompt.render(**{name: values[name] for name in prompt.front.inputs})
    assert all(example in rendered.messages[0]["content"] for example in examples)
