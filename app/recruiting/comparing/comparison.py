"""Interviews laid side by side, question by question. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from app.db.tables import Interview, InterviewQuestion
from app.recruiting.comparing.distribution import (
    RIGHT_WHERE_UNANIMOUS,
    Distribution,
    Verdict,
    probability_above,
    question_distribution,
    total_distribution,
)
from app.recruiting.comparing.schemas import (
    ComparedCandidate,
    ComparedCompetency,
    ComparedPoint,
    ComparedQuestion,
    Comparison,
    Pair,
    PointVerdict,
    Score,
)
from app.scoring.card import PointScore, QuestionScore

LETTERS = "ABCDE"

Key = tuple[str, str, float, tuple[tuple[str, float], ...]]
"""Bank, question, marks, and the rubric's points with their weights: only what has all in common compares."""


@dataclass(frozen=True)
class Sheet:
    """An interview's questions and effective cards by number; the cards of a `hidden` one are not used."""

    interview: Interview
    questions: Mapping[int, InterviewQuestion]
    cards: Mapping[int, QuestionScore]
    name: str | None
    hidden: bool

    def by_key(self) -> dict[Key, InterviewQuestion]:
        return {_key(self.interview, row): row for row in self.questions.values()}


@dataclass(frozen=True)
class _Scored:
    """A score with the distribution it may have."""

    score: float
    max_score: float
    distribution: Distribution

    def shown(self) -> Score:
        low, high = self.distribution.interval(self.score)
        return Score(score=self.score, max_score=self.max_score, low=low, high=high)


def compare(sheets: Sequence[Sheet], right_where_unknown: float) -> Comparison:
    """The interviews in the order given. `right_where_unknown` stands in for a missing confidence."""
    keyed = [sheet.by_key() for sheet in sheets]
    rows = {key: row for of_one in reversed(keyed) for key, row in of_one.items()}
    keys = sorted(rows, key=lambda key: rows[key].number)
    scored = {
        key: [
            _scored(sheet, of_one.get(key), right_where_unknown)
            for sheet, of_one in zip(sheets, keyed, strict=True)
        ]
        for key in keys
    }
    seen = [place for place, sheet in enumerate(sheets) if not sheet.hidden]
    common = [key for key in keys if all(key in of_one for of_one in keyed)]
    counted = [key for key in common if all(scored[key][place] for place in seen)] if len(seen) > 1 else []
    totals = {place: _sum([scored[key][place] for key in counted]) for place in seen} if counted else {}

    def questions(wanted: Sequence[Key]) -> list[ComparedQuestion]:
        return [
            _question(rows[key], [of_one.get(key) for of_one in keyed], sheets, scored[key]) for key in wanted
        ]

    return Comparison(
        candidates=[_candidate(sheet, place, totals.get(place)) for place, sheet in enumerate(sheets)],
        counted=questions(counted),
        uncounted=questions([key for key in common if key not in counted]),
        others=questions([key for key in keys if key not in common]),
        competencies=_competencies(sheets, rows, counted, scored),
        groups=_groups({sheets[place].interview.id: total.shown() for place, total in totals.items()}),
        pairs=_pairs({sheets[place].interview.id: total for place, total in totals.items()}),
        right_where_unknown=right_where_unknown,
        without_confidence=_without_confidence(sheets, keyed, counted),
    )


def _key(interview: Interview, row: InterviewQuestion) -> Key:
    points = tuple((point["id"], float(point["weight"])) for point in row.question["points"])
    return row.bank_id or interview.bank_id, row.question_id, float(row.question["max_score"]), points


def _card(sheet: Sheet, row: InterviewQuestion | None) -> QuestionScore | None:
    return None if row is None or sheet.hidden else sheet.cards.get(row.number)


def _scored(sheet: Sheet, row: InterviewQuestion | None, right_where_unknown: float) -> _Scored | None:
    card = _card(sheet, row)
    if card is None or card.score is None:
        return None
    verdicts = [
        Verdict(point.credit, point.weight, _right(card, point, right_where_unknown))
        for point in card.points
        if point.credit is not None
    ]
    return _Scored(card.score, card.max_score, question_distribution(verdicts, card.max_score))


