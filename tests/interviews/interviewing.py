"""Two questions, a reply and what an interviewer with a scripted LLM says to it."""

from dataclasses import replace

from app.banks.schema import Question, RubricPoint
from app.interviews.flow.moves import FlowState, Move, NextMove
from app.interviews.speaking.interviewer import Interviewer, WordingContext
from app.interviews.speaking.phrases import Phrases
from app.llm.prompts import PromptLibrary
from app.settings import PROJECT_DIR
from tests.fakes.scripted import ScriptedLLM

PROMPTS = PromptLibrary(PROJECT_DIR / "prompts")
ZH = PROMPTS.files.get(Phrases, "zh")
EN = PROMPTS.files.get(Phrases, "en")

FIRST = Question(
    id="q1",
    text="请讲一次您处理客户投诉的经历。",
    kind="behavioural",
    points=[
        RubricPoint(id="p1", text="先耐心听完客户要说的话", probe="您最先做的是什么？"),
        RubricPoint(id="p2", text="拿出两个以上的方案让客户自己挑"),
        RubricPoint(id="p3", text="事后回访确认客户满意", probe="您有没有事后回访确认？"),
    ],
    reference_answer="我查了售后规定，当场告诉她责任在我们。",
)
SECOND = Question(
    id="q2",
    text="几个电话同时打来，您怎么安排先后？",
    kind="situational",
    points=[RubricPoint(id="p1", text="紧急的排在最前", probe="什么事会让您放下别的？")],
)
REPLY = "客户的快递丢了，我先安抚他，然后帮他联系快递公司，查了三天才找回来。"
SENTENCE = "您先安抚他，又帮他联系了快递公司。"
CONTEXT = WordingContext(language="zh-CN", role="在线客服", question=FIRST, last_reply=REPLY, number=1, of=3)
ASKING = replace(CONTEXT, question=SECOND, previous_question=FIRST, number=2)
ASK = NextMove(Move.ASK, FlowState(question=2), reason="nothing_to_follow_up")


def follow_up(point_id: str) -> NextMove:
    state = FlowState(question=1, follow_ups_used=1, pending_point=point_id, asked_points=(point_id,))
    return NextMove(Move.FOLLOW_UP, state, point_id, "open_point")


def move(kind: Move, point_id: str | None = None, reason: str = "") -> NextMove:
    return NextMove(kind, FlowState(question=1, pending_point=point_id), point_id, reason)


async def said(llm: ScriptedLLM, move: NextMove, context: WordingContext) -> str:
    return "".join([piece async for piece in Interviewer(llm, PROMPTS).words(move, context)])
