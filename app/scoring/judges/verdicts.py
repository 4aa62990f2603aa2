"""The three words a chat model judges in, what they are worth, and how sure it was of one."""

import math
from collections.abc import Mapping
from typing import Literal, get_args

Verdict = Literal["hit", "partial", "miss"]
CREDITS: Mapping[Verdict, float] = {"hit": 1.0, "partial": 0.5, "miss": 0.0}
LEAST_MASS = 0.5
_AROUND_A_WORD = " \t\r\n\"'`*.:,。：，“”‘’▁Ġ"


def verdict_in(text: str) -> Verdict | None:
    """The verdict that `text` is, and nothing else is; None when it says more or something else."""
    word = _bare(text)
    return next((verdict for verdict in CREDITS if verdict == word), None)


def confidence_in(verdict: Verdict, first_tokens: Mapping[str, float]) -> float | None:
    """The share, 0..1, that `verdict` has of the probability on tokens that begin a verdict.

    None when there is nothing to read it from: no tokens, a figure that is no probability, or less than
    `LEAST_MASS` on verdicts at all.
    """
    if any(not (math.isfinite(p) and 0 <= p <= 1.001) for p in first_tokens.values()):
        return None
    mass = dict.fromkeys(get_args(Verdict), 0.0)
    for token, probability in first_tokens.items():
        begun = [word for word in mass if _bare(token) and word.startswith(_bare(token))]
        if len(begun) == 1:
            mass[begun[0]] += probability
    total = sum(mass.values())
    return min(mass[verdict] / total, 1.0) if total >= LEAST_MASS else None


def _bare(text: str) -> str:
    return text.strip(_AROUND_A_WORD).casefold()
