from datetime import timedelta

import pytest
from sqlalchemy import update

from app.banks.schema import Bank
from app.db.engine import Database
from app.db.tables import BlindReview, Interview, PointOverrideRow, QuestionScoreRow, now
from app.errors import NotFoundError
from app.interviews.reports.report import build_report
from app.interviews.repository import Interviews
from app.recruiting.desk.comparison import NotComparableError
from app.recruiting.desk.service import DeskService
from app.scoring import certainty
from app.scoring.card import PointScore, QuestionScore
from app.scoring.tally import total
from tests.recruiting.seeding import Seeded, add_account, broad_bank, seed_blind_reviews, seed_interviews


async def set_card(
    database: Database, seeded: Seeded, place: int, number: int, credit: float, confidence: float | None
) -> None:
    """Give every point of a card this credit and confidence."""
    key = (seeded.interviews[place], number)
    points = [
        PointScore(id=point.id, text=point.text, credit=credit, confidence=confidence)
        for point in seeded.cards[key].points
    ]
    score = total([credit] * len(points), [1.0] * len(points), 8.0)
    card = QuestionScore(status="scored", score=score, max_score=8.0, points=points, fingerprint="set")
    async with database.session() as session:
        row = await session.get_one(QuestionScoreRow, key)
        row.card, row.score = card.model_dump(), score


async def set_all(database: Database, seeded: Seeded, place: int, credit: float, confidence: float) -> None:
    for number in (1, 2, 3):
        await set_card(database, seeded, place, number, credit, confidence)


@pytest.mark.parametrize("count", [0, 1, 6])
async def test_only_two_to_five_interviews_can_be_compared(database: Database, count: int) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 6, questions=1)
    with pytest.raises(NotComparableError, match=f"{count} different interviews"):
        await DeskService(database).compare(seeded.interviews[:count], account)


async def test_the_same_interview_twice_counts_once(database: Database) -> None:
    account = await add_account(database, "ann")
    one = (await seed_interviews(database, 1, questions=1)).interviews[0]
    with pytest.raises(NotComparableError, match="1 different"):
        await DeskService(database).compare([one, f"{one},{one}"], account)


async def test_an_id_of_no_interview_is_named(database: Database) -> None:
    account = await add_account(database, "ann")
    one = (await seed_interviews(database, 1, questions=1)).interviews[0]
    with pytest.raises(NotFoundError, match="no interview 'nobody'"):
        await DeskService(database).compare([one, "nobody"], account)


async def test_candidates_stand_in_the_order_asked_for_not_by_score(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 3, questions=2)
    wanted = [seeded.interviews[place] for place in (2, 0, 1)]
    found = await DeskService(database).compare([",".join(wanted)], account)
    assert [candidate.id for candidate in found.candidates] == wanted
    assert [candidate.letter for candidate in found.candidates] == ["A", "B", "C"]


async def test_totals_that_overlap_are_one_group_in_no_order(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=3)
    await set_all(database, seeded, 0, 0.5, 0.7)
    await set_all(database, seeded, 1, 0.5, 0.6)
    found = await DeskService(database).compare(seeded.interviews, account)
    assert found.groups == [seeded.interviews]
    assert found.pairs[0].says == "open"
    assert found.pairs[0].low < 0 < found.pairs[0].high


async def test_totals_that_do_not_overlap_are_groups_the_higher_first(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 3, questions=3)
    for place, credit in ((0, 0.0), (1, 1.0), (2, 1.0)):
        await set_all(database, seeded, place, credit, 0.95)
    found = await DeskService(database).compare(seeded.interviews, account)
    low, *high = seeded.interviews
    assert found.groups == [high, [low]]
    assert [pair.says for pair in found.pairs] == ["apart", "apart", "open"]
    assert found.pairs[0].high < 0


async def test_only_questions_asked_of_all_make_the_totals(database: Database) -> None:
    account = await add_account(database, "ann")
    short = await seed_interviews(database, 1, questions=2)
    long = await seed_interviews(database, 1, questions=4)
    found = await DeskService(database).compare([*short.interviews, *long.interviews], account)
    assert [question.question_id for question in found.counted] == ["broad.q1", "broad.q2"]
    assert [question.question_id for question in found.others] == ["broad.q3", "broad.q4"]
    assert [question.asked for question in found.others] == [[False, True]] * 2
    totals = [candidate.total for candidate in found.candidates]
    assert [total.max_score for total in totals if total] == [16, 16]


async def test_a_question_not_scored_for_all_counts_in_no_total(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=2)
    async with database.session() as session:
        await session.delete(await session.get_one(QuestionScoreRow, (seeded.interviews[1], 2)))
    found = await DeskService(database).compare(seeded.interviews, account)
    assert [question.question_id for question in found.counted] == ["broad.q1"]
    assert [question.question_id for question in found.uncounted] == ["broad.q2"]
    assert found.uncounted[0].scores[0] is not None
    assert found.uncounted[0].scores[1] is None


async def test_a_question_with_another_rubric_is_another_question(database: Database) -> None:
    account = await add_account(database, "ann")
    five, four = broad_bank(points=5), broad_bank(points=4)
    ids = [
        interview
        for bank in (five, four)
        for interview in (await seed_interviews(database, 1, bank=bank, questions=1)).interviews
    ]
    found = await DeskService(database).compare(ids, account)
    assert found.counted == []
    assert len(found.others) == 2
    assert found.groups == []


