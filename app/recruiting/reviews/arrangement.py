"""An interview arranged for one reviewer, from its stored rows. Pure.

What a blind reviewer must not know is never put in, rather than taken out again.
"""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from app.banks.schema import Question, RubricPoint
from app.db.tables import (
    BlindReview,
    BlindVerdict,
    Dispute,
    Interview,
    InterviewQuestion,
    Invite,
    PointOverrideRow,
    QuestionScoreRow,
    ReviewComment,
    Utterance,
)
from app.interviews.flow.moves import FlowState, Intent, Status
from app.interviews.repository import last_decisions
from app.interviews.schemas import BankName
from app.interviews.turns.judging import GIVEN_UP
from app.recruiting.reviews.repository import is_hidden
from app.recruiting.reviews.schemas import (
    BlindState,
    Candidate,
    Comment,
    Decision,
    DisputeReview,
    InterviewReview,
    LineReview,
    PointReview,
    QuestionReview,
)
from app.scoring.card import PointScore, QuestionScore, override

NOT_ANSWERED = "not-answered"
MASK = "***"
_SETTLED = {Intent.ANSWER, Intent.SKIP, Intent.DONT_KNOW}


@dataclass(frozen=True)
class Records:
    """All rows that one reviewer's page is made from; `review` and `verdicts` are their own."""

    account_id: str
    interview: Interview
    questions: Mapping[int, InterviewQuestion]
    lines: Sequence[Utterance]
    cards: Mapping[int, QuestionScoreRow]
    overrides: Sequence[PointOverrideRow] = ()
    comments: Sequence[ReviewComment] = ()
    disputes: Sequence[Dispute] = ()
    invite: Invite | None = None
    review: BlindReview | None = None
    verdicts: Sequence[BlindVerdict] = ()


@dataclass(frozen=True)
class _Known:
    """What may be shown: empty of scores and other people's words while the interview is hidden."""

    reader: str
    cards: Mapping[int, QuestionScore] = field(default_factory=dict)
    decisions: Mapping[tuple[int, str], PointOverrideRow] = field(default_factory=dict)
    disputes: Sequence[Dispute] = ()
    comments: Sequence[ReviewComment] = ()
    own: Mapping[tuple[int, str], float] = field(default_factory=dict)


def arrange(records: Records) -> InterviewReview:
    """The interview as this reviewer may see it."""
    interview = records.interview
    hidden = is_hidden(interview, records.review)
    known = _known(records, hidden)
    asked = FlowState.from_dict(interview.state).question
    answered = {line.question_number for line in records.lines if line.kind in _SETTLED}
    questions = [
        _question(row, known, records.cards.get(number), number in answered)
        for number, row in records.questions.items()
        if number <= asked or number in records.cards
    ]
    counted = [question for question in questions if question.score is not None]
    points = [point for question in questions for point in question.points]
    return InterviewReview(
        id=interview.id,
        hidden=hidden,
        status=cast(Status, interview.status),
        mode="practice" if interview.mode == "practice" else "assessment",
        title=interview.title,
        bank=BankName(id=interview.bank_id, title=interview.bank_title),
        bank_version=interview.bank_version,
        language=interview.language,
        created_at=interview.created_at,
        ended_at=interview.ended_at,
        consent_withdrawn_at=interview.consent_withdrawn_at,
        candidate=None if hidden else _candidate(records),
        sees=interview.settings.get("sees", "everything"),
        released_at=interview.released_at,
        reviewed_at=interview.reviewed_at,
        score=round(sum(question.score or 0 for question in counted), 2) if counted else None,
        max_score=round(sum(question.max_score for question in counted), 2),
        flagged=sum(point.needs_review for point in points),
        unscored=sum(question.status == "not_scored" and question.has_card for question in questions),
        disputed=sum(point.disputed for point in points),
        blind=_blind_state(records, hidden),
        may_begin_blind=interview.status == "ended"
        and not hidden
        and records.review is None
        and all(decision.account_id != records.account_id for decision in records.overrides),
        questions=questions,
        lines=_lines(records, hidden),
        comments=_comments(known.comments, None, None),
    )


def mark_of(card: QuestionScore, point_id: str) -> str:
    """16 hex digits that change with the scorer's verdict on a point."""
    point = next((point for point in card.points if point.id == point_id), None)
    told = f"{card.fingerprint} {card.status} {point and point.credit}"
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def given_up(card: QuestionScoreRow | None) -> str | None:
    """Why a question is none to judge, `skipped` or `no-answer`: it is zero by rule. Else None."""
    reason = card.card.get("reason") if card else None
    return reason if reason in GIVEN_UP.values() else None


