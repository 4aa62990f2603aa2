"""The trust page's figures over a period, and the table of agreement that is taken out of it."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from app.db.audit import Actor, audit
from app.db.engine import Database
from app.db.tables import Account, ScorerRow, now
from app.errors import BadInputError
from app.recruiting.trust.drift import Group, drift
from app.recruiting.trust.intervals import wilson
from app.recruiting.trust.pairing import among_people, with_scorer
from app.recruiting.trust.repository import (
    MOST_OVERRIDES,
    AskedQuestion,
    Call,
    Card,
    CardKey,
    ModelCalls,
    PersonVerdict,
    TrustFigures,
)
from app.recruiting.trust.running import running
from app.recruiting.trust.schemas import AgreementRow, Counted, Disputes, Figure, TrustReport
from app.recruiting.trust.verdicts import Question, Texts, calibrate, sum_up, with_tables
from app.spreadsheets import Cell, csv_file

BUCKETS = {30: 7, 90: 7, 365: 28}
"""The periods that can be asked for, in days, each with the days of a bucket of its drift."""

DEFAULT_DAYS = 90

_COLUMNS = (
    *("from", "bank", "question", "question_text", "point", "text", "verdicts"),
    *("same", "same_low", "same_high", "kappa", "bias"),
)


@dataclass(frozen=True)
class _Read:
    """All that one report is made from."""

    days: int
    until: datetime
    edges: list[date]
    interviews: int
    blind: list[PersonVerdict]
    blind_reviews: int
    overrides: list[PersonVerdict]
    asked: dict[CardKey, AskedQuestion]
    cards: dict[CardKey, Card]
    scorers: dict[str, ScorerRow]
    groups: list[Group]
    banks: dict[str, str]
    disputes: dict[str, int]
    replies: list[float]
    timed: int
    calls: list[Call]
    by_model: list[ModelCalls]


class TrustService:
    """Reads the figures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def report(self, days: int = DEFAULT_DAYS, at: datetime | None = None) -> TrustReport:
        """The report on the `days` up to `at`, or now. Raises `BadInputError` for a period not offered."""
        if days not in BUCKETS:
            offered = ", ".join(map(str, BUCKETS))
            raise BadInputError(f"days: {days} is not offered", hint=f"Use one of {offered}.")
        return await asyncio.to_thread(_report, await _read(self._database, days, at or now()))

    async def agreement_table(self, account: Account, days: int) -> str:
        """The rows of agreement as CSV; the audit log notes who took them out. Raises `BadInputError`."""
        report = await self.report(days)
        rows = [
            (source, *_cells(row))
            for source, agreement in (("blind", report.blind), ("overrides", report.overrides))
            for row in (*agreement.by_question, *agreement.by_point)
        ]
        async with self._database.session() as session:
            audit(session, Actor.of(account), "trust.export", days=days, rows=len(rows))
        return csv_file([_COLUMNS, *rows])


def _cells(row: AgreementRow) -> tuple[Cell, ...]:
    figures = (row.exact.value, row.exact.low, row.exact.high, row.kappa, row.bias)
    return (
        *(row.bank_id, row.question_id, row.question, row.point_id or "", row.text),
        row.verdicts,
        *(None if figure is None else round(figure, 4) for figure in figures),
    )


async def _read(database: Database, days: int, until: datetime) -> _Read:
    edges = _edges(days, until)
    async with database.reading() as session:
        figures = TrustFigures(session, datetime.combine(edges[0], time(), UTC))
        blind, overrides = await figures.blind_verdicts(), await figures.overrides()
        keys = list({(verdict.interview_id, verdict.number) for verdict in (*blind, *overrides)})
        groups = await figures.drift(edges)
        replies, timed = await figures.reply_seconds()
        return _Read(
            days=days,
            until=until,
            edges=edges,
            interviews=await figures.interviews(),
            blind=blind,
            blind_reviews=await figures.blind_reviews(),
            overrides=overrides,
            asked=await figures.questions(keys),
            cards=await figures.cards(keys),
            scorers=await figures.scorers(),
            groups=groups,
            banks=await figures.bank_titles(sorted({group.bank_id for group in groups})),
            disputes=await figures.disputes(),
            replies=replies,
            timed=timed,
            calls=await figures.calls(),
            by_model=await figures.calls_by_model(),
        )


