import csv
import io
from datetime import timedelta

import pytest
from sqlalchemy import delete, select

from app.db.engine import Database
from app.db.tables import AuditEvent, BlindReview, InterviewQuestion, PointOverrideRow, QuestionScoreRow, now
from app.errors import BadInputError
from app.recruiting.trust.repository import MOST_REVIEWS
from app.recruiting.trust.service import TrustService
from tests.recruiting.seeding import (
    SCORERS,
    add_account,
    seed_blind_reviews,
    seed_calls,
    seed_interviews,
    seed_overrides,
)


async def test_an_empty_installation_has_too_little_to_say_anything(database: Database) -> None:
    report = await TrustService(database).report()
    assert (report.interviews, report.judged) == (0, 0)
    assert not report.blind.enough
    assert not report.overrides.enough
    assert not report.calibration.enough
    assert report.drift.scorers == []
    assert report.disputes.upheld_share.value is None
    assert report.running.replies.p50 is None


async def test_only_the_periods_on_offer_can_be_read(database: Database) -> None:
    with pytest.raises(BadInputError, match="days: 31"):
        await TrustService(database).report(31)


async def test_blind_agreement_is_what_was_put_in(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 30)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews, right=1.0)
    same = [
        point.credit == seeded.truth[key][point.id]
        for key, card in seeded.cards.items()
        for point in card.points
    ]
    report = await TrustService(database).report()
    assert report.blind.verdicts == len(same) == 30 * 6 * 5
    assert report.blind.exact.value == pytest.approx(sum(same) / len(same))
    assert report.blind.totals == 30 * 6
    assert report.blind.questions == 6
    for figure in (report.blind.kappa, report.blind.qwk, report.blind.icc, report.blind.macro_f1):
        assert figure.low is not None
        assert figure.value is not None
        assert figure.high is not None
        assert figure.low < figure.value < figure.high
    assert sum(map(sum, report.blind.confusion)) == len(same)


async def test_the_confusion_has_people_in_its_rows(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 10)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews, right=1.0)
    said_and_missed = sum(
        seeded.truth[key][point.id] == 1 and point.credit == 0
        for key, card in seeded.cards.items()
        for point in card.points
    )
    assert (await TrustService(database).report()).blind.confusion[2][0] == said_and_missed


async def test_a_review_counts_only_once_it_is_finished(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 10)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    async with database.session() as session:
        review = (await session.scalars(select(BlindReview))).first()
        assert review is not None
        review.finished_at = None
    report = await TrustService(database).report()
    assert report.blind_reviews.counted == report.blind_reviews.of == 9


async def test_skipped_questions_flatter_nobody(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 10)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    async with database.session() as session:
        row = await session.get_one(QuestionScoreRow, (seeded.interviews[0], 1))
        row.card = row.card | {"reason": "skipped"}
    report = await TrustService(database).report()
    assert report.settled == 5
    assert report.blind.verdicts == 10 * 6 * 5 - 5


async def test_overrides_stand_apart_and_the_last_one_counts(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 40)
    overridden = await seed_overrides(database, seeded, ann, seeded.interviews)
    async with database.session() as session:
        first = (await session.scalars(select(PointOverrideRow).order_by(PointOverrideRow.id))).first()
        assert first is not None
        back = {name: getattr(first, name) for name in ("interview_id", "number", "point_id", "author")}
        session.add(PointOverrideRow(**back, credit=None, reason="not so"))
    report = await TrustService(database).report()
    assert report.blind.verdicts == 0
    assert report.overrides.verdicts == overridden - 1
    assert report.overrides.exact.value == 0
    assert report.overridden == overridden
    assert report.disputes.opened == overridden
    assert report.disputes.upheld + report.disputes.rejected == overridden


async def test_two_reviews_of_one_interview_are_compared_with_each_other(database: Database) -> None:
    ann, bo = await add_account(database, "ann"), await add_account(database, "bo")
    seeded = await seed_interviews(database, 12)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews, right=1.0)
    await seed_blind_reviews(database, seeded, [bo], seeded.interviews[:6], right=1.0)
    people = (await TrustService(database).report()).people
    assert people.interviews == 6
    assert people.verdicts == 6 * 6 * 5
    assert people.totals == 36
    assert people.kappa.value == 1


async def test_rows_run_from_the_worst_and_say_which_way_the_scorer_leans(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 20)
    for (_, number), card in seeded.cards.items():
        for point in card.points:
            seeded.truth[_, number][point.id] = 0.0 if number == 3 else point.credit or 0.0
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews, right=1.0)
    rows = (await TrustService(database).report()).blind.by_question
    assert rows[0].question_id == "broad.q3"
    assert rows[0].text == "What would you do in situation 3?"
    assert rows[0].bias > 0
    assert all(row.exact.value == 1 for row in rows[1:])


