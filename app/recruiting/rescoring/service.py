"""Re-scoring: begun, followed, cancelled, let go on, adopted."""

from collections.abc import Mapping
from datetime import datetime

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, Interview, RescoredInterview, RescoringRun, columns_of, new_id, now
from app.errors import BadInputError, ConflictError, NotFoundError
from app.recruiting.rescoring.repository import NOT_SCORED, SCORED, WAITING, Rescorings
from app.recruiting.rescoring.schemas import ChangedInterview, NewRun, RunView, ScorerChoice
from app.recruiting.rescoring.scorers import ScorerSource
from app.recruiting.rescoring.workflow import DurableRescoring
from app.recruiting.reviews.repository import hidden_from
from app.scoring.card import QuestionScore

_SHOWN_RUNS = 50
_SHOWN_INTERVIEWS = 100


class RescoringService:
    """What recruiters can do with re-scorings. Every method opens its own short transactions."""

    def __init__(self, database: Database, scorers: ScorerSource, runs: DurableRescoring) -> None:
        self._database = database
        self.scorers = scorers
        self._runs = runs

    @property
    def at_work(self) -> bool:
        """Whether this process is at a run."""
        return self._runs.at_work

    async def begin(self, wanted: NewRun, account: Account) -> RunView:
        """Start a run. Raises `BadInputError` when it has no interview or its scorer can't be had."""
        self.scorers.check(wanted.scorer)
        run = RescoringRun(
            id=new_id(),
            scope=wanted.scope.model_dump(mode="json"),
            scorer=wanted.scorer.model_dump(mode="json"),
            adopt=wanted.adopt,
            status="running",
            account_id=account.id,
            author=account.name,
            started_at=now(),
        )
        async with self._database.session() as session:
            rescorings = Rescorings(session)
            interview_ids = await rescorings.ids_in(wanted.scope)
            if not interview_ids:
                raise BadInputError(
                    "scope: no ended interview with a score fits it", hint="Choose a wider scope."
                )
            run.total = len(interview_ids)
            await rescorings.add(run, interview_ids)
            audit(
                session,
                Actor.of(account),
                "rescoring.begin",
                run.id,
                interviews=run.total,
                scorer=run.scorer,
                adopt=run.adopt,
            )
        await self._runs.ensure(run.id)
        return await self.get(run.id)

    async def cancel(self, run_id: str, account: Account) -> RunView:
        """Stop a run behind the interview it is at; what was scored stays. Harmless when it has ended."""
        async with self._database.session() as session:
            rescorings = Rescorings(session)
            run = _found(await rescorings.lock(run_id), run_id)
            if run.status == "running":
                run.status, run.finished_at = "cancelled", now()
                audit(session, Actor.of(account), "rescoring.cancel", run_id)
        return await self.get(run_id)

    async def resume(self, run_id: str, account: Account) -> RunView:
        """Let a run that failed or was cancelled go on where it stopped. Harmless while it runs.

        Raises `ConflictError` when it is done, `BadInputError` when its scorer can't be had.
        """
        async with self._database.session() as session:
            run = _found(await Rescorings(session).lock(run_id), run_id)
            if run.status == "done":
                raise ConflictError("the run is done", hint="Start a new one to score again.")
            if run.status != "running":
                self.scorers.check(ScorerChoice.model_validate(run.scorer))
                run.status, run.finished_at, run.failure = "running", None, ""
                audit(session, Actor.of(account), "rescoring.resume", run_id)
        await self._runs.ensure(run_id)
        return await self.get(run_id)

    async def adopt(self, run_id: str, account: Account) -> RunView:
        """Make the run's cards the current ones. Raises `ConflictError` before it is done."""
        async with self._database.session() as session:
            run = _found(await Rescorings(session).lock(run_id), run_id)
            if run.status != "done":
                raise ConflictError("the run is not done", hint="Wait for it, or start a new one.")
            if not run.adopt:
                run.adopt, run.status, run.finished_at = True, "running", None
                audit(session, Actor.of(account), "rescoring.adopt", run_id, interviews=run.total)
        await self._runs.ensure(run_id)
        return await self.get(run_id)

    async def get(self, run_id: str) -> RunView:
        """One run and how far it is. Raises `NotFoundError`."""
        async with self._database.reading() as session:
            rescorings = Rescorings(session)
            run = _found(await rescorings.get(run_id), run_id)
            counts = (await rescorings.counts([run_id]))[run_id]
        return _view(run, counts, now(), self._runs.waits_for(run_id))

    async def runs(self) -> list[RunView]:
        """The latest runs, newest first."""
        async with self._database.reading() as session:
            rescorings = Rescorings(session)
            runs = await rescorings.newest(_SHOWN_RUNS)
            counts = await rescorings.counts([run.id for run in runs])
        return [_view(run, counts[run.id], now(), self._runs.waits_for(run.id)) for run in runs]

    async def changed(self, run_id: str, account: Account) -> list[ChangedInterview]:
        """Interviews of the run as this account may see them, those with the most changed verdicts first."""
        async with self._database.reading() as session:
            rows = await Rescorings(session).most_changed(run_id, _SHOWN_INTERVIEWS)
            hidden = await hidden_from(session, account.id, [interview.id for _, interview in rows])
        return [_changed(row, interview, interview.id in hidden) for row, interview in rows]


def _found(run: RescoringRun | None, run_id: str) -> RescoringRun:
    if run is None:
        raise NotFoundError(
            f"there is no re-scoring {run_id[:40]!r}", hint="/recruiter/rescoring lists them."
        )
    return run


def _view(run: RescoringRun, counts: Mapping[str, int], at: datetime, waits_for: str) -> RunView:
    unfinished = (WAITING, SCORED) if run.adopt else (WAITING,)
    done = run.total - sum(counts.get(status, 0) for status in unfinished)
    pace = (at - run.started_at).total_seconds() / done if done else None
    running = run.status == "running"
    return RunView(
        **columns_of(run, RunView),
        done=done,
        not_scored=counts.get(NOT_SCORED, 0),
        changed=counts["changed"],
        seconds_left=round(pace * (run.total - done)) if running and pace is not None else None,
        waits_for=waits_for if running else "",
    )


def _changed(row: RescoredInterview, interview: Interview, hidden: bool) -> ChangedInterview:
    cards = [QuestionScore.model_validate(card) for card in (row.cards or {}).values()]
    scored = [(card.score, card.max_score) for card in cards if card.score is not None]
    most = sum(max_score for _, max_score in scored)
    after = sum(score for score, _ in scored) / most if most else None
    return ChangedInterview(
        interview_id=interview.id,
        title=interview.bank_title,
        hidden=hidden,
        before=None if hidden else interview.share,
        after=None if hidden else after,
        changed=None if hidden else row.changed,
        status=row.status,
    )