def _edges(days: int, until: datetime) -> list[date]:
    """The days on which buckets begin, the first perhaps shorter, and the day after the last."""
    end = until.astimezone(UTC).date() + timedelta(days=1)
    first, step = end - timedelta(days=days), BUCKETS[days]
    count = -(-days // step)
    return [first, *(end - timedelta(days=step * back) for back in range(count - 1, -1, -1))]


def _report(read: _Read) -> TrustReport:
    names = {scorer_id: _name(row) for scorer_id, row in read.scorers.items()}
    texts = _texts(read.asked, read.cards, {scorer_id: label for scorer_id, (label, _) in names.items()})
    blind = with_scorer(read.blind, read.asked, read.cards, whole=True)
    overrides = with_scorer(read.overrides, read.asked, read.cards, whole=False)
    people = among_people(read.blind, read.asked, read.cards)
    return TrustReport(
        days=read.days,
        since=datetime.combine(read.edges[0], time(), UTC),
        until=read.until,
        interviews=read.interviews,
        judged=sum(int(group.sums.judged) for group in read.groups),
        overridden=sum(int(group.sums.overridden) for group in read.groups),
        blind=with_tables(sum_up(blind.pairs, blind.totals), blind.pairs, texts),
        blind_reviews=Counted(counted=len({verdict.by for verdict in read.blind}), of=read.blind_reviews),
        unjudged=blind.unjudged,
        settled=blind.settled,
        overrides=with_tables(sum_up(overrides.pairs, overrides.totals), overrides.pairs, texts),
        overridden_points=_newest(len(read.overrides), MOST_OVERRIDES),
        people=sum_up(people.pairs, people.totals),
        calibration=calibrate(blind.confidences),
        drift=drift(read.groups, read.edges[:-1], BUCKETS[read.days], names, read.banks),
        disputes=_disputes(read.disputes),
        running=running(
            read.replies,
            Counted(counted=read.timed, of=read.interviews),
            read.calls,
            Counted(counted=len(read.calls), of=sum(each.calls for each in read.by_model)),
            read.by_model,
        ),
    )


def _newest(counted: int, most: int) -> Counted:
    """All of them, or, where the bound was reached, the newest of a number unknown."""
    return Counted(counted=counted, of=counted if counted < most else None)


def _name(row: ScorerRow) -> tuple[str, str]:
    """A scorer's label, and what tells it from others of the same model."""
    judge = row.identity.get("judge", {})
    prompts = [value[:8] for name, value in sorted(judge.items()) if "prompt" in name]
    return row.model, " · ".join([*filter(None, [judge.get("strategy", "")]), *prompts, row.id[:8]])


def _texts(
    asked: Mapping[CardKey, AskedQuestion], cards: Mapping[CardKey, Card], scorers: Mapping[str, str]
) -> Texts:
    points: dict[tuple[Question, str], str] = {}
    for key, card in cards.items():
        question = asked[key]
        for point_id, point in card.points.items():
            points[(question.bank_id, question.question_id), point_id] = point["text"]
    return Texts(
        questions={(each.bank_id, each.question_id): each.text for each in asked.values()},
        points=points,
        scorers=scorers,
    )


def _disputes(by_status: Mapping[str, int]) -> Disputes:
    upheld, rejected = by_status.get("upheld", 0), by_status.get("rejected", 0)
    resolved = upheld + rejected
    return Disputes(
        opened=sum(by_status.values()),
        open=by_status.get("open", 0),
        upheld=upheld,
        rejected=rejected,
        upheld_share=Figure.of(upheld / resolved, wilson(upheld, resolved)) if resolved else Figure(),
    )
