"""A report as a row of plain blocks, one content that Markdown and PDF set each in their own way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from app.db.tables import Interview
from app.web.rendering import marks, percent
from app.web.scores.report_view import PointView, QuestionView, ReportView, outcome_of
from app.web.wording import Wording


@dataclass(frozen=True)
class Heading:
    """`level` 1 is the report's title."""

    text: str
    level: int = 2
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True)
class Text:
    """A paragraph; `tone` says whether it matters more or less than others."""

    text: str
    tone: Literal["plain", "strong", "soft"] = "plain"
    kind: Literal["text"] = "text"


@dataclass(frozen=True)
class Point:
    """A rubric point with its verdict, the words it rests on, and notes on it."""

    text: str
    outcome: str
    verdict: str
    quotes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    kind: Literal["point"] = "point"


@dataclass(frozen=True)
class Figure:
    """A picture that the blocks after it also say in words; `name` is what it shows."""

    name: Literal["radar", "line"]
    description: str
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class Table:
    """Rows of a name and a share of 1, shown as `figure`."""

    head: tuple[str, str]
    rows: tuple[tuple[str, float, str], ...]
    kind: Literal["table"] = "table"


@dataclass(frozen=True)
class Box:
    """A few paragraphs set apart."""

    title: str
    texts: tuple[str, ...]
    kind: Literal["box"] = "box"


@dataclass(frozen=True)
class Said:
    """A line of the transcript."""

    speaker: str
    text: str
    by_candidate: bool
    kind: Literal["said"] = "said"


Block = Heading | Text | Point | Figure | Table | Box | Said


def report_blocks(view: ReportView, interview: Interview, t: Wording) -> list[Block]:
    """The whole report, in the order of the page."""
    report = view.report
    blocks: list[Block] = [
        Heading(t("report.title"), 1),
        Text(
            f"{interview.title} · {t(f'mode.{report.mode}')} · {interview.created_at:%Y-%m-%d %H:%M} UTC",
            "soft",
        ),
        *_summary(view, t),
        *_change(view, t),
        *_progress(view, t),
    ]
    if view.questions:
        blocks.append(Heading(t("report.questions")))
        blocks += [block for question in view.questions for block in _question(question, t)]
    if view.lines:
        blocks.append(Heading(t("report.transcript")))
        blocks += [
            Said(
                t("chat.interviewer" if line.speaker == "interviewer" else "chat.you"),
                "".join(segment.text for segment in line.segments),
                line.speaker != "interviewer",
            )
            for line in view.lines
        ]
    if report.fingerprint:
        blocks.append(Text(f"{t('report.fingerprint')} {report.fingerprint}", "soft"))
    return blocks


def _summary(view: ReportView, t: Wording) -> Iterator[Block]:
    report = view.report
    if report.score is None:
        yield Text(t("report.not_scored"), "strong")
        yield Text(t("report.not_scored_text"))
        return
    yield Text(
        f"{t('report.total')} {marks(report.score)} {t('report.of_max', max=marks(report.max_score))}",
        "strong",
    )
    bounds = view.bounds
    if bounds:
        yield Text(t("report.interval.likely", low=marks(bounds[0]), high=marks(bounds[1])))
        yield Text(t("report.interval.help"), "soft")
    if view.counts["pending"]:
        yield Text(t("report.pending"), "strong")
    if view.counts["unscored"]:
        yield Text(t("report.partial_text", n=view.counts["unscored"]))
    if view.doubt:
        yield Text(t(f"report.sure.{view.doubt.level}"), "soft")
    if view.doubt and view.doubt.review:
        yield Text(t("report.sure.review", n=view.doubt.review, of=view.doubt.of), "soft")
    if report.competencies:
        yield Heading(t("report.competencies"))
        rows = tuple((each.title, each.score, percent(each.score)) for each in report.competencies)
        if view.radar:
            yield Figure("radar", "; ".join(f"{title} {figure}" for title, _, figure in rows))
        yield Table((t("report.competency"), t("report.score")), rows)


