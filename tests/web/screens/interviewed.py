"""Candidates of a furnished house: their interviews, scores, disputes and reviews. All names are invented."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import product
from typing import Any

from sqlalchemy import select, update

from app.banks.schema import Bank
from app.db.engine import Database
from app.db.tables import Dispute, Interview, QuestionScoreRow, Utterance, now
from app.db.word_index import index_line, index_names
from app.interviews.repository import Interviews
from app.scoring.card import QuestionScore, ScorerIdentity
from tests.interviews.stored_reports import Told, store_report
from tests.recruiting.seeding import (
    add_account,
    seed_blind_reviews,
    seed_calls,
    seed_interviews,
    seed_overrides,
)
from tests.web.desk.reviewing import in_database
from tests.web.house import House
from tests.web.screens.replies import told_all, unjudged

PERSON = "a-browser-of-someone-who-practises-often"
_MANY = 64
_SURNAMES = "林陈周吴何徐高唐沈韩冯曹"
_GIVEN = ("悦然", "思远", "一诺", "安琪", "子墨", "雨桐")
NAMES = [surname + given for given, surname in product(_GIVEN, _SURNAMES)]
_SIGNALS = {
    "seconds": 96.0,
    "typed_chars": 41,
    "pasted_chars": 212,
    "dictated_chars": 0,
    "keystrokes": 58,
    "longest_pause_seconds": 37.0,
    "away_times": 2,
    "away_seconds": 44.0,
}
_QUALITIES = ("strong", "middling", "weak", "middling", "strong")


@dataclass
class Interviewed:
    """Interviews by what they show."""

    ids: dict[str, str] = field(default_factory=dict)
    many: list[str] = field(default_factory=list)


def seed(house: House, bank: Bank, template: str) -> Interviewed:
    """Sixty-four assessments with reviews for the list and the figures, and one interview for each state."""

    async def work(database: Database) -> Interviewed:
        many = await _many(database, bank, template.rpartition("/")[2])
        return Interviewed(await _each(database, bank), many)

    return in_database(house, work)


async def _many(database: Database, bank: Bank, template_id: str) -> list[str]:
    seeded = await seed_interviews(database, _MANY, bank=bank, questions=4)
    accounts = [await add_account(database, name) for name in ("孙琳", "马骁")]
    await seed_blind_reviews(database, seeded, accounts, seeded.interviews[::3])
    await seed_overrides(database, seeded, accounts[0], seeded.interviews[1::3])
    await seed_calls(database, seeded)
    async with database.session() as session:
        for name, interview_id in zip(NAMES, seeded.interviews, strict=False):
            named = {"candidate_name": name, "template_id": template_id}
            await session.execute(update(Interview).where(Interview.id == interview_id).values(named))
        await session.flush()
        for interview_id in seeded.interviews:
            await index_names(session, interview_id)
    return seeded.interviews


async def _each(database: Database, bank: Bank) -> dict[str, str]:
    told = told_all(bank, _QUALITIES, doubtful=2)
    weak = told_all(bank, ("weak",) * 5)
    ids: dict[str, str] = {}

    async def store(name: str, answers: list[Told], hours_ago: int, **about: Any) -> None:
        started = now() - timedelta(hours=hours_ago)
        ids[name] = await store_report(database, bank, answers, started=started, **about)
        await _index(database, ids[name])

    practice = {"person_id": PERSON, "mode": "practice"}
    await store("first_try", weak, 24 * 9, **practice)
    await store("second_try", told_all(bank, ("weak", "middling") * 2), 24 * 5, **practice)
    await store("practice", told, 20, **practice, again_of=ids["first_try"])
    questions = [question for section in bank.sections for question in section.questions]
    await store("unscored", [unjudged(question) for question in questions[:2]], 30, mode="practice")
    await store("running", told[:2], 1, mode="practice", status="open")

    assessment = {"mode": "assessment", "consented_at": now()}
    await store("waiting", told, 26, **assessment, candidate_name="黎晓彤")
    await store("released", told, 28, **assessment, candidate_name="罗子涵", settings={"sees": "everything"})
    await store("disputed", told, 6, **assessment, candidate_name="许知夏")
    await store("blind", told, 4, **assessment, candidate_name="方一鸣", blind=True, settings={"blind": True})
    await store("judged_blind", told, 3, **assessment, candidate_name="顾言")
    await store("revoked", told[:1], 9, **assessment, status="open", access_revoked_at=now())
    await _trouble(database, ids["disputed"])
    await _settled(database, ids["released"])
    return ids


async def _index(database: Database, interview_id: str) -> None:
    async with database.session() as session:
        await index_names(session, interview_id)
        lines = select(Utterance).where(Utterance.interview_id == interview_id)
        for line in await session.scalars(lines.order_by(Utterance.seq)):
            await index_line(session, interview_id, line.text)


async def _trouble(database: Database, interview_id: str) -> None:
    """Two objections, a reply that was pasted, and a card that a later scorer replaced."""
    async with database.session() as session:
        lines = select(Utterance).where(Utterance.interview_id == interview_id)
        for line in await session.scalars(lines.where(Utterance.speaker == "candidate")):
            line.signals = _SIGNALS | {"seconds": 60.0 + 9 * line.seq}
        row = await session.get_one(QuestionScoreRow, (interview_id, 1))
        card = QuestionScore.model_validate(row.card)
        points = [point.model_copy(update={"confidence": 0.97}) for point in card.points]
        newer = card.model_copy(update={"points": points, "fingerprint": "e" * 32})
        scorer = ScorerIdentity(judge={"model": "scripted", "prompt": "second"})
        await Interviews(session).save_card(interview_id, 1, newer, scorer)
        missed = [point.id for point in card.points if not point.credit][:1]
        for number, point in ((1, missed[0]), (3, "p1")):
            text = "我说到了这一点：我会先认同客户的感受，只是换了一种说法。"
            session.add(Dispute(interview_id=interview_id, number=number, point_id=point, text=text))
        await session.flush()
        await Interviews(session).update_totals(interview_id)


async def _settled(database: Database, interview_id: str) -> None:
    """An objection that was not upheld."""
    at: datetime = now() - timedelta(hours=2)
    async with database.session() as session:
        dispute = Dispute(
            interview_id=interview_id,
            number=2,
            point_id="p3",
            text="我在最后一句提到了跟进。",
            at=at - timedelta(hours=3),
            status="rejected",
            outcome="最后一句说的是记录，没有说到回访客户，维持原判。",
            author="王敏",
            resolved_at=at,
        )
        session.add(dispute)
