"""Whether verdicts follow what a reply says and nothing else.

Replies are worded otherwise without changing what they say: the verdicts must stay. One statement is taken
out: its point alone must fall. One is added: its point alone must rise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.scoring.card import QuestionScore
from app.scoring.rubric import question_item
from evals import metrics
from evals.bench import Bench
from evals.labelled import GOLDEN, MARKS, SHIPPED, STATEMENTS, Reply, held_out_replies
from evals.reporting.plots import bar_chart
from evals.results import Cell, Figure, Plot, Row, SuiteResult, Table
from evals.scored import spread
from evals.variations.rewording import read_rewording
from evals.variations.statements import read_statements
from evals.variations.variants import (
    ADDED,
    BASE,
    DELETED,
    EMPTY_CHANGES,
    KEPT_CHANGES,
    Variant,
    composed_variants,
    reply_variants,
    whole_groups,
)

NAME = "invariance"
MOST = 220
LABELLED = 6


@dataclass(frozen=True)
class Compared:
    """A variant's credits beside its base's, by point id."""

    variant: Variant
    before: Mapping[str, float]
    after: Mapping[str, float]

    @property
    def kept(self) -> list[bool]:
        """Point by point, whether the credit is exactly the same."""
        return [self.after[point] == credit for point, credit in self.before.items()]

    @property
    def kept_in_part(self) -> list[bool]:
        """Point by point, whether there is any credit as there was before."""
        return [bool(self.after[point]) == bool(credit) for point, credit in self.before.items()]

    @property
    def risen(self) -> list[str]:
        return [point for point, credit in self.before.items() if self.after[point] > credit]

    @property
    def fallen(self) -> list[str]:
        return [point for point, credit in self.before.items() if self.after[point] < credit]


async def run(bench: Bench) -> SuiteResult:
    """Replies composed for the shipped banks' held-out questions, and held-out labelled ones."""
    groups = [*_composed(bench), *_labelled(bench)]
    variants = whole_groups(groups, min(bench.limit or MOST, MOST))

    async def score(variant: Variant) -> QuestionScore:
        return await bench.scorer.score(variant.item, variant.parts)

    cards = await bench.each(variants, score, NAME)
    return report(variants, cards)


def _composed(bench: Bench) -> list[list[Variant]]:
    ids = dict.fromkeys(reply.question_id for reply in held_out_replies((SHIPPED,)) if reply.question_id)
    places = {id: bench.banks.question(id) for id in ids}
    statements = read_statements({id: question for id, (_, _, question) in places.items()}, STATEMENTS)
    return [
        composed_variants(
            id, question_item(question, bank.language, MARKS), statements[id], read_rewording(bank.language)
        )
        for id, (bank, _, question) in places.items()
    ]


def _labelled(bench: Bench) -> list[list[Variant]]:
    """Replies that say some points and not others, each to another question."""
    by_question: dict[str, list[Reply]] = {}
    for reply in held_out_replies((GOLDEN,)):
        if 0 < sum(reply.credits) < len(reply.credits):
            by_question.setdefault(reply.question, []).append(reply)
    # Another kind for every question.
    ones = [replies[at % len(replies)] for at, replies in enumerate(by_question.values())]
    return [
        reply_variants(reply, reply.item(bench.banks), read_rewording(reply.language))
        for reply in spread(ones, LABELLED)
    ]


def compared(variants: Sequence[Variant], cards: Sequence[QuestionScore]) -> list[Compared]:
    """Every variant beside its base; without those of which either was not scored."""
    credits = {
        variant.id: {point.id: point.credit or 0.0 for point in card.points}
        for variant, card in zip(variants, cards, strict=True)
        if card.score is not None
    }
    bases = {variant.base: variant.id for variant in variants if variant.change == BASE}
    return [
        Compared(variant, credits[bases[variant.base]], credits[variant.id])
        for variant in variants
        if variant.change != BASE and variant.id in credits and bases[variant.base] in credits
    ]


def report(variants: Sequence[Variant], cards: Sequence[QuestionScore]) -> SuiteResult:
    """The figures, a table of all changes, and a row for every variant."""
    pairs = compared(variants, cards)
    return SuiteResult(
        figures=figures(pairs) | _base_figures(variants, cards) | _quote_figures(variants, cards),
        tables=[_kept_table(pairs), _aimed_table(pairs)],
        plots=[_kept_plot(pairs)],
        rows=[*_base_rows(variants, cards), *map(_row, pairs)],
        not_scored=sum(card.score is None for card in cards),
    )