async def test_rows_with_few_verdicts_say_nothing_and_come_last(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 8)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    points = (await TrustService(database).report()).blind.by_point
    assert {row.verdicts for row in points} == {8}
    assert not any(row.enough for row in points)
    assert all(row.exact.value is None for row in points)


async def test_confidence_that_is_right_lies_on_the_line(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 60)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews, right=1.0)
    calibration = (await TrustService(database).report()).calibration
    assert calibration.verdicts == 60 * 6 * 5
    assert calibration.error is not None
    assert calibration.error < 0.04
    assert [each.confidence for each in calibration.bins] == sorted(
        each.confidence for each in calibration.bins
    )


async def test_drift_parts_scorers_and_weeks(database: Database) -> None:
    seeded = await seed_interviews(database, 120, days=80)
    drift = (await TrustService(database).report()).drift
    assert {series.id for series in drift.scorers} == {scorer.id for scorer in SCORERS}
    assert sum(series.total.interviews for series in drift.scorers) == len(seeded.interviews)
    assert [series.detail for series in drift.banks] == ["1.0.0"]
    assert len(drift.buckets) == 13
    first, second = (next(series for series in drift.scorers if series.id == scorer.id) for scorer in SCORERS)
    assert first.points[-1] is None
    assert second.points[-1] is not None
    assert second.points[0] is None
    share = first.total.share
    assert share.low is not None
    assert share.value is not None
    assert share.high is not None
    assert share.low < share.value < share.high


async def test_what_lies_before_the_period_is_not_counted(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 10, days=5, until=now() - timedelta(days=60))
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    await seed_calls(database, seeded)
    recent, wide = await TrustService(database).report(30), await TrustService(database).report(90)
    assert (recent.interviews, recent.blind.verdicts, recent.running.calls.counted) == (0, 0, 0)
    assert (wide.interviews, wide.blind_reviews.of) == (10, 10)
    assert wide.running.calls.counted == 120


async def test_more_reviews_than_the_bound_are_said_to_be_left_out(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert MOST_REVIEWS > 4
    monkeypatch.setattr("app.recruiting.trust.repository.MOST_REVIEWS", 4)
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 6)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    report = await TrustService(database).report()
    assert (report.blind_reviews.counted, report.blind_reviews.of) == (4, 6)
    assert report.blind.interviews == 4


async def test_seconds_tokens_and_failures_are_those_of_the_ledger(database: Database) -> None:
    seeded = await seed_interviews(database, 20)
    await seed_calls(database, seeded)
    running = (await TrustService(database).report()).running
    assert running.replies.count == 20 * 6
    assert running.replies.p50 is not None
    assert running.replies.p95 is not None
    assert 1 < running.replies.p50 < running.replies.p95 < 6
    assert [each.purpose for each in running.purposes] == ["zh/acknowledge", "zh/judge"]
    assert sum(each.failed for each in running.purposes) == sum(each.calls for each in running.failures)
    assert running.interviews_with_calls == 20
    assert running.tokens_per_interview is not None
    assert 6 * 710 < running.tokens_per_interview < 6 * 1190


async def test_a_question_without_a_card_still_counts_its_verdicts(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 10)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    async with database.session() as session:
        await session.execute(delete(QuestionScoreRow))
    report = await TrustService(database).report()
    assert report.blind.verdicts == 10 * 6 * 5
    assert report.blind.totals == 0
    assert report.blind.icc.value is None


async def test_the_table_is_safe_in_a_spreadsheet_and_its_export_is_on_record(database: Database) -> None:
    ann = await add_account(database, "ann")
    seeded = await seed_interviews(database, 12)
    await seed_blind_reviews(database, seeded, [ann], seeded.interviews)
    async with database.session() as session:
        for row in await session.scalars(select(InterviewQuestion)):
            row.question = row.question | {"text": "=1+1"}
    table = await TrustService(database).agreement_table(ann, 90)
    rows = list(csv.DictReader(io.StringIO(table.removeprefix("\ufeff"))))
    assert len(rows) == 6 + 6 * 5
    assert {row["question_text"] for row in rows} == {"'=1+1"}
    assert float(rows[0]["same_low"]) <= float(rows[0]["same"]) <= float(rows[0]["same_high"])
    async with database.reading() as session:
        event = (await session.scalars(select(AuditEvent))).one()
    assert (event.action, event.actor, event.detail) == ("trust.export", "ann", {"days": 90, "rows": 36})
