"""The scorer: guard, judge, evidence check and tally, in that order, for one question."""

import logging
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import LLMError
from app.llm.base import LLM
from app.llm.prompts import PromptLibrary
from app.scoring.card import PointScore, QuestionScore, Quote, ScorerIdentity, hash_of
from app.scoring.evidence import quotes
from app.scoring.evidence.negation import negation_in, shipped_negation
from app.scoring.judges.judge import Judge, Judgement
from app.scoring.judges.judgement_cache import CachingJudge, JudgementStore
from app.scoring.rubric import Answer, Item, RubricPoint
from app.scoring.screening import guard
from app.scoring.screening.wording import shipped_wording, wording_in
from app.scoring.tally import total
from app.settings import Settings

if TYPE_CHECKING:
    from app.search.embedding import Embedder

log = logging.getLogger(__name__)


class Scorer:
    """Scores what a candidate said to one question. It knows nothing about the candidate or the interview."""

    def __init__(
        self,
        judge: Judge,
        before_judging: Callable[[], Awaitable[None]] | None = None,
        words_in: Path | None = None,
    ) -> None:
        """`before_judging` is awaited before every call of `judge`, never for what the guard decides.

        `words_in` is the folder of prompts whose `guard.yaml` and `negation.yaml` count; by default those
        shipped. Raises `SetupError` where one of them is broken.
        """
        self._judge = judge
        self._before_judging = before_judging
        self._wording = wording_in(words_in) if words_in else shipped_wording()
        self._negation = negation_in(words_in) if words_in else shipped_negation()

    def identity(self, language: str) -> ScorerIdentity:
        """What a score in this language depends on besides the question and the answer."""
        return ScorerIdentity(
            judge=dict(self._judge.identity(language)),
            guard=f"{guard.VERSION}/{self._wording.hash}",
            evidence=f"{quotes.VERSION}/{self._negation.hash}",
        )

    def fingerprint(self, item: Item) -> str:
        """32 hex digits over everything besides the answer that a score depends on."""
        identity = self.identity(item.language)
        parts = {
            "judge": identity.judge,
            "guard": identity.guard,
            "evidence": identity.evidence,
            "question": item.question,
            "points": [[point.id, point.text, point.weight] for point in item.points],
            "max_score": item.max_score,
            "reference_answer": item.reference_answer,
            "language": item.language,
        }
        return hash_of(parts)

    async def prepare(self, item: Item) -> None:
        """Do what scoring needs before anyone replies, while there is time. What fails is done later."""
        try:
            await self._judge.prepare(item)
        except (LLMError, ValueError) as error:
            log.info("not prepared: %s", error)

    async def score(
        self,
        item: Item,
        answer: Answer,
        kept: Sequence[PointScore] = (),
        elsewhere: Sequence[str] = (),
    ) -> QuestionScore:
        """The card of one question. `answer` holds every reply to it, oldest first.

        `kept` are the verdicts on the replies before the last: a credit never falls, quotes add up, and a
        point already won is not judged again. `elsewhere` are replies to other questions of the same
        interview, which an answer should not repeat. An LLM failure leaves its points unscored and the card
        `not_scored` with the reason; the other verdicts stay on it.
        """
        before = {point.id: point for point in kept}
        screening = guard.screen(item, answer, self._wording, elsewhere)
        if not screening.judged:
            code = screening.caught[answer[-1].seq] if answer else guard.Code.EMPTY
            return self._card(
                item, [_guarded(p, before.get(p.id), code) for p in item.points], guard.reason(code)
            )
        open_points = [p for p in item.points if p.id not in before or before[p.id].credit != 1]
        judgements = await self._judgements(item, screening.judged, open_points)
        verdicts = {
            point.id: _merge(self._verdict(item, point, screening.typed, judgement), before.get(point.id))
            for point, judgement in zip(open_points, judgements, strict=True)
        }
        failures = [judgement.failure for judgement in judgements if judgement.credit is None]
        reason = guard.reason(screening.code) if screening.code else None
        if failures:
            reason = failures[0] or "llm-error: no verdict"
        points = [verdicts.get(p.id) or before[p.id] for p in item.points]
        if screening.code:
            points = [p.model_copy(update={"needs_review": p.needs_review or bool(p.credit)}) for p in points]
        return self._card(item, points, reason, bool(failures))

    async def _judgements(self, item: Item, answer: Answer, points: Sequence[RubricPoint]) -> list[Judgement]:
        if not points:
            return []
        if self._before_judging:
            await self._before_judging()
        return await self._judge.judge(item, answer, points)

    def _verdict(self, item: Item, point: RubricPoint, typed: Answer, judgement: Judgement) -> PointScore:
        """The judgement as it counts: a credit needs the candidate's own words, else a person looks."""
        verdict = PointScore(
            id=point.id,
            text=point.text,
            weight=point.weight,
            credit=judgement.credit,
            confidence=judgement.confidence,
            needs_review=judgement.needs_review,
        )
        if not judgement.credit:
            return verdict
        found = quotes.locate(judgement.quotes, item.question, typed)
        bearing = quotes.bearing(found, point, item, typed, self._negation)
        if not bearing:
            return verdict.model_copy(update={"credit": 0.0, "confidence": None, "needs_review": True})
        return verdict.model_copy(update={"quotes": bearing})

    def _card(
        self, item: Item, points: list[PointScore], reason: str | None, failed: bool = False
    ) -> QuestionScore:
        score = total([p.credit for p in points], [p.weight for p in item.points], item.max_score)
        if failed:  # a reply was not judged: what earlier replies earned stays, the sum would be a guess
            score = None
        return QuestionScore(
            status="not_scored" if score is None else "scored",
            score=score,
            max_score=item.max_score,
            points=points,
            fingerprint=self.fingerprint(item),
            reason=reason,
        )


def build_scorer(
    settings: Settings,
    llm: LLM,
    prompts: PromptLibrary,
    embedder: "Embedder | None" = None,
    *,
    store: JudgementStore | None = None,
    before_judging: Callable[[], Awaitable[None]] | None = None,
) -> Scorer:
    """The scorer for `llm`, with the strategy that suits it; what `store` knows is not judged anew."""
    from app.scoring.judges.strategies import build_judge

    judge = build_judge(settings, llm, prompts, embedder, before_judging)
    return Scorer(CachingJudge(judge, store) if store else judge, words_in=prompts.folder)


def _guarded(point: RubricPoint, before: PointScore | None, code: guard.Code) -> PointScore:
    if before is not None:
        return before
    return PointScore(
        id=point.id,
        text=point.text,
        weight=point.weight,
        credit=0.0,
        confidence=1.0,
        needs_review=code in guard.FOR_REVIEW,
    )


def _merge(now: PointScore, before: PointScore | None) -> PointScore:
    """The better of two verdicts, with the quotes of both."""
    if before is None or before.credit is None:
        return now
    if now.credit is None or now.credit < before.credit:
        return before.model_copy(update={"quotes": _union(before, now)})
    return now.model_copy(update={"quotes": _union(before, now)})


def _union(before: PointScore, now: PointScore) -> list[Quote]:
    return before.quotes + [quote for quote in now.quotes if quote not in before.quotes]
