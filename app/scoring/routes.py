"""`POST /api/v1/score`: one answer scored, on the same code as interviews and `interviewer score`."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request

from app.scoring.batch import BatchScorer
from app.scoring.schemas import ScoreRequest, ScoreResult

router = APIRouter(prefix="/api/v1", tags=["scoring"])


def batch_scorer(request: Request) -> BatchScorer:
    """The scorer with the banks it looks questions up in."""
    return BatchScorer(request.app.state.scorer, request.app.state.banks)


@router.post("/score", response_model=ScoreResult, response_model_exclude_unset=True)
async def score(body: ScoreRequest, scorer: Annotated[BatchScorer, Depends(batch_scorer)]) -> Any:
    """Scores one answer point by point, every credit with the answer's own words as evidence.

    A judgement that fails gives status `not_scored` with its `reason`, never a zero.
    """
    return (await scorer.score(body)).to_json()