def figures(pairs: Sequence[Compared]) -> dict[str, Figure]:
    """Shares 0..1, but `padding_gain`, which counts verdicts that rose by words without content."""
    by_change = {change: [p for p in pairs if p.variant.change == change] for change in KEPT_CHANGES}
    gains = [len(pair.risen) for change in EMPTY_CHANGES for pair in by_change[change]]
    kept = [pair for group in by_change.values() for pair in group]
    found: dict[str, Figure] = {
        f"{NAME}.kept": _kept(kept),
        f"{NAME}.kept_in_part": metrics.share([same for pair in kept for same in pair.kept_in_part]),
        **{f"{NAME}.{change}": _kept(group) for change, group in by_change.items()},
        f"{NAME}.padding_gain": sum(gains) if gains else None,
    }
    # A credit that was not given can't be taken, nor one that was given already be won.
    deleted = [p for p in pairs if p.variant.change == DELETED and p.before[p.variant.point or ""] > 0]
    added = [p for p in pairs if p.variant.change == ADDED and p.before[p.variant.point or ""] < 1]
    found[f"{NAME}.deleted_falls"] = metrics.share([p.variant.point in p.fallen for p in deleted])
    found[f"{NAME}.deleted_only"] = metrics.share([_only(p, p.fallen) for p in deleted])
    found[f"{NAME}.added_rises"] = metrics.share([p.variant.point in p.risen for p in added])
    found[f"{NAME}.added_only"] = metrics.share([_only(p, p.risen) for p in added])
    return found


def _only(pair: Compared, moved: Sequence[str]) -> bool:
    return moved == [pair.variant.point] and pair.kept.count(False) == 1


def _kept(pairs: Sequence[Compared]) -> float | None:
    return metrics.share([kept for pair in pairs for kept in pair.kept])


def _base_figures(variants: Sequence[Variant], cards: Sequence[QuestionScore]) -> dict[str, Figure]:
    """Of the composed replies as they are: the points said and those unsaid that have any credit."""
    said: list[bool] = []
    unsaid: list[bool] = []
    for variant, card in zip(variants, cards, strict=True):
        if variant.change == BASE and variant.covered is not None and card.score is not None:
            for point in card.points:
                (said if point.id in variant.covered else unsaid).append(bool(point.credit))
    return {f"{NAME}.said_credited": metrics.share(said), f"{NAME}.unsaid_credited": metrics.share(unsaid)}


def _quote_figures(variants: Sequence[Variant], cards: Sequence[QuestionScore]) -> dict[str, Figure]:
    """Of the credits for points a composed reply says: the share whose first quote is where it says them."""
    right = []
    for variant, card in zip(variants, cards, strict=True):
        for point in card.points:
            if point.quotes and point.id in variant.places:
                quote, (start, end) = point.quotes[0], variant.places[point.id]
                shared = min(quote.end, end) - max(quote.start, start)
                right.append(2 * shared > quote.end - quote.start)
    return {f"{NAME}.quoted_right": metrics.share(right)}


def _kept_plot(pairs: Sequence[Compared]) -> Plot:
    bars = []
    for change in KEPT_CHANGES:
        # One cluster a base: its variants' verdicts are alike.
        clusters = [[pair] for pair in pairs if pair.variant.change == change]
        bars.append(
            (change, _kept([pair for (pair,) in clusters]), metrics.cluster_bootstrap(clusters, _kept))
        )
    title = "Verdicts kept, by change of wording"
    return Plot(title, bar_chart(bars, title), "Lines: 95 % intervals, bootstrapped over replies.")


def _kept_table(pairs: Sequence[Compared]) -> Table:
    rows: list[list[Cell]] = []
    for change in KEPT_CHANGES:
        group = [pair for pair in pairs if pair.variant.change == change]
        rose, fell = sum(len(pair.risen) for pair in group), sum(len(pair.fallen) for pair in group)
        rows.append([change, len(group), sum(len(p.kept) for p in group), _kept(group), rose, fell])
    return Table(
        "Verdicts kept when only the wording changes",
        ("change", "replies", "verdicts", "kept", "rose", "fell"),
        rows,
        "Kept: exactly the same credit as before the change. A change that finds nothing to change in a "
        "reply is not counted.",
    )


def _aimed_table(pairs: Sequence[Compared]) -> Table:
    rows: list[list[Cell]] = []
    for change in (DELETED, ADDED):
        for pair in (p for p in pairs if p.variant.change == change):
            point = pair.variant.point or ""
            others = [p for p in (*pair.risen, *pair.fallen) if p != point]
            moved = [pair.before[point], pair.after[point]]
            rows.append([pair.variant.base, change, point, *moved, ", ".join(others) or "none"])
    return Table(
        "One statement taken out or added",
        ("question", "change", "its point", "before", "after", "other points that moved"),
        rows,
        "That a statement covers its point and no other is the word of the language model that wrote it.",
    )


def _base_rows(variants: Sequence[Variant], cards: Sequence[QuestionScore]) -> list[Row]:
    return [
        {
            "id": variant.id,
            "base": variant.base,
            "change": BASE,
            "input": variant.text,
            "output": {point.id: point.credit for point in card.points},
            "covered": None if variant.covered is None else list(variant.covered),
            "score": card.score,
        }
        for variant, card in zip(variants, cards, strict=True)
        if variant.change == BASE
    ]


def _row(pair: Compared) -> Row:
    variant = pair.variant
    return {
        "id": variant.id,
        "base": variant.base,
        "change": variant.change,
        "point": variant.point,
        "input": variant.text,
        "target": dict(pair.before),
        "output": dict(pair.after),
        "score": sum(pair.kept) / len(pair.kept),
        "rose": pair.risen,
        "fell": pair.fallen,
    }
