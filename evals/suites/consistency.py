"""Whether the same reply gets the same verdicts: judged again without any memory, with the rubric points in
another order, and, where a judge shows worked examples, with those in another order.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import replace

from app.scoring.card import QuestionScore
from app.scoring.rubric import Item
from app.scoring.scorer import Scorer
from app.scoring.screening import guard
from evals import metrics
from evals.bench import Bench
from evals.labelled import MARKS, Reply, held_out_replies
from evals.reporting.plots import bar_chart
from evals.results import Figure, Plot, Row, SuiteResult, Table
from evals.scored import spread
from evals.variations.examples import examples_scorer
from evals.variations.repeats import RepeatedReply, by_repeat, differing_share, totals_by_reply

NAME = "consistency"
REPEATS = 5
REPEATED = 12
PERMUTED = 24


async def run(bench: Bench) -> SuiteResult:
    """Held-out replies of every kind that reach the judge; the repeated are some of the permuted ones."""
    judged = [
        reply for reply in held_out_replies() if guard.screen(reply.item(bench.banks), reply.parts).judged
    ]
    permuted = spread(judged, min(bench.limit or PERMUTED, PERMUTED))
    repeated = spread(permuted, min(bench.limit or REPEATED, REPEATED))
    return report(
        await _repeats(bench, repeated),
        await _permutations(bench, permuted),
        await _other_examples(bench, permuted),
    )


def permuted_item(item: Item, seed: str) -> Item:
    """The question with its points in another order; the same if it has only one."""
    points = list(item.points)
    chance = random.Random(seed)
    while len(points) > 1 and tuple(points) == item.points:
        chance.shuffle(points)
    return replace(item, points=tuple(points))


async def _repeats(bench: Bench, replies: Sequence[Reply]) -> list[RepeatedReply]:
    # A new scorer for every repeat, and every repeat in another order: what a scorer or a model server keeps
    # from the request before must not change a verdict.
    scorers = [bench.fresh_scorer() for _ in range(REPEATS)]
    samples = [(repeat, reply) for repeat in range(REPEATS) for reply in _in_order(replies, repeat)]

    async def score(sample: tuple[int, Reply]) -> QuestionScore:
        repeat, reply = sample
        return await scorers[repeat].score(reply.item(bench.banks), reply.parts)

    cards = await bench.each(samples, score, f"{NAME}: repeats")
    by_reply: dict[str, list[QuestionScore]] = {reply.id: [] for reply in replies}
    for (_, reply), card in zip(samples, cards, strict=True):
        by_reply[reply.id].append(card)
    return [RepeatedReply(reply.id, reply.kind, tuple(by_reply[reply.id])) for reply in replies]


def _in_order(replies: Sequence[Reply], repeat: int) -> list[Reply]:
    return random.Random(repeat).sample(list(replies), len(replies))


async def _permutations(bench: Bench, replies: Sequence[Reply]) -> list[RepeatedReply]:
    samples = [(reply, item) for reply in replies for item in _both_orders(reply.item(bench.banks), reply.id)]

    async def score(sample: tuple[Reply, Item]) -> QuestionScore:
        reply, item = sample
        return await bench.scorer.score(item, reply.parts)

    cards = await bench.each(samples, score, f"{NAME}: points permuted")
    return [
        RepeatedReply(reply.id, reply.kind, (first, second))
        for reply, first, second in zip(replies, cards[::2], cards[1::2], strict=True)
    ]


async def _other_examples(bench: Bench, replies: Sequence[Reply]) -> list[RepeatedReply]:
    """Both orders of the worked examples; nothing for judges that show none."""
    items = [(reply, reply.item(bench.banks)) for reply in replies]
    samples = [
        (reply, item, scorer)
        for reply, item in items
        for order in (0, 1)
        if (scorer := examples_scorer(bench, item.language, order)) is not None
    ]

    async def score(sample: tuple[Reply, Item, Scorer]) -> QuestionScore:
        reply, item, scorer = sample
        return await scorer.score(item, reply.parts)

    cards = await bench.each(samples, score, f"{NAME}: examples permuted") if samples else []
    return [
        RepeatedReply(reply.id, reply.kind, (first, second))
        for (reply, _, _), first, second in zip(samples[::2], cards[::2], cards[1::2], strict=True)
    ]


def _both_orders(item: Item, seed: str) -> tuple[Item, Item]:
    return item, permuted_item(item, seed)


def report(
    repeated: Sequence[RepeatedReply],
    permuted: Sequence[RepeatedReply],
    other_examples: Sequence[RepeatedReply] = (),
) -> SuiteResult:
    """The figures, a table by reply, and a row for each reply and experiment."""
    experiments = {
        "repeated": (f"The same reply judged {REPEATS} times", repeated),
        "permuted": ("Rubric points in another order", permuted),
        "examples": ("Worked examples in another order", other_examples),
    }
    found = figures(repeated, permuted)
    if other_examples:
        found[f"{NAME}.examples_differ"] = differing_share(other_examples)
    return SuiteResult(
        figures=found,
        tables=[_table(title, replies) for title, replies in experiments.values() if replies],
        plots=[_plot(experiments.values())],
        rows=[row for name, (_, replies) in experiments.items() for row in _rows(name, replies)],
        not_scored=sum(
            len(reply.cards) - len(reply.totals) for _, replies in experiments.values() for reply in replies
        ),
    )


def figures(repeated: Sequence[RepeatedReply], permuted: Sequence[RepeatedReply]) -> dict[str, Figure]:
    """Shares of points 0..1, swings of totals in marks. α over points (ordinal), ICC over totals."""
    return {
        f"{NAME}.points": sum(len(reply.credits) for reply in repeated),
        f"{NAME}.differ": differing_share(repeated),
        f"{NAME}.alpha": metrics.krippendorff_alpha(by_repeat(repeated)),
        f"{NAME}.icc": metrics.icc_a1(totals_by_reply(repeated)),
        f"{NAME}.largest_swing": max((reply.swing for reply in repeated), default=None),
        f"{NAME}.confidence_drift": max((reply.drift for reply in repeated), default=None),
        f"{NAME}.permuted_points": sum(len(reply.credits) for reply in permuted),
        f"{NAME}.permuted_differ": differing_share(permuted),
        f"{NAME}.permuted_icc": metrics.icc_a1(totals_by_reply(permuted)),
        f"{NAME}.permuted_largest_swing": max((reply.swing for reply in permuted), default=None),
    }


def _plot(experiments: Iterable[tuple[str, Sequence[RepeatedReply]]]) -> Plot:
    bars = [
        (title, _same_share(replies), metrics.cluster_bootstrap([[reply] for reply in replies], _same_share))
        for title, replies in experiments
        if replies
    ]
    title = "Points whose verdict never differed"
    return Plot(title, bar_chart(bars, title), "Lines: 95 % intervals, bootstrapped over replies.")


def _same_share(replies: Sequence[RepeatedReply]) -> float | None:
    share = differing_share(replies)
    return None if share is None else 1 - share


def _table(title: str, replies: Sequence[RepeatedReply]) -> Table:
    return Table(
        title,
        ("reply", "kind", "points", "points that differ", f"swing of the total, of {MARKS:g}"),
        [[reply.id, reply.kind, len(reply.credits), len(reply.differing), reply.swing] for reply in replies],
        "A point that was not scored every time counts as differing.",
    )


def _rows(experiment: str, replies: Sequence[RepeatedReply]) -> list[Row]:
    return [
        {
            "id": f"{experiment}-{reply.id}",
            "kind": reply.kind,
            "experiment": experiment,
            "output": {point: str(list(credits)) for point, credits in reply.credits.items()},
            "differing": reply.differing,
            "swing": reply.swing,
            "score": 1 - len(reply.differing) / len(reply.credits),
        }
        for reply in replies
    ]
