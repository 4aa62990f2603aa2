"""Two questions, a reply and what an interviewer without a model says to it."""

from pathlib import Path

from app.banks.schema import Question, RubricPoint
from app.banks.turns import TurnLibrary
from app.interviews.flow.moves import FlowState, Move, NextMove
from app.interviews.speaking.authored import AuthoredWords
from app.interviews.speaking.interviewer import Interviewer, Response
from app.interviews.speaking.occasion import Line, Occasion
from app.interviews.speaking.phrases import Phrases
from app.llm.prompts import PromptLibrary
from app.settings import PROJECT_DIR
from tests.fakes.scripted import plain_speaker

PROMPTS = PromptLibrary(PROJECT_DIR / "prompts")
ZH = PROMPTS.files.get(Phrases, "zh")
EN = PROMPTS.files.get(Phrases, "en")

FIRST = Question(
    id="q1",
    text="请讲一次您处理客户投诉的经历。后来怎么样了？",
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
TURNS = """
question: q1
points:
  p1: {heard: [客户的话您听到了最后一句。], ask: [电话接起来，您在做什么？], more: [说到一半，您怎么样？]}
  p2: {heard: [走哪条路，您交给客户来定。], ask: [那一刻由谁拿主意？], more: [除了这一个，还摆了什么？]}
  p3: {heard: [事情了结之后，您还惦记着客户。], ask: [挂了电话以后呢？], more: [过了几天，您怎么知道的？]}
turns:
  p1:
    p2: [客户说完了，您也听完了。接下来怎么办，那一刻由谁拿主意？, 气话您都听进去了。往下有几条路可走？]
"""
REPLY = "客户的快递丢了，我先安抚他，然后帮他联系快递公司，查了三天才找回来。"
OCCASION = Occasion(
    language="zh-CN", role="在线客服", question=FIRST, following=SECOND, number=1, of=3, reply=REPLY, seed="a"
)
ASK = NextMove(Move.ASK, FlowState(question=2), reason="nothing_to_follow_up")


def interviewer(banks: Path | None = None) -> Interviewer:
    """One that takes every reply for an answer, with the turns of the folder `banks`."""
    authored = AuthoredWords(TurnLibrary(banks or Path("no banks")))
    return Interviewer(plain_speaker(PROMPTS.files), authored, PROMPTS.files)


def with_turns(folder: Path, text: str = TURNS) -> Path:
    """A folder of banks with turns for the first question."""
    (folder / "turns" / "bank").mkdir(parents=True)
    (folder / "turns" / "bank" / "q1.yaml").write_text(text, encoding="utf-8")
    return folder


def follow_up(point_id: str) -> NextMove:
    state = FlowState(question=1, follow_ups_used=1, pending_point=point_id, asked_points=(point_id,))
    return NextMove(Move.FOLLOW_UP, state, point_id, "open_point")


def move(kind: Move, reason: str = "", point_id: str | None = None) -> NextMove:
    return NextMove(kind, FlowState(question=1, pending_point=point_id), point_id, reason)


def interviewer_said(kind: Move, text: str) -> Line:
    return Line("interviewer", kind.value, text, 1)


async def said(
    move: NextMove, occasion: Occasion, response: Response | None = None, banks: Path | None = None
) -> str:
    words = interviewer(banks).words(move, occasion, response or Response())
    return "".join([piece async for piece in words])
