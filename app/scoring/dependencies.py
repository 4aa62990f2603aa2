"""The scorer as routes depend on it."""

from typing import Annotated

from fastapi import Depends

from app.banks.library import BankLibrary
from app.dependencies import room
from app.scoring.batch import BatchScorer
from app.scoring.scorer import Scorer


async def batch_scorer(
    scorer: Annotated[Scorer, Depends(room(Scorer))],
    banks: Annotated[BankLibrary, Depends(room(BankLibrary))],
) -> BatchScorer:
    """The scorer with the banks it looks questions up in."""
    return BatchScorer(scorer, banks)


Batch = Annotated[BatchScorer, Depends(batch_scorer)]
