"""`POST /api/v1/score`: one answer scored, on the same code as interviews and `interviewer score`."""

from typing import Any

from fastapi import APIRouter

from app.scoring.dependencies import Batch
from app.scoring.schemas import ScoreRequest, ScoreResult

router = APIRouter(prefix="/api/v1", tags=["scoring"])


@router.post("/score", response_model=ScoreResult, response_model_exclude_unset=True)
async def score(body: ScoreRequest, scorer: Batch) -> Any:
    """Scores one answer point by point, every credit with the answer's own words as evidence.

    A judgement that fails gives status `not_scored` with its `reason`, never a zero.
    """
    return (await scorer.score(body)).to_json()