def _right(card: QuestionScore, point: PointScore, where_unknown: float) -> float:
    """The probability that the point's credit is right."""
    if point.overridden:
        return 1.0
    if point.confidence is None:
        return where_unknown
    if point.confidence == 1:
        by_rule = card.reason is not None and point.credit == 0
        return 1.0 if by_rule else RIGHT_WHERE_UNANIMOUS
    return point.confidence


def _sum(scores: Sequence[_Scored | None]) -> _Scored:
    there = [score for score in scores if score is not None]
    return _Scored(
        round(sum(score.score for score in there), 2),
        round(sum(score.max_score for score in there), 2),
        total_distribution(score.distribution for score in there),
    )


def _candidate(sheet: Sheet, place: int, total: _Scored | None) -> ComparedCandidate:
    interview = sheet.interview
    return ComparedCandidate(
        id=interview.id,
        letter=LETTERS[place],
        name=None if sheet.hidden else sheet.name,
        hidden=sheet.hidden,
        status=interview.status,
        mode=interview.mode,
        bank_title=interview.bank_title,
        language=interview.language,
        created_at=interview.created_at,
        total=total.shown() if total else None,
    )


def _question(
    row: InterviewQuestion,
    rows: Sequence[InterviewQuestion | None],
    sheets: Sequence[Sheet],
    scores: Sequence[_Scored | None],
) -> ComparedQuestion:
    cards = [_card(sheet, own) for sheet, own in zip(sheets, rows, strict=True)]
    return ComparedQuestion(
        question_id=row.question_id,
        number=row.number,
        section=row.section,
        text=row.question["text"],
        max_score=row.question["max_score"],
        asked=[own is not None for own in rows],
        scores=[score.shown() if score else None for score in scores],
        points=[_point(point, cards) for point in row.question["points"]],
    )


def _point(point: Mapping[str, Any], cards: Sequence[QuestionScore | None]) -> ComparedPoint:
    found = [
        next((each for each in card.points if each.id == point["id"]), None) if card else None
        for card in cards
    ]
    return ComparedPoint(
        id=point["id"],
        text=point["text"],
        verdicts=[
            PointVerdict.model_validate(each, from_attributes=True) if each else None for each in found
        ],
    )


def _competencies(
    sheets: Sequence[Sheet],
    rows: Mapping[Key, InterviewQuestion],
    counted: Sequence[Key],
    scored: Mapping[Key, Sequence[_Scored | None]],
) -> list[ComparedCompetency]:
    titles = {
        name: title for sheet in sheets for name, title in sheet.interview.settings["competencies"].items()
    }
    keys_of: dict[str, list[Key]] = {}
    for key in counted:
        for name in dict.fromkeys(rows[key].question["competencies"]):
            keys_of.setdefault(name, []).append(key)
    return [
        ComparedCompetency(
            id=name,
            title=titles.get(name, name),
            questions=len(keys),
            scores=[
                None if sheet.hidden else _sum([scored[key][place] for key in keys]).shown()
                for place, sheet in enumerate(sheets)
            ],
        )
        for name, keys in keys_of.items()
    ]


def _groups(totals: Mapping[str, Score]) -> list[list[str]]:
    groups: list[list[str]] = []
    lowest = 0.0
    for interview_id in sorted(totals, key=lambda each: -totals[each].high):
        total = totals[interview_id]
        if groups and total.high >= lowest:
            groups[-1].append(interview_id)
            lowest = min(lowest, total.low)
        else:
            groups.append([interview_id])
            lowest = total.low
    order = list(totals)
    return [sorted(group, key=order.index) for group in groups]


def _pairs(totals: Mapping[str, _Scored]) -> list[Pair]:
    pairs = []
    for (first, one), (second, other) in combinations(totals.items(), 2):
        above, equal = probability_above(one.distribution, other.distribution)
        mine, theirs = one.shown(), other.shown()
        apart = mine.low > theirs.high or theirs.low > mine.high
        pairs.append(Pair(first=first, second=second, first_above=above, equal=equal, apart=apart))
    return pairs


def _without_confidence(
    sheets: Sequence[Sheet], keyed: Sequence[Mapping[Key, InterviewQuestion]], counted: Sequence[Key]
) -> int:
    cards = [
        _card(sheet, of_one[key]) for sheet, of_one in zip(sheets, keyed, strict=True) for key in counted
    ]
    points = [point for card in cards if card for point in card.points]
    return sum(point.confidence is None and not point.overridden for point in points)
