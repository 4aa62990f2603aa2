"""The API of re-scoring."""

from fastapi import APIRouter, Depends, status

from app.dependencies import SAME_ORIGIN
from app.recruiting.accounts.dependencies import Recruiter, recruiter
from app.recruiting.rescoring.dependencies import Rescoring
from app.recruiting.rescoring.schemas import ChangedInterview, NewRun, RunView

router = APIRouter(
    prefix="/api/v1/recruiting/rescorings", tags=["re-scoring"], dependencies=[Depends(recruiter)]
)


@router.get("", summary="Re-scorings, newest first")
async def runs(service: Rescoring) -> list[RunView]:
    """The latest fifty."""
    return await service.runs()


@router.post(
    "", status_code=status.HTTP_201_CREATED, summary="Score interviews again", dependencies=SAME_ORIGIN
)
async def begin(wanted: NewRun, service: Rescoring, account: Recruiter) -> RunView:
    """A durable job: it goes on when the service is restarted. Known verdicts cost nothing."""
    return await service.begin(wanted, account)


@router.get("/{run_id}", summary="How far a re-scoring is")
async def run(run_id: str, service: Rescoring) -> RunView:
    return await service.get(run_id)


@router.get("/{run_id}/interviews", summary="What a re-scoring changed")
async def changed(run_id: str, service: Rescoring, account: Recruiter) -> list[ChangedInterview]:
    """At most a hundred interviews, those with the most changed verdicts first."""
    await service.get(run_id)
    return await service.changed(run_id, account)


@router.post("/{run_id}/cancel", summary="Stop a re-scoring", dependencies=SAME_ORIGIN)
async def cancel(run_id: str, service: Rescoring, account: Recruiter) -> RunView:
    """What was scored stays."""
    return await service.cancel(run_id, account)


@router.post("/{run_id}/resume", summary="Let a re-scoring go on", dependencies=SAME_ORIGIN)
async def resume(run_id: str, service: Rescoring, account: Recruiter) -> RunView:
    """One that failed or was cancelled goes on where it stopped."""
    return await service.resume(run_id, account)


@router.post("/{run_id}/adopt", summary="Make its cards the current ones", dependencies=SAME_ORIGIN)
async def adopt(run_id: str, service: Rescoring, account: Recruiter) -> RunView:
    """The cards they replace are kept, and so is what people decided."""
    return await service.adopt(run_id, account)
