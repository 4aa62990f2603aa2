import json

import pytest

from app.banks.schema import Question, RubricPoint
from app.errors import BadInputError, LLMError
from app.interviews.planning.plan import Plan, PlannedQuestion
from app.interviews.planning.translating import Translator
from app.llm.prompts import PromptLibrary
from app.settings import PROJECT_DIR
from tests.fakes.scripted import ScriptedLLM

PROMPTS = PromptLibrary(PROJECT_DIR / "prompts")

ZH = Question(
    id="q1",
    text="客户说屏幕坏了，要求24小时内换货，您会怎么做？",
    kind="situational",
    examines="先人后事",
    points=[
        RubricPoint(id="p1", text="先安抚客户情绪", probe="您开口第一句会说什么？"),
        RubricPoint(id="p2", text="核对订单与保修期"),
    ],
    reference_answer="我会先道歉，再核对订单，24小时内换货。",
)
PLAN = Plan(
    bank_id="zh",
    title="客服题库",
    version="1.0.0",
    role="在线客服",
    language="zh-CN",
    competencies={"care": "关心客户"},
    questions=[PlannedQuestion(bank_id="zh", bank_version="1.0.0", section_title="情景", question=ZH)],
)
TITLES = {
    "role": "Online support agent",
    "title": "Customer service bank",
    "competency:care": "Care for customers",
    "section:1": "Situations",
}
TEXTS = {
    "question": "A customer with a broken screen wants a new phone within 24 hours. What would you do?",
    "examines": "People before things",
    "point:p1": "Calms the customer first",
    "probe:p1": "What would be the first thing you say?",
    "point:p2": "Checks the order and the warranty",
    "reference_answer": "I apologise first, check the order, and replace it within 24 hours.",
}


class EmbeddedLLM(ScriptedLLM):
    """Shows its states, as only the embedded model does."""

    async def states(self) -> None: ...


def answer(texts: dict[str, str]) -> str:
    return json.dumps({"texts": [{"id": name, "text": text} for name, text in texts.items()]})


def model(*translations: dict[str, str]) -> ScriptedLLM:
    """Answers for titles always, and for the question with these in turn."""
    waiting = list(translations)

    def next_one(prompt: object) -> str:
        asked = prompt.messages[-1]["content"]  # type: ignore[attr-defined]
        return answer(TITLES if '"role"' in asked else waiting.pop(0))

    return ScriptedLLM(default=next_one)


async def test_a_plan_is_translated_whole_with_ids_and_marks_kept() -> None:
    llm = model(TEXTS)
    plan = await Translator(llm, PROMPTS).in_language(PLAN, "en")
    question = plan.questions[0].question
    assert (plan.language, plan.written_in, plan.role) == ("en", "zh-CN", "Online support agent")
    assert (plan.questions[0].section_title, plan.competencies) == (
        "Situations",
        {"care": "Care for customers"},
    )
    assert question.text == TEXTS["question"]
    assert [(point.id, point.probe) for point in question.points] == [("p1", TEXTS["probe:p1"]), ("p2", None)]
    assert question.max_score == ZH.max_score
    assert len(llm.history) == 2


async def test_the_same_questions_are_translated_once_for_everybody() -> None:
    llm = model(TEXTS)
    translator = Translator(llm, PROMPTS)
    first = await translator.in_language(PLAN, "en")
    assert await translator.in_language(PLAN, "en") == first
    assert len(llm.history) == 2


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        ("persons", TEXTS | {"question": "The screen broke; 24 hours are left. What should I do?"}),
        ("numbers", TEXTS | {"question": TEXTS["question"].replace("24", "48")}),
        ("questions", TEXTS | {"probe:p1": "What would you say first? And what would you say next?"}),
        ("language", TEXTS | {"point:p1": "先安抚客户情绪"}),
        ("ids", {name: text for name, text in TEXTS.items() if name != "point:p2"}),
        ("ids", TEXTS | {"point:p3": "Offers a refund"}),
        ("length", TEXTS | {"point:p2": " "}),
    ],
)
async def test_a_faulty_translation_is_asked_for_again_with_what_was_wrong(
    kind: str, texts: dict[str, str]
) -> None:
    llm = model(texts, TEXTS)
    plan = await Translator(llm, PROMPTS).in_language(PLAN, "en")
    assert plan.questions[0].question.text == TEXTS["question"]
    again = [prompt.messages[-1]["content"] for prompt in llm.history if "could not be used" in str(prompt)]
    assert len(again) == 1
    with pytest.raises(LLMError, match=kind) as raised:
        await Translator(model(texts, texts), PROMPTS).in_language(PLAN, "en")
    assert "zh-CN" in raised.value.hint


async def test_figures_may_be_words_and_large_units_other_figures() -> None:
    question = ZH.model_copy(update={"text": "赔了1万元，还剩3天，您会怎么做？"})
    plan = PLAN.model_copy(
        update={"questions": [PLAN.questions[0].model_copy(update={"question": question})]}
    )
    said = "10,000 yuan were paid and three days are left. What would you do?"
    translated = await Translator(model(TEXTS | {"question": said}), PROMPTS).in_language(plan, "en")
    assert translated.questions[0].question.text == said


@pytest.mark.parametrize("language", ["zh-TW", "zh-Hant", "zh-HK"])
async def test_another_script_needs_no_model(language: str) -> None:
    plan = await Translator(EmbeddedLLM(), PROMPTS).in_language(PLAN, language)
    question = plan.questions[0].question
    assert plan.language == language
    assert (plan.role, plan.title, plan.questions[0].section_title) == ("在線客服", "客服題庫", "情景")
    assert question.text.startswith("客戶說屏幕壞了")
    assert question.points[0].text == "先安撫客戶情緒"
    assert question.points[0].probe == "您開口第一句會說什麼？"
    assert "訂單" in (question.reference_answer or "")
    back = await Translator(EmbeddedLLM(), PROMPTS).in_language(plan, "zh-CN")
    assert back.questions[0].question == ZH


@pytest.mark.parametrize("language", [None, "zh-CN", "zh", "zh-SG"])
async def test_the_banks_own_language_changes_nothing(language: str | None) -> None:
    assert await Translator(EmbeddedLLM(), PROMPTS).in_language(PLAN, language) is PLAN


async def test_the_embedded_model_offers_the_banks_language_and_its_scripts_only() -> None:
    embedded, able = Translator(EmbeddedLLM(), PROMPTS), Translator(ScriptedLLM(), PROMPTS)
    assert embedded.languages("zh-CN") == ["zh-CN", "zh-TW"]
    assert embedded.languages("en") == ["en"]
    assert able.languages("zh-CN") == ["zh-CN", "en", "zh-TW"]
    assert able.languages("de") == ["de", "en", "zh", "zh-TW"]
    with pytest.raises(BadInputError, match="'en'") as raised:
        await embedded.in_language(PLAN, "en")
    assert "zh-CN, zh-TW" in raised.value.hint
    with pytest.raises(BadInputError, match="'ko'"):
        await able.in_language(PLAN, "ko")
