"""A score card arranged for reading: how sure we are, the verdicts by outcome, and the marked transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.interviews.schemas import QuestionReport, Report, TranscriptLine
from app.scoring.card import PointScore
from app.web.scores.highlight import Segment, Span, segments
from app.web.scores.radar import Radar, radar

Outcome = Literal["hit", "partial", "miss", "unjudged"]
Sureness = Literal["high", "medium", "low"]

# Repeats that disagree are wrong two times in five, so a few flagged points already call for a look.
_MEDIUM_REVIEW_SHARE = 0.1
_LOW_REVIEW_SHARE = 0.35
_HIGH_CONFIDENCE = 0.8
_LOW_CONFIDENCE = 0.6
_NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class QuoteView:
    """A quote and its `anchor` in the transcript."""

    seq: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PointView:
    """One rubric point; `key` names it on the page."""

    key: str
    text: str
    weight: float
    outcome: Outcome
    needs_review: bool
    confidence: float | None
    quotes: tuple[QuoteView, ...]


@dataclass(frozen=True)
class QuestionView:
    """One question's card with its points in rubric order; `share` is of the question's marks, 0..1."""

    card: QuestionReport
    points: tuple[PointView, ...]
    share: float | None

    @property
    def said(self) -> list[PointView]:
        return [point for point in self.points if point.outcome in ("hit", "partial")]

    @property
    def missing(self) -> list[PointView]:
        return [point for point in self.points if point.outcome == "miss"]

    @property
    def unjudged(self) -> list[PointView]:
        return [point for point in self.points if point.outcome == "unjudged"]

    @property
    def flagged(self) -> int:
        return sum(point.needs_review for point in self.points)


@dataclass(frozen=True)
class LineView:
    """A line of the transcript with its quotes marked; `opens` is the question it begins, if it does."""

    seq: int
    speaker: str
    kind: str
    segments: tuple[Segment, ...]
    opens: QuestionView | None = None


@dataclass(frozen=True)
class Confidence:
    """How sure the verdicts are: `mean` confidence 0..1 or None, and points to review `of` those judged."""

    level: Sureness
    mean: float | None
    review: int
    of: int


@dataclass(frozen=True)
class ReportView:
    """A whole report; `share` is of the marks of the scored questions, 0..1."""

    report: Report
    share: float | None
    confidence: Confidence | None
    questions: tuple[QuestionView, ...]
    lines: tuple[LineView, ...]
    radar: Radar | None
    counts: dict[str, int] = field(default_factory=dict)


def report_view(report: Report, transcript: Sequence[TranscriptLine]) -> ReportView:
    """The report with its transcript; questions that were never asked are left out."""
    asked = [card for card in report.questions if card.reason != _NOT_ASKED]
    questions = tuple(_question(card) for card in asked)
    return ReportView(
        report=report,
        share=_share(report.score, report.max_score),
        confidence=_confidence([point for card in asked for point in card.points]),
        questions=questions,
        lines=tuple(_lines(transcript, questions)),
        radar=radar([(competency.title, competency.score) for competency in report.competencies]),
        counts={
            "asked": len(asked),
            "scored": sum(card.score is not None for card in asked),
            "unscored": sum(card.status == "not_scored" for card in asked),
            "pending": sum(card.status == "pending" for card in asked),
        },
    )


def _share(score: float | None, max_score: float) -> float | None:
    return None if score is None or max_score <= 0 else score / max_score


def _outcome(credit: float | None) -> Outcome:
    if credit is None:
        return "unjudged"
    return "hit" if credit >= 1 else "partial" if credit > 0 else "miss"


def _question(card: QuestionReport) -> QuestionView:
    points = []
    for point in card.points:
        key = f"q{card.number}-{point.id}"
        quotes = tuple(
            QuoteView(quote.seq, quote.text, f"quote-{key}-{place}")
            for place, quote in enumerate(point.quotes, start=1)
        )
        points.append(
            PointView(
                key,
                point.text,
                point.weight,
                _outcome(point.credit),
                point.needs_review,
                point.confidence,
                quotes,
            )
        )
    return QuestionView(card, tuple(points), _share(card.score, card.max_score))


def _confidence(points: Sequence[PointScore]) -> Confidence | None:
    judged = [point for point in points if point.credit is not None]
    if not judged:
        return None
    known = [point.confidence for point in judged if point.confidence is not None]
    mean = sum(known) / len(known) if known else None
    review = sum(point.needs_review for point in judged)
    share = review / len(judged)
    if share > _LOW_REVIEW_SHARE or (mean is not None and mean < _LOW_CONFIDENCE):
        level: Sureness = "low"
    elif share > _MEDIUM_REVIEW_SHARE or (mean is not None and mean < _HIGH_CONFIDENCE):
        level = "medium"
    else:
        level = "high"
    return Confidence(level, mean, review, len(judged))


def _lines(transcript: Sequence[TranscriptLine], questions: Sequence[QuestionView]) -> list[LineView]:
    spans: dict[int, list[Span]] = {}
    for question in questions:
        for point, view in zip(question.card.points, question.points, strict=True):
            for quote, shown in zip(point.quotes, view.quotes, strict=True):
                spans.setdefault(quote.seq, []).append(Span(quote.start, quote.end, view.key, shown.anchor))
    by_number = {question.card.number: question for question in questions}
    opened: set[int] = set()
    lines = []
    for line in transcript:
        opens = by_number.get(line.question or 0) if line.speaker == "interviewer" else None
        if opens is not None and opens.card.number in opened:
            opens = None
        if opens is not None:
            opened.add(opens.card.number)
        marked = tuple(segments(line.text, spans.get(line.seq, [])))
        lines.append(LineView(line.seq, line.speaker, line.kind, marked, opens))
    return lines
