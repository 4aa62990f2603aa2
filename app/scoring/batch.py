"""Scoring many answers, one JSON object a line, in their order; a bad line never stops the rest."""

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any

from pydantic import ValidationError

from app.banks.library import BankLibrary
from app.errors import NotFoundError
from app.llm.metering import calls_about
from app.scoring.card import QuestionScore
from app.scoring.rubric import AnswerPart
from app.scoring.schemas import Id, ScoreRequest, ScoreResult, not_scored, result
from app.scoring.scorer import Scorer

ONLY_REPLY = 1  # the `seq` of an answer that is not part of a transcript


class BatchScorer:
    """Scores requests by themselves or as JSON Lines."""

    def __init__(self, scorer: Scorer, banks: BankLibrary) -> None:
        self._scorer = scorer
        self._banks = banks

    async def score(self, request: ScoreRequest, repeats: int = 1) -> ScoreResult:
        """One request scored, `repeats` times anew. Raises `NotFoundError` for an unknown `question_id`.

        The first scoring counts; points on which the others differ are flagged for review. A scorer that
        remembers judgements would repeat itself.
        """
        item = request.item(self._banks)
        answer = [AnswerPart(ONLY_REPLY, request.answer)]
        with calls_about(f"score/{request.id}"):
            cards = [await self._scorer.score(item, answer) for _ in range(repeats)]
        first = result(request.id, cards[0])
        return first if repeats == 1 else _with_repeats(first, cards)

    async def score_lines(self, lines: Iterable[bytes], repeats: int = 1) -> AsyncIterator[ScoreResult]:
        """One result a line, as soon as it is there; blank lines are skipped."""
        for number, line in enumerate(lines, 1):
            if line.strip():
                yield await self._score_line(line, number, repeats)

    async def _score_line(self, line: bytes, number: int, repeats: int) -> ScoreResult:
        try:
            fields = json.loads(line.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
        except UnicodeDecodeError as error:
            return not_scored(None, f"bad-input: line {number} is not UTF-8: {error.reason}")
        except (ValueError, RecursionError) as error:
            return not_scored(None, f"bad-input: line {number} is not JSON: {error}")
        if not isinstance(fields, dict):
            return not_scored(None, f"bad-input: line {number} is not a JSON object")
        id = _usable_id(fields.get("id"))
        try:
            return await self.score(ScoreRequest.model_validate(fields), repeats)
        except ValidationError as error:
            return not_scored(id, f"bad-input: line {number}: {_first_problem(error)}")
        except NotFoundError as error:
            return not_scored(id, f"bad-input: line {number}: {error.detail}")


def _with_repeats(first: ScoreResult, cards: Sequence[QuestionScore]) -> ScoreResult:
    credits = [{point.id: point.credit for point in card.points} for card in cards]
    points = [
        point.model_copy(update={"needs_review": True})
        if len({repeat[point.id] for repeat in credits}) > 1
        else point
        for point in first.points
    ]
    return first.model_copy(update={"points": points, "repeats": credits})


def _usable_id(given: Any) -> Id | None:
    """The line's id where it can be written out again."""
    if isinstance(given, int) and not isinstance(given, bool):
        return given
    if not isinstance(given, str):
        return None
    return given if given.isascii() or given == given.encode("utf-8", "ignore").decode() else None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    field = ".".join(str(part) for part in problem["loc"])
    message = problem["msg"].removeprefix("Value error, ")
    return f"{field}: {message}" if field else message
