"""Credits and weights summed into a question's score. Pure; the LLM never writes a total."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_CENT = Decimal("0.01")


def total(credits: Sequence[float | None], weights: Sequence[float], max_score: float) -> float | None:
    """`max_score` x the weighted mean of `credits` (each 0..1), in marks, rounded half up to 2 decimals.

    None if any credit is None or there are no points: an unjudged point is never a zero. Weights are
    relative and must be positive; raises ValueError otherwise, or when the lengths differ.
    """
    if len(credits) != len(weights):
        raise ValueError(f"{len(credits)} credits for {len(weights)} weights")
    if any(not weight > 0 for weight in weights):
        raise ValueError("weights must be positive")
    known = [credit for credit in credits if credit is not None]
    if not known or len(known) < len(credits):
        return None
    # Exact fractions of the decimal figures: a float sum would round 0.1 + 0.2 the wrong way now and then.
    exact_weights = [Fraction(str(weight)) for weight in weights]
    won = sum(weight * Fraction(str(credit)) for weight, credit in zip(exact_weights, known, strict=True))
    marks = Fraction(str(max_score)) * won / sum(exact_weights)
    rounded = (Decimal(marks.numerator) / Decimal(marks.denominator)).quantize(_CENT, ROUND_HALF_UP)
    return min(float(rounded), max_score)