async def test_questions_of_different_banks_are_never_matched_by_id_alone(database: Database) -> None:
    account = await add_account(database, "ann")
    other = Bank.model_validate(broad_bank().model_dump() | {"id": "other"})
    ids = [
        interview
        for bank in (broad_bank(), other)
        for interview in (await seed_interviews(database, 1, bank=bank, questions=1)).interviews
    ]
    assert (await DeskService(database).compare(ids, account)).counted == []


async def test_a_persons_verdict_is_certain(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=1)
    await set_card(database, seeded, 0, 1, 0.0, 0.6)
    async with database.session() as session:
        session.add_all(
            PointOverrideRow(
                interview_id=seeded.interviews[0],
                number=1,
                point_id=f"p{k}",
                credit=1.0,
                reason="seen",
                author="ann",
            )
            for k in range(1, 6)
        )
    total_of_first = (await DeskService(database).compare(seeded.interviews, account)).candidates[0].total
    assert total_of_first is not None
    assert (total_of_first.score, total_of_first.low, total_of_first.high) == (8, 8, 8)


async def test_a_missing_confidence_is_assumed_and_counted(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=1)
    await set_card(database, seeded, 0, 1, 0.5, None)
    await set_card(database, seeded, 1, 1, 0.5, certainty.RIGHT_WHERE_UNKNOWN)
    found = await DeskService(database).compare(seeded.interviews, account)
    first, second = found.counted[0].scores
    assert first == second
    assert found.without_confidence == 5


async def test_a_range_is_the_one_in_the_candidates_report(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=3)
    found = await DeskService(database).compare(seeded.interviews, account)
    for candidate in found.candidates:
        async with database.reading() as session:
            interviews = Interviews(session)
            interview = await interviews.get(candidate.id)
            assert interview is not None
            report = build_report(
                interview,
                await interviews.questions(candidate.id),
                [],
                await interviews.effective_cards(candidate.id),
                full=True,
            )
        assert report.interval is not None
        assert candidate.total is not None
        assert (candidate.total.score, candidate.total.max_score) == (report.score, report.max_score)
        assert (candidate.total.low, candidate.total.high) == (report.interval.low, report.interval.high)
        of_questions = [question.scores[found.candidates.index(candidate)] for question in found.counted]
        assert [(each.low, each.high) for each in of_questions if each] == [
            (each.interval.low, each.interval.high) for each in report.questions if each.interval
        ]


async def test_two_without_any_doubt_and_the_same_total_are_equal(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=1)
    for place in (0, 1):
        await set_card(database, seeded, place, 1, 0.0, 1.0)
    pair = (await DeskService(database).compare(seeded.interviews, account)).pairs[0]
    assert (pair.says, pair.low, pair.high) == ("equal", 0, 0)


async def test_a_pair_may_differ_although_the_ranges_overlap_and_is_not_put_in_order(
    database: Database,
) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=3)
    await set_all(database, seeded, 0, 0.5, 0.85)
    await set_card(database, seeded, 0, 1, 1.0, 0.85)
    await set_all(database, seeded, 1, 1.0, 0.85)
    found = await DeskService(database).compare(seeded.interviews, account)
    assert found.groups == [seeded.interviews]
    pair = found.pairs[0]
    assert (pair.says, pair.difference) == ("likely", -8)
    assert pair.low < pair.high < 0


async def test_an_unfinished_blind_review_hides_name_scores_and_words(database: Database) -> None:
    account, other = await add_account(database, "ann"), await add_account(database, "bo")
    seeded = await seed_interviews(database, 3, questions=1)
    hidden = seeded.interviews[0]
    async with database.session() as session:
        session.add(BlindReview(interview_id=hidden, account_id=account.id))
    found = await DeskService(database).compare(seeded.interviews, account)
    first = found.candidates[0]
    assert (first.hidden, first.name, first.total) == (True, None, None)
    assert found.counted[0].scores[0] is None
    assert all(point.verdicts[0] is None for point in found.counted[0].points)
    assert {each for group in found.groups for each in group} == set(seeded.interviews[1:])
    assert hidden not in {pair.first for pair in found.pairs} | {pair.second for pair in found.pairs}
    assert all(competency.scores[0] is None for competency in found.competencies)
    assert not (await DeskService(database).compare(seeded.interviews, other)).candidates[0].hidden


async def test_blind_templates_hide_until_the_review_is_finished(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=1, blind=True)
    found = await DeskService(database).compare(seeded.interviews, account)
    assert [candidate.hidden for candidate in found.candidates] == [True, True]
    assert (found.counted, found.groups, found.pairs) == ([], [], [])
    await seed_blind_reviews(database, seeded, [account], seeded.interviews)
    found = await DeskService(database).compare(seeded.interviews, account)
    assert [candidate.hidden for candidate in found.candidates] == [False, False]
    assert found.groups


async def test_the_name_on_the_interview_is_shown(database: Database) -> None:
    account = await add_account(database, "ann")
    seeded = await seed_interviews(database, 2, questions=1)
    async with database.session() as session:
        await session.execute(
            update(Interview)
            .where(Interview.id == seeded.interviews[0])
            .values(candidate_name="Lin Yue", created_at=now() - timedelta(days=1))
        )
    found = await DeskService(database).compare(seeded.interviews, account)
    assert found.candidates[0].name == "Lin Yue"
