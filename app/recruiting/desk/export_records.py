"""An exported interview: its cells in a table, and the whole of it as one record."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from app.db.tables import (
    Dispute,
    InterviewQuestion,
    PointOverrideRow,
    QuestionScoreRow,
    ReplacedCard,
    Utterance,
)
from app.interviews.repository import last_decisions
from app.recruiting.desk.repository import DeskInterviews
from app.recruiting.desk.schemas import ListedInterview
from app.scoring.card import QuestionScore, override
from app.spreadsheets import Cell


class Column(StrEnum):
    """The columns of an exported table, in order."""

    ID = "id"
    CANDIDATE = "candidate"
    REFERENCE = "reference"
    TEMPLATE = "template"
    BANK = "bank"
    MODE = "mode"
    STATUS = "status"
    CREATED_AT = "created_at"
    ENDED_AT = "ended_at"
    SCORE = "score"
    MAX_SCORE = "max_score"
    PERCENT = "percent"
    FLAGGED = "flagged"
    UNSCORED = "unscored"
    DISPUTED = "disputed"
    REVIEWED_AT = "reviewed_at"
    RELEASED_AT = "released_at"
    HIDDEN = "hidden"


_QUESTION = ("number", "bank_id", "bank_version", "question_id", "section")
_OVERRIDE = ("number", "point_id", "credit", "before", "machine_credit", "reason", "author", "at")
_REPLACED = ("number", "card", "scorer_id", "scored_at", "replaced_at")
_DISPUTE = ("number", "point_id", "text", "at", "status", "outcome", "author", "resolved_at")


def cells(interview: ListedInterview) -> list[Cell]:
    """The interview's cells, one a column; empty where there is nothing to tell."""
    values: dict[Column, str | float | int | datetime | None] = {
        Column.PERCENT: None if interview.share is None else round(100 * interview.share, 1),
        Column.HIDDEN: int(interview.hidden),
    }
    row: list[Cell] = []
    for column in Column:
        value = values[column] if column in values else getattr(interview, column.value)
        if value is None:
            row.append("")
        elif isinstance(value, datetime):
            row.append(value.strftime("%Y-%m-%d %H:%M:%S"))
        else:
            row.append(value)
    return row


async def records(interviews: DeskInterviews, batch: Sequence[ListedInterview]) -> list[dict[str, Any]]:
    """Each interview with transcript, questions, cards, overrides, history and disputes.

    Of one that is hidden from its reader only the transcript and the questions are told.
    """
    ids = [interview.id for interview in batch]
    lines = await interviews.rows(Utterance, ids, Utterance.seq)
    questions = await interviews.rows(InterviewQuestion, ids, InterviewQuestion.number)
    cards = await interviews.rows(QuestionScoreRow, ids, QuestionScoreRow.number)
    overrides = await interviews.rows(PointOverrideRow, ids, PointOverrideRow.id)
    replaced = await interviews.rows(ReplacedCard, ids, ReplacedCard.scored_at)
    disputes = await interviews.rows(Dispute, ids, Dispute.at)
    return [
        {
            **interview.model_dump(mode="json", exclude={"match", "cursor"}),
            "transcript": [_line(line) for line in lines[interview.id]],
            "questions": [
                _told(row, _QUESTION) | {"text": row.question["text"]} for row in questions[interview.id]
            ],
            **(
                {"cards": None, "overrides": None, "history": None, "disputes": None}
                if interview.hidden
                else {
                    "cards": _effective(cards[interview.id], overrides[interview.id]),
                    "overrides": [_told(row, _OVERRIDE) for row in overrides[interview.id]],
                    "history": [_told(row, _REPLACED) for row in replaced[interview.id]],
                    "disputes": [_told(row, _DISPUTE) for row in disputes[interview.id]],
                }
            ),
        }
        for interview in batch
    ]


def _line(line: Utterance) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "speaker": line.speaker,
        "kind": line.kind,
        "question": line.question_number,
        "text": line.text,
        "at": line.at,
    }


def _effective(
    cards: Sequence[QuestionScoreRow], overrides: Sequence[PointOverrideRow]
) -> list[dict[str, Any]]:
    """The cards as they count, with people's verdicts in place; what the scorer said stands beside them."""
    decided = last_decisions(overrides)
    return [
        {"number": row.number, "scorer_id": row.scorer_id, "scored_at": row.scored_at}
        | override(QuestionScore.model_validate(row.card), decided.get(row.number, {})).model_dump()
        for row in cards
    ]


def _told(row: object, names: Sequence[str]) -> dict[str, Any]:
    """These columns of the row, by their names."""
    return {name: getattr(row, name) for name in names}
