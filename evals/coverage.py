"""How often intervals of scores hold the labelled score: of replies, of interviews put together from them.

An interview is drawn from replies to different questions: any, or all of one manner (the kind of reply), as
one person would give them. Scorers misjudge manners, so only the second tells how far a total may be off.
"""

from collections.abc import Mapping, Sequence
from random import Random
from statistics import mean

from app.scoring import certainty
from evals import metrics
from evals.results import Cell, Figure, Table
from evals.scored import ScoredReply, grouped

SIZES = (1, 3, 5, 8)  # questions of an interview
DRAWS = 2000
MANNERS = ("strong", "partial", "swapped", "short", "mixed", "tricky")
"""Kinds of reply that say something, and that every labelled question has."""

Interview = Sequence[ScoredReply]


def figures(scored: Sequence[ScoredReply]) -> dict[str, Figure]:
    """Shares of intervals that hold the true score; None where there are too few replies."""
    worst = [found for manner in MANNERS if (found := covered(alike(scored, 5, manner))) is not None]
    return {
        "covered_one": covered([[one] for one in scored]),
        "covered_five": covered(at_random(scored, 5)),
        "covered_five_alike": covered(all_alike(scored, 5)),
        "covered_worst_manner": min(worst, default=None),
        "covered_difference": covered_differences(scored, 5),
    }


def table(scored: Sequence[ScoredReply]) -> Table:
    """The same for interviews of several sizes, with the mean width of their intervals."""
    rows: list[list[Cell]] = []
    for size in SIZES:
        for what, drawn in (
            ("any replies", at_random(scored, size)),
            ("of one manner", all_alike(scored, size)),
        ):
            rows.append([size, what, covered(drawn), width(drawn)])
    rows += [[5, manner, covered(drawn), width(drawn)] for manner, drawn in by_manner(scored, 5).items()]
    note = f"Meant to be {certainty.LEVEL}. Width is a share of the marks. Drawn {DRAWS} times."
    return Table("Intervals that hold the true score", ("questions", "replies", "held", "width"), rows, note)


def covered(interviews: Sequence[Interview], together: float = certainty.TOGETHER) -> float | None:
    """The share of interviews whose interval holds the true total; None for none."""
    return metrics.share([_holds(one, together) for one in interviews])


def width(interviews: Sequence[Interview], together: float = certainty.TOGETHER) -> float | None:
    """How much of the marks an interval covers, 0..1, on average."""
    if not interviews:
        return None
    return mean(
        (found.high - found.low) / sum(each.card.max_score for each in one)
        for one in interviews
        if (found := certainty.interval([each.card for each in one], together))
    )


def covered_differences(scored: Sequence[ScoredReply], size: int) -> float | None:
    """The share of pairs of candidates, each of one manner, whose interval holds the true difference."""
    pairs = _pairs(scored, size)
    return metrics.share([_difference_holds(one, other) for one, other in pairs])


def at_random(scored: Sequence[ScoredReply], size: int) -> list[Interview]:
    """Interviews of `size` replies to different questions; none where there are too few questions."""
    return _drawn(scored, size, DRAWS, Random(0))


def alike(scored: Sequence[ScoredReply], size: int, manner: str) -> list[Interview]:
    """Interviews whose replies are all of one kind."""
    pool = [one for one in scored if one.reply.kind == manner]
    return _drawn(pool, size, DRAWS // len(MANNERS), Random(manner))


def by_manner(scored: Sequence[ScoredReply], size: int) -> Mapping[str, list[Interview]]:
    """Interviews of each of the `MANNERS`."""
    return {manner: alike(scored, size, manner) for manner in MANNERS}


def all_alike(scored: Sequence[ScoredReply], size: int) -> list[Interview]:
    """Interviews of one manner each, all `MANNERS` alike often."""
    return [one for drawn in by_manner(scored, size).values() for one in drawn]


def _drawn(pool: Sequence[ScoredReply], size: int, draws: int, random: Random) -> list[Interview]:
    by_question = list(grouped(pool, lambda one: one.reply.question).values())
    if len(by_question) < size:
        return []
    return [[random.choice(replies) for replies in random.sample(by_question, size)] for _ in range(draws)]


def _pairs(scored: Sequence[ScoredReply], size: int) -> list[tuple[Interview, Interview]]:
    random = Random(0)
    pairs: list[tuple[Interview, Interview]] = []
    replies = {(one.reply.question, one.reply.kind): one for one in scored}
    questions = list(dict.fromkeys(one.reply.question for one in scored))
    for _ in range(DRAWS):
        first, second = random.choice(MANNERS), random.choice(MANNERS)
        shared = [each for each in questions if (each, first) in replies and (each, second) in replies]
        if len(shared) >= size:
            asked = random.sample(shared, size)
            pairs.append(
                ([replies[each, first] for each in asked], [replies[each, second] for each in asked])
            )
    return pairs


def _holds(interview: Interview, together: float) -> bool:
    found = certainty.interval([one.card for one in interview], together)
    return found is not None and found.low <= _true(interview) <= found.high


def _difference_holds(one: Interview, other: Interview) -> bool:
    found = certainty.difference([each.card for each in one], [each.card for each in other])
    return found is not None and found.low <= round(_true(one) - _true(other), 2) <= found.high


def _true(interview: Interview) -> float:
    return round(sum(one.true_total for one in interview), 2)