def _known(records: Records, hidden: bool) -> _Known:
    own = {(verdict.number, verdict.point_id): verdict.credit for verdict in records.verdicts}
    if hidden:
        mine = [comment for comment in records.comments if comment.account_id == records.account_id]
        return _Known(records.account_id, comments=mine, own=own)
    return _Known(
        records.account_id,
        cards={number: QuestionScore.model_validate(row.card) for number, row in records.cards.items()},
        decisions={(row.number, row.point_id): row for row in records.overrides},
        disputes=records.disputes,
        comments=records.comments,
        own=own,
    )


def _question(
    row: InterviewQuestion, known: _Known, stored: QuestionScoreRow | None, answered: bool
) -> QuestionReview:
    has_card = stored is not None
    question = Question.model_validate(row.question)
    judged = known.cards.get(row.number)
    decided = last_decisions(known.decisions.values()).get(row.number, {})
    card = override(judged, decided) if judged else None
    scores = {point.id: point for point in card.points} if card else {}
    points = []
    for each in question.points:
        point = _point(row.number, each, known)
        if judged is not None:
            point = _scored(point, scores.get(each.id), mark_of(judged, each.id))
        points.append(point)
    return QuestionReview(
        number=row.number,
        section=row.section,
        text=question.text,
        examines=question.examines,
        reference_answer=question.reference_answer,
        has_card=has_card,
        status=card.status if card else "pending" if answered or has_card else "not_scored",
        score=card.score if card else None,
        max_score=question.max_score,
        reason=card.reason if card else given_up(stored) if answered or has_card else NOT_ANSWERED,
        points=points,
        comments=_comments(known.comments, row.number, None),
    )


def _point(number: int, point: RubricPoint, known: _Known) -> PointReview:
    decision = known.decisions.get((number, point.id))
    return PointReview(
        id=point.id,
        text=point.text,
        weight=point.weight,
        own_credit=known.own.get((number, point.id)),
        comments=_comments(known.comments, number, point.id),
        disputes=[
            DisputeReview.model_validate(dispute, from_attributes=True)
            for dispute in known.disputes
            if (dispute.number, dispute.point_id) == (number, point.id)
        ],
        decision=Decision.model_validate(decision, from_attributes=True) if decision else None,
        decided_by_reader=decision is not None and decision.account_id == known.reader,
        seen=decision.id if decision else 0,
    )


def _scored(point: PointReview, score: PointScore | None, mark: str) -> PointReview:
    """The point with its verdict; a card on which the scorer failed may lack one."""
    if score is None:
        return point.model_copy(update={"mark": mark})
    return point.model_copy(
        update={
            "credit": score.credit,
            "machine_credit": score.machine_credit if score.overridden else score.credit,
            "confidence": score.confidence,
            "needs_review": score.needs_review,
            "overridden": score.overridden,
            "quotes": score.quotes,
            "mark": mark,
        }
    )


def _comments(comments: Iterable[ReviewComment], number: int | None, point_id: str | None) -> list[Comment]:
    """Those on exactly this place."""
    return [
        Comment.model_validate(comment, from_attributes=True)
        for comment in comments
        if (comment.number, comment.point_id) == (number, point_id)
    ]


def _candidate(records: Records) -> Candidate | None:
    invite, name = records.invite, records.interview.candidate_name
    if invite is None:
        return Candidate(name=name, email="", reference="") if name else None
    return Candidate(name=name or invite.name, email=invite.email, reference=invite.reference)


def _blind_state(records: Records, hidden: bool) -> BlindState | None:
    review = records.review
    if review is None and not hidden:
        return None
    return BlindState(
        required=records.interview.blind,
        started_at=review.started_at if review else None,
        finished_at=review.finished_at if review else None,
        judged=len(records.verdicts),
        of=sum(
            len(row.question["points"])
            for number, row in records.questions.items()
            if number in records.cards and not given_up(records.cards[number])
        ),
    )


def _lines(records: Records, hidden: bool) -> list[LineReview]:
    names = [records.interview.candidate_name or "", records.invite.name if records.invite else ""]
    return [
        LineReview(
            seq=line.seq,
            speaker=line.speaker,
            kind=line.kind,
            text=_masked(line.text, names) if hidden else line.text,
            at=line.at,
            question=line.question_number,
            signals=None if hidden else line.signals,
        )
        for line in records.lines
    ]


def _masked(text: str, names: Iterable[str]) -> str:
    """The text without the candidate's name; one of a single character would hide more than a name."""
    for name in names:
        if len(name.strip()) > 1:
            text = re.sub(re.escape(name.strip()), MASK, text, flags=re.IGNORECASE)
    return text
