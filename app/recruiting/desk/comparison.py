"""Interviews laid side by side, question by question. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Literal

from app.db.tables import Interview, InterviewQuestion
from app.errors import BadInputError
from app.recruiting.desk.schemas import (
    ComparedCandidate,
    ComparedCompetency,
    ComparedPoint,
    ComparedQuestion,
    Comparison,
    Pair,
    PointVerdict,
    Score,
)
from app.scoring import certainty
from app.scoring.card import QuestionScore

LETTERS = "ABCDE"
FEWEST, MOST = 2, len(LETTERS)

Key = tuple[str, str, float, tuple[tuple[str, float], ...]]
"""Bank, question, marks, and the rubric's points with their weights: only what has all in common compares."""


class NotComparableError(BadInputError):
    """Too few or too many interviews were chosen."""

    title = "These can't be compared"


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


def chosen(wanted: Sequence[str]) -> list[str]:
    """The ids that were asked for, each once; one text may hold several, with commas.

    Raises `NotComparableError` unless they are two to five.
    """
    ids = list(dict.fromkeys(part.strip() for each in wanted for part in each.split(",") if part.strip()))
    if not FEWEST <= len(ids) <= MOST:
        raise NotComparableError(
            f"ids: {len(ids)} different interviews were chosen, {FEWEST} to {MOST} can be compared",
            hint="Choose them in the list of interviews.",
        )
    return ids


def compare(sheets: Sequence[Sheet]) -> Comparison:
    """The interviews in the order given."""
    keyed = [sheet.by_key() for sheet in sheets]
    rows = {key: row for of_one in reversed(keyed) for key, row in of_one.items()}
    keys = sorted(rows, key=lambda key: rows[key].number)
    cards = {
        key: [_card(sheet, of_one.get(key)) for sheet, of_one in zip(sheets, keyed, strict=True)]
        for key in keys
    }
    seen = [place for place, sheet in enumerate(sheets) if not sheet.hidden]
    common = [key for key in keys if all(key in of_one for of_one in keyed)]
    counted = [key for key in common if len(seen) > 1 and all(_scored(cards[key][place]) for place in seen)]
    theirs = {
        sheets[place].interview.id: [card for key in counted if (card := cards[key][place])]
        for place in seen
        if counted
    }
    totals = {interview_id: _score(of_one) for interview_id, of_one in theirs.items()}

    def questions(wanted: Sequence[Key]) -> list[ComparedQuestion]:
        return [_question(rows[key], [key in of_one for of_one in keyed], cards[key]) for key in wanted]

    return Comparison(
        candidates=[
            _candidate(sheet, place, totals.get(sheet.interview.id)) for place, sheet in enumerate(sheets)
        ],
        counted=questions(counted),
        uncounted=questions([key for key in common if key not in counted]),
        others=questions([key for key in keys if key not in common]),
        competencies=_competencies(sheets, rows, counted, cards),
        groups=_groups(totals),
        pairs=_pairs(totals, theirs),
        without_confidence=sum(
            certainty.is_unmeasured(point)
            for of_one in theirs.values()
            for card in of_one
            for point in card.points
        ),
    )


def _key(interview: Interview, row: InterviewQuestion) -> Key:
    points = tuple((point["id"], float(point["weight"])) for point in row.question["points"])
    return row.bank_id or interview.bank_id, row.question_id, float(row.question["max_score"]), points


def _card(sheet: Sheet, row: InterviewQuestion | None) -> QuestionScore | None:
    return None if row is None or sheet.hidden else sheet.cards.get(row.number)


def _score(cards: Sequence[QuestionScore]) -> Score:
    """The sum of scored cards, and its interval."""
    score = round(sum(card.score or 0.0 for card in cards), 2)
    found = certainty.interval(cards) or certainty.Interval(score, score)
    return Score(
        score=score,
        max_score=round(sum(card.max_score for card in cards), 2),
        low=found.low,
        high=found.high,
    )


def _scored(card: QuestionScore | None) -> bool:
    return card is not None and card.score is not None


def _candidate(sheet: Sheet, place: int, total: Score | None) -> ComparedCandidate:
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
        total=total,
    )


def _question(
    row: InterviewQuestion, asked: list[bool], cards: Sequence[QuestionScore | None]
) -> ComparedQuestion:
    return ComparedQuestion(
        question_id=row.question_id,
        number=row.number,
        section=row.section,
        text=row.question["text"],
        max_score=row.question["max_score"],
        asked=asked,
        scores=[_score([card]) if card and _scored(card) else None for card in cards],
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
    cards: Mapping[Key, Sequence[QuestionScore | None]],
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
                None if sheet.hidden else _score([card for key in keys if (card := cards[key][place])])
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


def _pairs(totals: Mapping[str, Score], counted: Mapping[str, Sequence[QuestionScore]]) -> list[Pair]:
    pairs = []
    for first, second in combinations(totals, 2):
        one, other = totals[first], totals[second]
        found = certainty.difference(counted[first], counted[second])
        if found is None:
            continue
        overlap = one.low <= other.high and other.low <= one.high
        pairs.append(
            Pair(
                first=first,
                second=second,
                difference=round(one.score - other.score, 2),
                low=found.low,
                high=found.high,
                says=_says(found, overlap=overlap),
            )
        )
    return pairs


def _says(difference: certainty.Interval, *, overlap: bool) -> Literal["apart", "likely", "open", "equal"]:
    if difference.low == difference.high == 0:
        return "equal"
    if not overlap:
        return "apart"
    return "open" if difference.low <= 0 <= difference.high else "likely"
