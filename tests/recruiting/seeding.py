"""Interviews with cards, blind reviews, overrides, disputes and calls, put straight into a database.

The true credits are drawn first; a scorer reads them with errors that its confidence tells, people
with fewer. So the figures that come out are known in advance. Names are invented.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.banks.schema import Bank
from app.db.engine import Database
from app.db.tables import (
    Account,
    BlindReview,
    BlindVerdict,
    Interview,
    LLMCall,
    ScorerRow,
    new_id,
    now,
)
from app.interviews.totals import set_scorer_totals, set_totals
from app.recruiting.trust.repository import CardKey
from app.scoring.card import Override, QuestionScore, ScorerIdentity, override
from tests.recruiting.seeded_rows import (
    card_of,
    dispute_row,
    drawn,
    interview_row,
    line_rows,
    mistaken,
    override_row,
    question_row,
    score_row,
)

SCORERS = (
    ScorerIdentity(judge={"model": "small-judge", "strategy": "verdict-head", "prompt": "aaaaaaaa"}),
    ScorerIdentity(judge={"model": "small-judge", "strategy": "verdict-head", "prompt": "bbbbbbbb"}),
)


@dataclass
class Seeded:
    """What was put in: the interviews, oldest first, and the true credits by card and point."""

    interviews: list[str] = field(default_factory=list)
    truth: dict[CardKey, dict[str, float]] = field(default_factory=dict)
    cards: dict[CardKey, QuestionScore] = field(default_factory=dict)


def broad_bank(questions: int = 8, points: int = 5) -> Bank:
    """A bank of one section, with two competencies."""
    return Bank.model_validate(
        {
            "id": "broad",
            "title": "A broad bank",
            "role": "support agent",
            "language": "en",
            "version": "1.0.0",
            "competencies": [{"id": "care", "title": "Care"}, {"id": "order", "title": "Order"}],
            "sections": [
                {
                    "id": "only",
                    "title": "The only section",
                    "questions": [
                        {
                            "id": f"broad.q{number}",
                            "text": f"What would you do in situation {number}?",
                            "kind": "situational",
                            "competencies": ["care" if number % 2 else "order"],
                            "max_score": 8,
                            "points": [
                                {"id": f"p{k}", "text": f"Does thing {k} of {number}"}
                                for k in range(1, points + 1)
                            ],
                        }
                        for number in range(1, questions + 1)
                    ],
                }
            ],
        }
    )


async def seed_interviews(
    database: Database,
    count: int,
    *,
    bank: Bank | None = None,
    questions: int = 6,
    days: int = 80,
    until: datetime | None = None,
    blind: bool = False,
    seed: int = 0,
) -> Seeded:
    """Ended assessments spread evenly over the days before `until`, all on the bank's first questions.

    The first scorer judged the older half, the second the newer. Each has its transcript and its cards.
    """
    bank, end, rng = bank or broad_bank(), until or now(), random.Random(seed)
    asked = [each for section in bank.sections for each in section.questions][:questions]
    seeded = Seeded()
    async with database.session() as session:
        for scorer in SCORERS:
            row = ScorerRow(id=scorer.id, model=scorer.model, identity=scorer.to_dict(), first_used_at=end)
            await session.merge(row)
        for place in range(count):
            scorer = SCORERS[place * 2 // count]
            at = end - timedelta(days=days * (count - place) / count)
            interview = interview_row(bank, place, at, len(asked), blind)
            session.add(interview)
            await session.flush()
            seeded.interviews.append(interview.id)
            ability = rng.uniform(0.25, 0.9)
            cards = {}
            for number, question in enumerate(asked, 1):
                truth = {point.id: drawn(ability, rng) for point in question.points}
                card = card_of(question, truth, 3 * number - 1, rng)
                cards[number] = seeded.cards[interview.id, number] = card
                seeded.truth[interview.id, number] = truth
                session.add(question_row(bank, interview.id, number, question))
                session.add_all(line_rows(interview.id, number, question.text, at, rng))
                session.add(score_row(interview.id, number, card, at, scorer.id))
            set_totals(interview, list(cards.values()), 0)
            set_scorer_totals(interview, cards, cards, {scorer.id})
    return seeded


async def add_account(database: Database, name: str) -> Account:
    """A recruiter who can't log in."""
    account = Account(id=new_id(), name=name, password_hash="-", role="recruiter")
    async with database.session() as session:
        session.add(account)
    return account


