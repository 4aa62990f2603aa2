"""A report arranged for reading: how sure we are, the verdicts by outcome, and the marked transcript."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.interviews.disputes import may_dispute
from app.interviews.practice.changes import Change, QuestionChange
from app.interviews.practice.repository import PastPractice
from app.interviews.practice.service import weak_questions
from app.interviews.schemas import DisputeView, QuestionReport, Report, TranscriptLine
from app.scoring.card import PointScore
from app.web.scores.charts import Line, Radar, Sureness, line, radar, shown_bounds, sureness
from app.web.scores.highlight import Segment, Span, segments

Outcome = Literal["hit", "partial", "miss", "unjudged"]

_NOT_ASKED = "not-asked"


@dataclass(frozen=True)
class QuoteView:
    """A quote and its `anchor` in the transcript."""

    seq: int
    text: str
    anchor: str


@dataclass(frozen=True)
class PointView:
    """One rubric point; `key` names it on the page, `machine_outcome` what a person replaced, if one did."""

    key: str
    text: str
    weight: float
    outcome: Outcome
    needs_review: bool
    confidence: float | None
    quotes: tuple[QuoteView, ...]
    id: str = ""
    overridden: bool = False
    machine_outcome: Outcome | None = None
    disputes: tuple[DisputeView, ...] = ()
    can_dispute: bool = False


@dataclass(frozen=True)
class QuestionView:
    """One question's card with its points in rubric order; `share` is of the question's marks, 0..1.

    `story` are the four parts of a behavioural answer, empty unless they were read.
    """

    card: QuestionReport
    points: tuple[PointView, ...]
    share: float | None
    story: tuple[PointView, ...] = ()
    change: QuestionChange | None = None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Where the score very likely lies, or would lie once scored, in marks; None without doubt."""
        return shown_bounds(self.card.interval)

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

    @property
    def untold(self) -> PointView | None:
        """The part of the story that most needs telling."""
        return next(
            (part for outcome in ("miss", "partial") for part in self.story if part.outcome == outcome), None
        )


@dataclass(frozen=True)
class LineView:
    """A line of the transcript with its quotes marked; `opens` is the question it begins, if it does."""

    seq: int
    speaker: str
    kind: str
    segments: tuple[Segment, ...]
    opens: QuestionView | None = None


@dataclass(frozen=True)
class Doubt:
    """How sure the total is, by its interval, and points to review `of` those judged."""

    level: Sureness
    review: int
    of: int


@dataclass(frozen=True)
class ReportView:
    """A whole report; `share` is of the marks of the scored questions, 0..1; `weak` are question numbers."""

    report: Report
    share: float | None
    doubt: Doubt | None
    questions: tuple[QuestionView, ...]
    lines: tuple[LineView, ...]
    radar: Radar | None
    counts: dict[str, int] = field(default_factory=dict)
    weak: tuple[int, ...] = ()
    change: Change | None = None
    past: tuple[PastPractice, ...] = ()
    progress: Line | None = None

    @property
    def bounds(self) -> tuple[float, float] | None:
        """Where the total very likely lies, in marks; None without doubt."""
        return shown_bounds(self.report.interval)

    @property
    def awaited(self) -> int:
        """How much is still being scored or read."""
        return self.counts["pending"] + self.counts["reading"]

    @property
    def judged_apart(self) -> bool:
        """Whether a person decided any point."""
        return any(point.overridden for question in self.questions for point in question.points)


def report_view(
    report: Report,
    transcript: Sequence[TranscriptLine],
    change: Change | None = None,
    past: Sequence[PastPractice] = (),
) -> ReportView:
    """The report with its transcript; questions that were never asked are left out."""
    asked = [card for card in report.questions if card.reason != _NOT_ASKED]
    disputable = report.mode == "assessment" and report.released_at is not None
    changed = {each.after.number: each for each in change.questions} if change else {}
    questions = tuple(_question(card, disputable, changed.get(card.number)) for card in asked)
    return ReportView(
        report=report,
        share=_share(report.score, report.max_score),
        doubt=_doubt(report, [point for card in asked for point in card.points]),
        questions=questions,
        lines=tuple(_lines(transcript, questions)),
        radar=radar([(competency.title, competency.score) for competency in report.competencies]),
        counts={
            "asked": len(asked),
            "scored": sum(card.score is not None for card in asked),
            "unscored": sum(card.status == "not_scored" for card in asked),
            "pending": sum(card.status == "pending" for card in asked),
            "reading": sum(card.star is not None and card.star.status == "pending" for card in asked),
        },
        weak=tuple(weak_questions(report)),
        change=change,
        past=tuple(past),
        progress=line([(each.at.strftime("%m-%d"), each.share) for each in past]),
    )


def outcome_of(credit: float | None) -> Outcome:
    """The name of a credit."""
    if credit is None:
        return "unjudged"
    return "hit" if credit >= 1 else "partial" if credit > 0 else "miss"


def _share(score: float | None, max_score: float) -> float | None:
    return None if score is None or max_score <= 0 else score / max_score


def _question(card: QuestionReport, disputable: bool, change: QuestionChange | None) -> QuestionView:
    story = card.star.points if card.star else []
    return QuestionView(
        card,
        tuple(
            _point(
                point,
                f"q{card.number}-{point.id}",
                tuple(each for each in card.disputes if each.point_id == point.id),
                disputable,
            )
            for point in card.points
        ),
        _share(card.score, card.max_score),
        tuple(_point(part, f"q{card.number}-star-{part.id}") for part in story),
        change,
    )


def _point(
    point: PointScore, key: str, disputes: tuple[DisputeView, ...] = (), disputable: bool = False
) -> PointView:
    return PointView(
        key=key,
        text=point.text,
        weight=point.weight,
        outcome=outcome_of(point.credit),
        needs_review=point.needs_review,
        confidence=point.confidence,
        quotes=tuple(
            QuoteView(quote.seq, quote.text, f"quote-{key}-{place}")
            for place, quote in enumerate(point.quotes, start=1)
        ),
        id=point.id,
        overridden=point.overridden,
        machine_outcome=outcome_of(point.machine_credit) if point.overridden else None,
        disputes=disputes,
        can_dispute=disputable and point.credit is not None and point.credit < 1 and may_dispute(disputes),
    )


def _doubt(report: Report, points: Sequence[PointScore]) -> Doubt | None:
    if report.interval is None:
        return None
    judged = [point for point in points if point.credit is not None]
    return Doubt(
        level=sureness(report.interval, report.max_score),
        review=sum(point.needs_review for point in judged),
        of=len(judged),
    )


def _lines(transcript: Sequence[TranscriptLine], questions: Sequence[QuestionView]) -> list[LineView]:
    spans: dict[int, list[Span]] = {}
    for question in questions:
        story = question.card.star.points if question.card.star else []
        scored = [*zip(question.card.points, question.points, strict=True)]
        for point, view in [*scored, *zip(story, question.story, strict=True)]:
            for quote, shown in zip(point.quotes, view.quotes, strict=True):
                spans.setdefault(quote.seq, []).append(Span(quote.start, quote.end, view.key, shown.anchor))
    by_number = {question.card.number: question for question in questions}
    opened: set[int] = set()
    lines = []
    for said in transcript:
        opens = by_number.get(said.question or 0) if said.speaker == "interviewer" else None
        if opens is not None and opens.card.number in opened:
            opens = None
        if opens is not None:
            opened.add(opens.card.number)
        marked = tuple(segments(said.text, spans.get(said.seq, [])))
        lines.append(LineView(said.seq, said.speaker, said.kind, marked, opens))
    return lines
