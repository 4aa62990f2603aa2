import pytest

from app.llm.factory import build_llm
from app.llm.prompts import PromptLibrary
from app.scoring.rubric import AnswerPart, Item
from app.scoring.scorer import build_scorer
from app.search.embedding import build_embedder
from app.settings import Settings

FULL = (
    "先跟客户说声对不起，让他把火发完。再请他拍几张照片发来，跟页面对一对。"
    "真不符的话当天给他退货，或者换一件再补十块运费。"
)
PARTIAL = "我先跟客户说对不起，让他消消气，然后看情况再说吧。"
BESIDE = "我平时喜欢跑步，周末也去爬山，去年还参加了一次半程马拉松，成绩还不错。"


@pytest.mark.model
async def test_the_embedded_model_ranks_replies_and_repeats_itself(
    require_weights: Settings, prompts: PromptLibrary, complaint: Item
) -> None:
    llm = build_llm(require_weights, lambda usage: None)
    scorer = build_scorer(require_weights, llm, prompts, build_embedder(require_weights))
    await llm.start()
    try:
        cards = [
            await scorer.score(complaint, [AnswerPart(1, text)]) for text in (FULL, PARTIAL, BESIDE, "", FULL)
        ]
    finally:
        await llm.close()
    assert [card.reason for card in cards] == [None, None, None, "empty: The reply has no words.", None]
    full, partial, beside, empty, again = (card.score for card in cards)
    assert full is not None
    assert partial is not None
    assert full > partial > empty == beside == 0
    assert again == full
    assert cards[4] == cards[0]
    assert all(point.quotes and point.quotes[0].text in FULL for point in cards[0].points if point.credit)