def _change(view: ReportView, t: Wording) -> Iterator[Block]:
    change = view.change
    if change is None:
        return
    yield Heading(t("report.change.title"))
    figures = {"before": change.before, "after": change.after, "max": change.max_score}
    total = t("report.change.total", **{name: marks(value) for name, value in figures.items()})
    yield Text(f"{total} {t(f'report.change.{change.direction}')}")


def _progress(view: ReportView, t: Wording) -> Iterator[Block]:
    if view.progress is None:
        return
    yield Heading(t("report.progress.title"))
    rows = tuple((f"{each.at:%Y-%m-%d}", each.share, percent(each.share)) for each in view.past)
    yield Figure("line", "; ".join(f"{day} {figure}" for day, _, figure in rows))
    yield Table((t("report.progress.date"), t("report.score")), rows)


def _question(question: QuestionView, t: Wording) -> Iterator[Block]:
    card = question.card
    yield Heading(f"{t('report.question', number=card.number)} · {card.text}", 3)
    bounds = question.bounds
    if card.status == "scored":
        score = t("report.question_score", score=marks(card.score), max=marks(card.max_score))
        doubt = t("report.interval.short", low=marks(bounds[0]), high=marks(bounds[1])) if bounds else ""
        yield Text(f"{score}  {doubt}".strip(), "strong")
        if question.change:
            before = marks(question.change.before.score)
            told = t("report.change.question", before=before, after=marks(card.score))
            yield Text(f"{told} {t(f'report.change.{question.change.direction}')}", "soft")
    elif card.status == "pending":
        yield Text(t("report.pending"), "strong")
    if card.reason:
        key = f"report.reasons.{card.reason.split(':')[0]}"
        yield Text(t(key if key in t else "report.reasons.other"))
    if card.status == "not_scored" and bounds:
        figures = {"low": bounds[0], "high": bounds[1], "max": card.max_score}
        yield Text(t("report.interval.open", **{name: marks(value) for name, value in figures.items()}))
    for point in (*question.said, *question.missing, *question.unjudged):
        yield _point(question, point, t)
    yield from _advice(question, t)
    if card.reference_answer:
        yield Box(t("report.model_answer"), (card.reference_answer.strip(),))


def _point(question: QuestionView, point: PointView, t: Wording) -> Point:
    notes = []
    if point.overridden:
        notes.append(t("report.by_person"))
    if point.needs_review:
        notes.append(t("report.review"))
    for change in question.change.points if question.change else ():
        if change.after.id == point.id and change.direction != "same":
            before = t(f"report.{outcome_of(change.before.credit)}")
            notes.append(f"{t('report.change.before')} {before} · {t(f'report.change.{change.direction}')}")
    for dispute in point.disputes:
        notes.append(": ".join(filter(None, (t(f"report.dispute.{dispute.status}"), dispute.outcome))))
    return Point(
        point.text,
        point.outcome,
        t(f"report.{point.outcome}"),
        tuple(quote.text for quote in point.quotes),
        tuple(notes),
    )


def _advice(question: QuestionView, t: Wording) -> Iterator[Block]:
    suggestion = question.card.suggestion
    if suggestion:
        texts = [f"{t(f'report.suggestion.{suggestion.kind}')}{suggestion.text}"]
        if suggestion.example:
            sounds, own = t("report.suggestion.sounds"), t("report.suggestion.own")
            texts.append(f"{sounds} “{suggestion.example}” {own}")
        if suggestion.probe:
            texts.append(f"{t('report.suggestion.probe')} {suggestion.probe}")
        yield Box(t("report.suggestion.title"), tuple(texts))
    if question.story:
        texts = [_part(part, t) for part in question.story]
        if question.untold:
            texts.append(t(f"report.star.add_{question.untold.id}"))
        yield Box(t("report.star.title"), tuple(texts))
    elif question.card.star:
        yield Box(t("report.star.title"), (t(f"report.star.{question.card.star.status}"),))


def _part(part: PointView, t: Wording) -> str:
    quoted: Sequence[str] = [f"“{quote.text}”" for quote in part.quotes[:1]]
    return " ".join((f"{t(f'report.star.{part.id}')}: {t(f'report.star.told_{part.outcome}')}", *quoted))
