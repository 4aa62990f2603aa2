"""An interviewer that says what people would hear, without a language model."""

import asyncio
import re
from collections.abc import AsyncIterator

from app.interviews.flow.moves import Move, NextMove
from app.interviews.speaking.interviewer import Response
from app.interviews.speaking.occasion import Occasion
from tests.web.house import ScriptedInterviewer, asked_by

_ASKS = {Move.GREET, Move.ASK, Move.REPEAT}
_SAID = {
    Move.GREET: "您好，我是今天的面试官。我们聊几个工作中的情境，没有标准话术，按您真实的做法说就好。",
    Move.ASK: "好的，谢谢您讲得这么具体。我们看下一题。",
    Move.FOLLOW_UP: "您说会先安抚客户，这一点很好。能再具体说说吗：您第一句话是怎么讲的，客户有什么反应？",
    Move.REPEAT: "没问题，我再说一遍。",
    Move.EXPLAIN: "这道题想听您的处理顺序：先做什么，再做什么，为什么。",
    Move.HINT: "可以从客户最着急的那件事说起，再讲您怎么核实情况。",
    Move.PAUSE: "好的，我们先停在这里。您准备好以后再继续。",
    Move.RESUME: "欢迎回来，我们接着刚才的问题。",
    Move.CLOSE: "今天的问题就到这里，谢谢您抽出时间。",
}


class PoliteInterviewer(ScriptedInterviewer):
    """Speaks Chinese, clause by clause; held, it stops in its first sentence."""

    async def words(
        self, move: NextMove, occasion: Occasion, response: Response | None = None
    ) -> AsyncIterator[str]:
        said = _SAID[move.move]
        question = asked_by(move, occasion)
        if question and move.move in _ASKS:
            said += question.text
        first, *more = re.findall(r"[^，。：？]+[，。：？]?", said)
        yield first
        while self.held and response is not None:
            await asyncio.sleep(0.01)
        for clause in more:
            yield clause
