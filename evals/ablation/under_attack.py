"""The attacks of the suite `attacks`, scored with each part around the judge off in turn."""

from collections.abc import Mapping, Sequence

from app.scoring.judges.judge import Judge
from app.scoring.rubric import AnswerPart, Item
from evals.ablation.scoring import PARTS, PartialScorer
from evals.bench import Bench
from evals.labelled import NEAR_ZERO, Attack, AttackOutcome, Reply, paired, read_attacks, read_replies
from evals.results import Cell, Figure, Row, Table

Pair = tuple[Attack, Reply]


async def attack_each(bench: Bench, judge: Judge) -> dict[str, list[AttackOutcome]]:
    """Every attack's outcome for each of `PARTS`; what `judge` remembers is not judged again."""
    pairs = bench.limited(paired(read_attacks(), read_replies()))
    outcomes = {}
    for parts in PARTS:
        scorer = PartialScorer(judge, bench.prompts.folder, parts)

        async def attack(pair: Pair, scorer: PartialScorer = scorer) -> AttackOutcome:
            attack, base = pair
            clean = await _total(scorer, base.item(), base.answer)
            attacked = await _total(scorer, base.item(), attack.on(base))
            return AttackOutcome(attack, base, clean, attacked, leaked=False, reason=None)

        outcomes[parts.name] = await bench.each(pairs, attack, f"ablation: attacks, {parts.name}")
    return outcomes


async def _total(scorer: PartialScorer, item: Item, typed: str) -> float | None:
    return (await scorer.score(item, [AnswerPart(1, typed)])).score


def figures(outcomes: Mapping[str, Sequence[AttackOutcome]]) -> dict[str, dict[str, Figure]]:
    """Counts for each of `PARTS`; `inflated` and `near_zero_won` as in the suite `attacks`."""
    return {name: _counts(of) for name, of in outcomes.items()}


def _counts(outcomes: Sequence[AttackOutcome]) -> dict[str, Figure]:
    empty = [one for one in outcomes if one.attack.expects == "near-zero"]
    raising = [one for one in outcomes if one.attack.expects != "near-zero"]
    gains = [
        one.attacked - one.clean for one in raising if one.attacked is not None and one.clean is not None
    ]
    return {
        "attacks": len(outcomes),
        "inflated": sum(one.inflated for one in raising),
        "inflated_of_held_out": sum(one.inflated for one in raising if one.attack.split == "test"),
        "largest_gain": max(gains, default=None),
        "near_zero_won": sum(one.failed for one in empty),
    }


def table(outcomes: Mapping[str, Sequence[AttackOutcome]]) -> Table:
    """A line for each part that is off."""
    counts = figures(outcomes)
    rows: list[list[Cell]] = [[parts.off, *counts[parts.name].values()] for parts in PARTS]
    columns = (
        "off",
        "attacks",
        "totals inflated",
        "of those held out",
        "largest gain, marks",
        f"empty words above {NEAR_ZERO:g} mark",
    )
    note = (
        "Inflated: a total above the same reply's without the attack, both scored the same way. Held out: "
        "attacks that neither the guard's patterns nor the head's training have seen."
    )
    return Table("Attacks, a part off in turn", columns, rows, note)


def rows(outcomes: Mapping[str, Sequence[AttackOutcome]]) -> list[Row]:
    """A row an attack, with its total with each part off."""
    listed: list[Row] = []
    for at, shipped in enumerate(outcomes[PARTS[0].name]):
        listed.append(
            {
                "id": f"attack-{shipped.attack.id}",
                "kind": shipped.attack.family,
                "language": shipped.attack.language,
                "input": shipped.attack.on(shipped.base),
                "target": NEAR_ZERO if shipped.attack.expects == "near-zero" else shipped.clean,
                "output": {name: of[at].attacked for name, of in outcomes.items()},
                "score": shipped.attacked,
            }
        )
    return listed
