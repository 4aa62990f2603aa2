"""Puts together everything held about a person, for their right to know it and to take it with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from app.db.tables import Interview, Invite, QuestionScoreRow, ReplacedCard, columns_of
from app.interviews.flow.moves import FlowState
from app.interviews.reports.report import is_released, seen_of
from app.interviews.repository import last_decisions
from app.interviews.state import line_view
from app.people.repository.rows import HeldRows
from app.people.retention import due_at
from app.people.schemas import (
    Decision,
    HeldCard,
    HeldDispute,
    HeldEvaluation,
    HeldInterview,
    HeldInvite,
    HeldLine,
    HeldPoint,
    Note,
)
from app.scoring.card import QuestionScore, override
from app.settings import Settings

# GDPR art. 12(3): a person is told within a month. Until then a recruiter may finish deciding.
EVALUATION_WITHIN = timedelta(days=30)


def evaluation_from(interview: Interview) -> datetime | None:
    """From when on its candidate may download how the answers were judged; None while it goes on.

    A practice's at its end; an assessment's when it is released, at the latest a month after its end.
    """
    if interview.ended_at is None:
        return None
    if interview.mode == "practice":
        return interview.ended_at
    latest = interview.ended_at + EVALUATION_WITHIN
    return min(interview.released_at, latest) if interview.released_at else latest


def held_interview(
    interview: Interview,
    rows: HeldRows,
    settings: Settings,
    at: datetime,
    template: str | None,
    *,
    for_recruiter: bool = False,
) -> HeldInterview:
    """The interview's part of the record at the time `at`; recruiters may give out the evaluation at once."""
    given_from = evaluation_from(interview)
    is_given = for_recruiter or (given_from is not None and given_from <= at)
    asked = FlowState.from_dict(interview.state).question
    told = {
        "bank": {"id": interview.bank_id, "title": interview.bank_title, "version": interview.bank_version},
        "template": template,
        "name": interview.candidate_name,
        "reviewed_at": interview.reviewed_at if is_given else None,
        "delete_after": due_at(interview, settings),
        "questions": {row.number: str(row.question["text"]) for row in rows.questions if row.number <= asked},
        "transcript": [HeldLine(**line_view(line).model_dump(), signals=line.signals) for line in rows.lines],
        "evaluation": _evaluation(interview, rows) if is_given else None,
        "evaluation_from": None if is_given else given_from,
        "disputes": [
            HeldDispute(question=each.number, point=each.point_id, **columns_of(each, HeldDispute))
            for each in rows.disputes
        ],
        "devices": [each.created_at for each in rows.tokens],
        "history": [{"at": event.at, "action": event.action} for event in rows.events],
        "model_calls": [
            {"at": call.at, "purpose": call.purpose, "model": call.model, "outcome": call.outcome}
            for call in rows.calls
        ],
    }
    return HeldInterview.model_validate(columns_of(interview, HeldInterview) | told)


def held_invite(invite: Invite, template: str | None) -> HeldInvite:
    """The invite's part of the record."""
    return HeldInvite(template=template, **columns_of(invite, HeldInvite))


def _evaluation(interview: Interview, rows: HeldRows) -> HeldEvaluation:
    shows_points = is_released(interview) and seen_of(interview) in ("points", "everything")
    last = last_decisions(rows.overrides)
    replaced: dict[int, list[HeldCard]] = {}
    for old in rows.replaced:
        replaced.setdefault(old.number, []).append(
            _card(QuestionScore.model_validate(old.card), old, rows.models, shows_points)
        )
    return HeldEvaluation(
        score=interview.score,
        max_score=interview.max_score,
        cards={
            row.number: _card(
                override(QuestionScore.model_validate(row.card), last.get(row.number, {})),
                row,
                rows.models,
                shows_points,
            )
            for row in rows.cards
        },
        replaced=replaced,
        rescored=[_without_texts(row.cards, shows_points) for row in rows.rescored if row.cards],
        stories={row.number: row.star for row in rows.questions if row.star},
        decisions=_decisions(rows),
        comments=[
            Note(question=note.number, point=note.point_id, text=note.text, at=note.at)
            for note in rows.comments
        ],
    )


def _decisions(rows: HeldRows) -> list[Decision]:
    open_ones = [
        Decision(question=row.number, point=row.point_id, **columns_of(row, Decision))
        for row in rows.overrides
    ]
    blind = [
        Decision(question=row.number, point=row.point_id, blind=True, **columns_of(row, Decision))
        for row in rows.blind
    ]
    return sorted(open_ones + blind, key=lambda each: each.at)


def _card(
    card: QuestionScore,
    row: QuestionScoreRow | ReplacedCard,
    models: Mapping[str, str],
    shows_points: bool,
) -> HeldCard:
    return HeldCard(
        status=card.status,
        score=card.score,
        max_score=card.max_score,
        reason=card.reason,
        scored_at=row.scored_at,
        replaced_at=row.replaced_at if isinstance(row, ReplacedCard) else None,
        scorer=models.get(row.scorer_id or ""),
        fingerprint=card.fingerprint,
        points=[
            HeldPoint(**point.model_dump(exclude={"text"}), text=point.text if shows_points else None)
            for point in card.points
        ],
    )


def _without_texts(kept: Any, shows_points: bool) -> Any:
    """Cards as they were kept, without the texts of points where these are not shown."""
    if shows_points:
        return kept
    if isinstance(kept, dict):
        is_point = "credit" in kept and "text" in kept
        return {
            name: _without_texts(value, False)
            for name, value in kept.items()
            if not (is_point and name == "text")
        }
    if isinstance(kept, Sequence) and not isinstance(kept, str):
        return [_without_texts(value, False) for value in kept]
    return kept
