"""A review arranged for reading: points with their outcome, and the transcript with their quotes marked."""

from dataclasses import dataclass
from typing import Literal

from app.recruiting.reviews.schemas import InterviewReview, LineReview, PointReview, QuestionReview
from app.recruiting.reviews.signals import Fact, facts
from app.web.scores.highlight import Segment, Span, segments

Outcome = Literal["hit", "partial", "miss", "unjudged"]

# How urgently a point asks for a person: the keys walk through the highest first.
_DISPUTED, _FLAGGED, _DIFFERS, _NOTHING = 3, 2, 1, 0


def outcome_of(credit: float | None) -> Outcome:
    """The name of a credit."""
    if credit is None:
        return "unjudged"
    return "hit" if credit >= 1 else "partial" if credit > 0 else "miss"


@dataclass(frozen=True)
class QuoteView:
    """A quote and its `anchor` in the transcript."""

    text: str
    anchor: str


@dataclass(frozen=True)
class PointView:
    """One rubric point of question `number`; `key` names it on the page."""

    key: str
    number: int
    review: PointReview
    quotes: tuple[QuoteView, ...]

    @property
    def outcome(self) -> Outcome:
        return outcome_of(self.review.credit)

    @property
    def attention(self) -> int:
        """3 disputed, 2 flagged, 1 the reviewer saw it differently when blind, else 0."""
        if self.review.disputed:
            return _DISPUTED
        if self.review.needs_review:
            return _FLAGGED
        return _DIFFERS if self.review.differs else _NOTHING


@dataclass(frozen=True)
class QuestionView:
    """A question with its points in rubric order; `share` is of its marks, 0..1."""

    review: QuestionReview
    points: tuple[PointView, ...]

    @property
    def key(self) -> str:
        return f"q{self.review.number}"

    @property
    def share(self) -> float | None:
        score, most = self.review.score, self.review.max_score
        return None if score is None or most <= 0 else score / most


@dataclass(frozen=True)
class LineView:
    """A line with its quotes marked and the facts of its typing; `opens` is the question it begins, or 0."""

    line: LineReview
    segments: tuple[Segment, ...]
    facts: tuple[Fact, ...]
    opens: int


@dataclass(frozen=True)
class ReviewView:
    """A whole page."""

    review: InterviewReview
    questions: tuple[QuestionView, ...]
    lines: tuple[LineView, ...]

    @property
    def points(self) -> list[PointView]:
        return [point for question in self.questions for point in question.points]

    @property
    def first(self) -> PointView | None:
        """The point to look at first, if any asks for it."""
        asking = [point for point in self.points if point.attention]
        return max(asking, key=lambda point: point.attention) if asking else None

    @property
    def unlike_scorer(self) -> int:
        """Points that this reviewer judged blind otherwise than the scorer did."""
        reviews = [point.review for point in self.points if point.review.own_credit is not None]
        return sum(one.machine_credit not in (None, one.own_credit) for one in reviews)

    @property
    def differing(self) -> int:
        """How many points the reviewer's blind verdict sees otherwise."""
        return sum(point.review.differs for point in self.points)

    @property
    def has_facts(self) -> bool:
        return any(line.facts for line in self.lines)

    def question(self, number: int) -> QuestionView | None:
        return next((each for each in self.questions if each.review.number == number), None)

    def point(self, number: int, point_id: str) -> PointView | None:
        return next(
            (each for each in self.points if (each.number, each.review.id) == (number, point_id)), None
        )


def review_view(review: InterviewReview) -> ReviewView:
    """The page of a review."""
    questions = tuple(_question(question) for question in review.questions)
    return ReviewView(review, questions, tuple(_lines(review, questions)))


def point_key(number: int, point_id: str) -> str:
    """What a point is called on the page."""
    return f"q{number}-{point_id}"


def _question(question: QuestionReview) -> QuestionView:
    points = []
    for point in question.points:
        key = point_key(question.number, point.id)
        quotes = tuple(
            QuoteView(quote.text, f"quote-{key}-{place}") for place, quote in enumerate(point.quotes, 1)
        )
        points.append(PointView(key, question.number, point, quotes))
    return QuestionView(question, tuple(points))


def _lines(review: InterviewReview, questions: tuple[QuestionView, ...]) -> list[LineView]:
    spans: dict[int, list[Span]] = {}
    for question in questions:
        for point in question.points:
            for quote, shown in zip(point.review.quotes, point.quotes, strict=True):
                spans.setdefault(quote.seq, []).append(Span(quote.start, quote.end, point.key, shown.anchor))
    unopened = {question.review.number for question in questions}
    lines = []
    for line in review.lines:
        opens = line.question if line.speaker == "interviewer" and line.question in unopened else 0
        unopened.discard(opens or 0)
        marked = tuple(segments(line.text, spans.get(line.seq, [])))
        lines.append(LineView(line, marked, tuple(facts(line.signals)), opens or 0))
    return lines