async def seed_blind_reviews(
    database: Database,
    seeded: Seeded,
    accounts: Sequence[Account],
    interview_ids: Sequence[str],
    *,
    right: float = 0.93,
    seed: int = 1,
) -> None:
    """A finished blind review of each interview by each account, a day after it began."""
    rng = random.Random(seed)
    async with database.session() as session:
        for interview_id in interview_ids:
            interview = await session.get_one(Interview, interview_id)
            for account in accounts:
                at = interview.created_at + timedelta(hours=6)
                review = BlindReview(
                    id=new_id(),
                    interview_id=interview_id,
                    account_id=account.id,
                    started_at=at,
                    finished_at=at,
                )
                session.add(review)
                await session.flush()
                for key, card in seeded.cards.items():
                    if key[0] != interview_id:
                        continue
                    session.add_all(
                        BlindVerdict(
                            review_id=review.id,
                            number=key[1],
                            point_id=point.id,
                            credit=mistaken(seeded.truth[key][point.id], right, rng),
                            machine_credit=point.credit,
                            scorer_id=interview.scorer_id,
                            at=at,
                        )
                        for point in card.points
                    )


async def seed_overrides(
    database: Database, seeded: Seeded, account: Account, interview_ids: Sequence[str]
) -> int:
    """Every wrong verdict that its scorer flagged is put right, and disputed before; returns how many."""
    overridden = 0
    async with database.session() as session:
        for interview_id in interview_ids:
            interview = await session.get_one(Interview, interview_id)
            at = interview.created_at + timedelta(hours=8)
            own = {number: card for (owner, number), card in seeded.cards.items() if owner == interview_id}
            effective = dict(own)
            for number, card in own.items():
                truth = seeded.truth[interview_id, number]
                wrong = [p for p in card.points if p.needs_review and p.credit != truth[p.id]]
                for point in wrong:
                    overridden += 1
                    session.add(override_row(interview, number, point, truth[point.id], account, at))
                    session.add(dispute_row(interview_id, number, point, truth[point.id], account, at))
                decided = {p.id: Override(0, truth[p.id], account.name, "seen", at) for p in wrong}
                effective[number] = override(card, decided)
            interview.reviewed_at = at
            set_totals(interview, list(effective.values()), 0)
            set_scorer_totals(interview, own, effective, {interview.scorer_id or ""})
    return overridden


async def seed_calls(database: Database, seeded: Seeded, *, seed: int = 2) -> None:
    """A judging call and a wording call for each card; one in fifty failed."""
    rng = random.Random(seed)
    async with database.session() as session:
        for (interview_id, number), _ in seeded.cards.items():
            interview = await session.get_one(Interview, interview_id)
            for purpose, about in (("zh/judge", f"{interview_id}/{3 * number - 1}"), ("zh/acknowledge", "")):
                session.add(
                    LLMCall(
                        at=interview.created_at,
                        purpose=purpose,
                        model="small-judge",
                        prompt_hash="a" * 8,
                        prompt_tokens=rng.randint(700, 1100),
                        cached_tokens=rng.randint(300, 600),
                        completion_tokens=rng.randint(10, 90),
                        seconds=rng.lognormvariate(0.4, 0.5),
                        outcome="ok" if rng.random() > 0.02 else rng.choice(["timeout", "garbled"]),
                        about=about,
                    )
                )
