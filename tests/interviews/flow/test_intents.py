from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import SetupError
from app.interviews.flow.intents import LONGEST_REQUEST, IntentLexicon
from app.interviews.flow.moves import Intent
from app.settings import PROJECT_DIR

PROMPTS = PROJECT_DIR / "prompts"
LEXICON = IntentLexicon.from_folder(PROMPTS)

REQUESTS = {
    Intent.REPEAT: [
        "请重复一遍",
        "没听清",
        "不好意思，没听清，能再说一遍吗？",
        "您刚才的问题是什么？",
        "能把题目再说一遍吗",
        "麻烦您再说一遍，谢谢",
        "什么？",
        "請再說一遍",
        "Could you please repeat the question?",
        "Sorry, I didn't catch that.",
        "pardon?",
    ],
    Intent.EXPLAIN: [
        "能解释一下题目吗",
        "什么意思",
        "这道题是什么意思呀？",
        "麻烦您把题目解释一下可以吗",
        "不好意思，我没太明白。",
        "這個問題什麼意思",
        "What do you mean?",
        "Can you rephrase that, please?",
        "I don’t understand the question",
    ],
    Intent.DONT_KNOW: [
        "不知道",
        "我不太清楚",
        "没有经验",
        "嗯……我真的不太清楚。",
        "说实话，我没遇到过这种情况",
        "这题我不会",
        "想不起来了",
        "  不 知 道  ",
        "不知道。不知道！",
        "我不知道該怎麼回答",
        "I don't know",
        "I’m not sure, sorry",
        "No idea…",
    ],
    Intent.SKIP: [
        "跳过",
        "下一题",
        "下一题吧",
        "先跳过这题可以吗",
        "不知道，跳过吧",
        "换个问题吧",
        "跳過這題",
        "skip",
        "Next question, please.",
        "I'd rather not answer.",
    ],
    Intent.PAUSE: [
        "暂停一下",
        "我想休息一下",
        "不好意思，我接个电话",
        "等我一下",
        "Let's take a break.",
        "hold on",
    ],
    Intent.RESUME: [
        "继续",
        "我回来了，可以继续了",
        "好的，继续吧",
        "我准备好了",
        "I'm back",
        "Let's continue!",
    ],
    Intent.END: [
        "结束面试",
        "我想结束面试了",
        "不好意思，我不想面了。",
        "結束面試",
        "I want to end the interview",
    ],
    Intent.HINT: [
        "给点提示",
        "能给我一点提示吗？",
        "不知道，给点提示吧",
        "有点紧张，给个提示吧",
        "Can I have a hint?",
    ],
}

ANSWERS = [
    "不知道怎么安抚客户时我会先深呼吸",
    "我不知道的话会去问组长",
    "不清楚的地方我会先查知识库",
    "没有经验的新人我会带着做",
    "我会请客户重复一遍",
    "重复一遍客户的问题",
    "没听清客户的话就请他再说一遍",
    "我会跳过这一步",
    "继续跟进",
    "结束对话",
    "结束",
    "不会",
    "我不会",
    "没有",
    "好的",
    "可以",
    "再见",
    "请稍等",
    "您好，请稍等",
    "先暂停发货，再联系仓库",
    "我会提示客户先重启",
    "给客户一点提示",
    "处理过的",
    "先跳过，再重复一遍",
    "什么都可以问我",
    "我会解释一下政策",
    "暂停服务的时候要提前通知",
    "下一个客户",
    "",
    "？？？",
    "😀",
    "I would not end the interview with the customer",
    "I don't know the answer at once, so I look it up",
    "I skip lunch",
    "I repeat the question to the customer",
    "Pass it on to my supervisor",
    "I continue until it is solved",
    "no",
]


@pytest.mark.parametrize(
    ("intent", "text"), [(intent, text) for intent, texts in REQUESTS.items() for text in texts]
)
def test_a_request_is_recognised(intent: Intent, text: str) -> None:
    assert LEXICON.recognise(text) is intent


@pytest.mark.parametrize("text", ANSWERS)
def test_anything_else_is_an_answer(text: str) -> None:
    assert LEXICON.recognise(text) is Intent.ANSWER


@pytest.mark.parametrize(
    "text",
    [
        "请用英文",
        "请您用英语提问好吗？",
        "In English please",
        "Sorry, could you switch to English?",
        "請用中文",
    ],
)
def test_a_wish_for_a_language_is_recognised(text: str) -> None:
    assert LEXICON.recognise(text) is Intent.LANGUAGE


@pytest.mark.parametrize("text", ["遇到外国客户我会用英文回复", "用英文和客户沟通", "I answer in English"])
def test_speaking_about_a_language_is_no_wish_for_it(text: str) -> None:
    assert LEXICON.recognise(text) is Intent.ANSWER


@pytest.mark.parametrize("text", ["是", "好的。", "嗯！", "Yes", "yes, please"])
def test_a_plain_yes_takes_what_was_offered(text: str) -> None:
    assert LEXICON.recognise(text, Intent.SKIP) is Intent.SKIP


@pytest.mark.parametrize("text", ["是", "好的", "Yes"])
def test_a_yes_to_nothing_offered_is_an_answer(text: str) -> None:
    assert LEXICON.recognise(text) is Intent.ANSWER


def test_more_than_a_yes_takes_nothing() -> None:
    assert LEXICON.recognise("是，不过我还想说说退款的事", Intent.END) is Intent.ANSWER


@given(st.text(max_size=80))
def test_every_text_has_an_intent(text: str) -> None:
    assert LEXICON.recognise(text) in Intent


@given(st.text(min_size=LONGEST_REQUEST + 1))
def test_a_long_reply_is_an_answer(text: str) -> None:
    assert LEXICON.recognise(text) is Intent.ANSWER


def folder_with(tmp_path: Path, content: str) -> Path:
    (tmp_path / "xx").mkdir()
    (tmp_path / "xx" / "intents.yaml").write_text(content, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("intents: {skip: [next], end: [Next!]}", "'Next!'"),
        ("intents: {fly: [up]}", "fly"),
        ("intents: {skip: ['...']}", "'...'"),
        ("intents: {}\nwishes: {}", "wishes"),
        ("intents: [", r"intents\.yaml"),
    ],
)
def test_a_malformed_phrase_list_is_refused_by_name(tmp_path: Path, content: str, named: str) -> None:
    with pytest.raises(SetupError, match=named):
        IntentLexicon.from_folder(folder_with(tmp_path, content))


def test_politeness_in_one_language_does_not_need_phrases_in_another(tmp_path: Path) -> None:
    lexicon = IntentLexicon.from_folder(
        folder_with(tmp_path, "intents: {skip: [suivante]}\nopeners: [bonjour]")
    )
    assert lexicon.recognise("Bonjour, suivante !") is Intent.SKIP
