"""All queries of re-scoring."""

from collections.abc import Mapping, Sequence

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.db.tables import Interview, QuestionScoreRow, RescoredInterview, RescoringRun, now
from app.recruiting.rescoring.schemas import Scope

WAITING, SCORED, NOT_SCORED, ADOPTED = "waiting", "scored", "not_scored", "adopted"
_BATCH = 500


class Rescorings:
    """Runs and their interviews inside one transaction; the caller commits."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def ids_in(self, scope: Scope) -> list[str]:
        """Ended interviews of the scope that have a card, oldest first; none whose consent was withdrawn."""
        query = select(Interview.id).where(
            Interview.status == "ended",
            Interview.consent_withdrawn_at.is_(None),
            select(QuestionScoreRow.number).where(QuestionScoreRow.interview_id == Interview.id).exists(),
        )
        if scope.interview_ids:
            query = query.where(Interview.id.in_(scope.interview_ids))
        if scope.template is not None:
            query = query.where(Interview.template_id == scope.template)
        if scope.bank is not None:
            query = query.where(Interview.bank_id == scope.bank)
        if scope.since is not None:
            query = query.where(Interview.created_at >= scope.since)
        if scope.until is not None:
            query = query.where(Interview.created_at < scope.until)
        return list(await self._session.scalars(query.order_by(Interview.created_at, Interview.id)))

    async def add(self, run: RescoringRun, interview_ids: Sequence[str]) -> None:
        self._session.add(run)
        await self._session.flush()
        for start in range(0, len(interview_ids), _BATCH):
            rows = [
                {
                    "run_id": run.id,
                    "interview_id": interview_id,
                    "place": place,
                    "status": WAITING,
                    "changed": 0,
                }
                for place, interview_id in enumerate(interview_ids[start : start + _BATCH], start)
            ]
            await self._session.execute(insert(RescoredInterview), rows)

    async def get(self, run_id: str) -> RescoringRun | None:
        return await self._session.get(RescoringRun, run_id)

    async def lock(self, run_id: str) -> RescoringRun | None:
        """The run, with nobody else changing it until the transaction ends."""
        query = select(RescoringRun).where(RescoringRun.id == run_id).with_for_update()
        return await self._session.scalar(query)

    async def newest(self, limit: int) -> list[RescoringRun]:
        query = select(RescoringRun).order_by(RescoringRun.started_at.desc(), RescoringRun.id).limit(limit)
        return list(await self._session.scalars(query))

    async def running(self) -> list[str]:
        """Ids of the runs that are not finished."""
        return list(
            await self._session.scalars(select(RescoringRun.id).where(RescoringRun.status == "running"))
        )

    async def counts(self, run_ids: Sequence[str]) -> Mapping[str, Mapping[str, int]]:
        """By run: interviews by status, and under `changed` the verdicts that changed."""
        query = (
            select(
                RescoredInterview.run_id,
                RescoredInterview.status,
                func.count(),
                func.sum(RescoredInterview.changed),
            )
            .where(RescoredInterview.run_id.in_(run_ids))
            .group_by(RescoredInterview.run_id, RescoredInterview.status)
        )
        found: dict[str, dict[str, int]] = {run_id: {"changed": 0} for run_id in run_ids}
        for run_id, status, interviews, changed in await self._session.execute(query):
            found[run_id][status] = interviews
            found[run_id]["changed"] += int(changed or 0)
        return found

    async def next_waiting(self, run_id: str, statuses: Sequence[str], limit: int) -> list[str]:
        """Interviews of the run in one of these statuses, in their order."""
        query = (
            select(RescoredInterview.interview_id)
            .where(RescoredInterview.run_id == run_id, RescoredInterview.status.in_(statuses))
            .order_by(RescoredInterview.place)
            .limit(limit)
        )
        return list(await self._session.scalars(query))

    async def row(self, run_id: str, interview_id: str) -> RescoredInterview | None:
        return await self._session.get(RescoredInterview, (run_id, interview_id))

    async def most_changed(self, run_id: str, limit: int) -> list[tuple[RescoredInterview, Interview]]:
        """The interviews with the most changed verdicts, and those not scored first of all."""
        query = (
            select(RescoredInterview, Interview)
            .join(Interview, Interview.id == RescoredInterview.interview_id)
            .where(RescoredInterview.run_id == run_id, RescoredInterview.status != WAITING)
            .order_by(
                (RescoredInterview.status == NOT_SCORED).desc(),
                RescoredInterview.changed.desc(),
                RescoredInterview.place,
            )
            .limit(limit)
        )
        return [(row, interview) for row, interview in await self._session.execute(query)]

    async def finish(self, run_id: str, status: str, failure: str = "") -> None:
        """End a running run; one that has ended stays as it is."""
        await self._session.execute(
            update(RescoringRun)
            .where(RescoringRun.id == run_id, RescoringRun.status == "running")
            .values(status=status, failure=failure, finished_at=now())
        )
