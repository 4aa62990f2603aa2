from collections.abc import Mapping, Sequence

import pytest

from app.scoring.judges.doubt import RepeatingJudge
from app.scoring.judges.judge import Judgement
from app.scoring.rubric import Answer, AnswerPart, Item, RubricPoint

ANSWER = [AnswerPart(1, "我会先向他道歉，再请他拍照")]
POINTS = [RubricPoint("p1", "道歉"), RubricPoint("p2", "照片")]
ITEM = Item("问题", tuple(POINTS), 8, "zh-CN")
HIT = Judgement(1.0, quotes=("先向他道歉",))
PARTIAL = Judgement(0.5, quotes=("请他拍照",))
MISS = Judgement(0.0)
FAILED = Judgement(None, failure="llm-error: prose")


class Rounds:
    """Gives the judgements of one round after the other and remembers who was asked about what."""

    def __init__(self, *rounds: list[Judgement]) -> None:
        self.rounds = list(rounds)
        self.asked: list[tuple[int, list[str]]] = []

    def identity(self, language: str) -> Mapping[str, str]:
        return {"strategy": "rounds"}

    async def prepare(self, item: Item) -> None:
        """Nothing to prepare."""

    async def judge(
        self, item: Item, answer: Answer, points: Sequence[RubricPoint], repeat: int = 0
    ) -> list[Judgement]:
        self.asked.append((repeat, [point.id for point in points]))
        return self.rounds.pop(0)


async def judged(judge: Rounds, repeats: int = 2) -> list[Judgement]:
    return await RepeatingJudge(judge, repeats).judge(ITEM, ANSWER, POINTS)


async def settled(*verdicts: Judgement) -> Judgement:
    """What becomes of a point judged so in turn, beside one that is clear."""
    judge = Rounds([verdicts[0], MISS], *([verdict] for verdict in verdicts[1:]))
    return (await judged(judge, len(verdicts) - 1))[0]


async def test_only_borderline_points_are_asked_again_each_time_in_another_order() -> None:
    judge = Rounds([HIT, PARTIAL], [PARTIAL], [PARTIAL])
    judgements = await judged(judge)
    assert judge.asked == [(0, ["p1", "p2"]), (1, ["p2"]), (2, ["p2"])]
    assert judgements[0] == HIT
    assert (judgements[1].credit, judgements[1].confidence, judgements[1].needs_review) == (0.5, 1.0, False)


@pytest.mark.parametrize(
    "borderline",
    [
        PARTIAL,
        Judgement(1.0, confidence=0.7, quotes=("先向他道歉",)),
        Judgement(0.0, confidence=0.5),
        Judgement(1.0, quotes=("道歉",)),
        Judgement(1.0, quotes=("我赔他一个新的",)),
        Judgement(1.0, confidence=0.99),
    ],
    ids=["half", "unsure-hit", "unsure-miss", "thin", "invented", "no-evidence"],
)
async def test_half_credit_low_confidence_and_thin_evidence_are_borderline(borderline: Judgement) -> None:
    judge = Rounds([borderline, MISS], [MISS], [MISS])
    await judged(judge)
    assert [asked for _, asked in judge.asked] == [["p1", "p2"], ["p1"], ["p1"]]


@pytest.mark.parametrize(
    "clear",
    [HIT, MISS, FAILED, Judgement(0.5, confidence=0.95, quotes=("请他拍照",))],
    ids=["hit", "miss", "failed", "sure-half"],
)
async def test_other_judgements_stand_after_one_asking(clear: Judgement) -> None:
    judge = Rounds([clear, MISS])
    assert await judged(judge) == [clear, MISS]


@pytest.mark.parametrize(
    ("verdicts", "credit", "confidence"),
    [
        ([PARTIAL, HIT, HIT], 1.0, 2 / 3),
        ([PARTIAL, MISS, PARTIAL], 0.5, 2 / 3),
        ([PARTIAL, HIT], 0.5, 1 / 2),
        ([PARTIAL, HIT, MISS], 0.0, 1 / 3),
    ],
    ids=["outvoted", "kept", "tie", "all-differ"],
)
async def test_the_majority_decides_ties_go_down_and_disagreement_is_flagged(
    verdicts: list[Judgement], credit: float, confidence: float
) -> None:
    verdict = await settled(*verdicts)
    assert (verdict.credit, verdict.needs_review) == (credit, True)
    assert verdict.confidence == pytest.approx(confidence)


async def test_the_evidence_is_that_of_the_verdicts_that_won() -> None:
    other = Judgement(1.0, quotes=("先向他道歉", "再请他拍照"))
    assert (await settled(PARTIAL, HIT, other)).quotes == ("先向他道歉", "再请他拍照")
    assert (await settled(PARTIAL, MISS, MISS)).quotes == ()


async def test_repeats_that_failed_have_no_vote_but_leave_a_flag() -> None:
    one_came = await settled(PARTIAL, FAILED, PARTIAL)
    assert (one_came.credit, one_came.confidence, one_came.needs_review) == (0.5, 1.0, True)
    none_came = await settled(PARTIAL, FAILED, FAILED)
    assert (none_came.credit, none_came.confidence, none_came.needs_review) == (0.5, None, True)


async def test_agreeing_probabilities_are_averaged_and_low_ones_flagged() -> None:
    unsure = [Judgement(1.0, confidence=share, quotes=("先向他道歉",)) for share in (0.7, 0.9, 0.95)]
    sure = await settled(*unsure)
    assert (sure.confidence, sure.needs_review) == (pytest.approx(0.85), False)
    doubtful = await settled(unsure[0], unsure[0], unsure[0])
    assert (doubtful.confidence, doubtful.needs_review) == (pytest.approx(0.7), True)


async def test_thin_evidence_stays_flagged_when_all_agree() -> None:
    assert (await settled(*[Judgement(1.0, quotes=("道歉",))] * 3)).needs_review


async def test_without_repeats_borderline_points_are_flagged_where_something_was_measured() -> None:
    judge = Rounds([Judgement(0.0, confidence=0.5), PARTIAL])
    judgements = await judged(judge, repeats=0)
    assert [j.needs_review for j in judgements] == [True, False]
    assert judge.asked == [(0, ["p1", "p2"])]


def test_the_number_of_repeats_is_part_of_the_identity() -> None:
    two, none = (RepeatingJudge(Rounds(), repeats).identity("zh") for repeats in (2, 0))
    assert two["strategy"] == "rounds"
    assert two != none
