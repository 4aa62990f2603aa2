"""The verdict head: a linear reading of the embedded model's states as credits with calibrated confidence.

Two logistic regressions over one state say how likely a rubric point is at least touched (credit >= 0.5) and
fully covered (credit 1); two cut points turn the probabilities into a credit. Trained by `evals.training`.
"""

import base64
import binascii
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Verdict:
    """One rubric point judged.

    `credit` is 0 (miss), 0.5 (partial) or 1 (hit); `confidence` the estimated probability, 0..1, that this
    credit is right; `score` the expected credit, 0..1; `needs_review` asks for a person.
    """

    credit: float
    confidence: float
    needs_review: bool
    score: float


@dataclass(frozen=True, eq=False)
class VerdictHead:
    """A trained head. It only fits `point_states` of the model and the prompts whose hashes it carries, read
    after the first `depth` (0..1) of the model's blocks.

    `weights`, `[2, hidden]`, and `bias`, `[2]`, give the logits of "touched" and "covered"; `cuts` are the
    probabilities from which a point counts as either. Below `review_below` confidence a person should look.
    """

    version: str
    model_sha256: str
    prompt_hash: Mapping[str, str]
    weights: Floats
    bias: Floats
    cuts: tuple[float, float]
    review_below: float
    depth: float

    @cached_property
    def digest(self) -> str:
        """12 hex digits over all that verdicts depend on."""
        numbers = [*self.bias.tolist(), *self.cuts, self.review_below, self.depth]
        return hashlib.sha256(self.weights.tobytes() + repr(numbers).encode()).hexdigest()[:12]

    @classmethod
    def load(cls, path: Path) -> "VerdictHead":
        """The head stored in `path`. Raises ValueError naming the file and the field that is wrong."""
        try:
            return cls._from(dict(json.loads(path.read_text(encoding="utf-8"))))
        except (OSError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: cannot be read as a verdict head: {error}") from error
        except _FieldError as error:
            raise ValueError(f"{path}: {error}") from None

    @classmethod
    def _from(cls, stored: dict[str, Any]) -> "VerdictHead":
        prompt_hash = _field(stored, "prompt_hash", dict)
        if not prompt_hash or not all(isinstance(value, str) for value in prompt_hash.values()):
            raise _FieldError("prompt_hash", "must map languages to hashes")
        cuts = _pair(stored, "cuts")
        if not all(0 < cut < 1 for cut in cuts):
            raise _FieldError("cuts", f"must lie between 0 and 1, not {cuts[0]} and {cuts[1]}")
        return cls(
            version=_field(stored, "version", str),
            model_sha256=_field(stored, "model_sha256", str),
            prompt_hash=prompt_hash,
            weights=_weights(_field(stored, "weights", str), _field(stored, "hidden", int)),
            bias=np.array(_pair(stored, "bias")),
            cuts=cuts,
            review_below=_number(stored.get("review_below"), "review_below"),
            depth=_number(stored.get("depth"), "depth"),
        )

    def verdicts(self, states: NDArray[Any]) -> list[Verdict]:
        """One verdict per row of `states`, `[points, hidden]`. Raises ValueError on another shape or NaN."""
        if states.ndim != 2 or states.shape[1] != self.weights.shape[1]:
            raise ValueError(f"states have shape {states.shape}, expected [points, {self.weights.shape[1]}]")
        if not np.isfinite(states).all():
            raise ValueError("states contain numbers that are not finite")
        return [self._verdict(*row) for row in self.probabilities(states)]

    def probabilities(self, states: NDArray[Any]) -> Floats:
        """P(credit >= 0.5) and P(credit = 1), `[points, 2]`; the second never exceeds the first."""
        logits = states.astype(np.float64) @ self.weights.T + self.bias
        probabilities = 1 / (1 + np.exp(-np.clip(logits, -30, 30)))
        return np.minimum.accumulate(probabilities, axis=1)

    def _verdict(self, touched: float, covered: float) -> Verdict:
        if touched < self.cuts[0]:
            credit, confidence = 0.0, 1 - touched
        elif covered >= self.cuts[1]:
            credit, confidence = 1.0, covered
        else:
            credit, confidence = 0.5, touched - covered
        score = (touched + covered) / 2
        return Verdict(credit, float(confidence), bool(confidence < self.review_below), float(score))


class _FieldError(Exception):
    def __init__(self, field: str, problem: str) -> None:
        super().__init__(f"{field} {problem}")


def _field(stored: dict[str, Any], name: str, kind: type) -> Any:
    if not isinstance(stored.get(name), kind):
        raise _FieldError(name, f"must be given as {kind.__name__}")
    return stored[name]


def _number(value: Any, name: str) -> float:
    if not isinstance(value, int | float) or not np.isfinite(value):
        raise _FieldError(name, "must be a finite number")
    return float(value)


def _pair(stored: dict[str, Any], name: str) -> tuple[float, float]:
    values = _field(stored, name, list)
    if len(values) != 2:
        raise _FieldError(name, "must hold 2 numbers")
    return _number(values[0], name), _number(values[1], name)


def _weights(encoded: str, hidden: int) -> Floats:
    """Base64 of little-endian float32, row by row, as `[2, hidden]` float64."""
    try:
        flat = np.frombuffer(base64.b64decode(encoded, validate=True), dtype="<f4")
    except (binascii.Error, ValueError) as error:
        raise _FieldError("weights", f"must be base64 of float32: {error}") from None
    if flat.size != 2 * hidden:
        raise _FieldError("weights", f"hold {flat.size} numbers, expected 2 x {hidden}")
    if not np.isfinite(flat).all():
        raise _FieldError("weights", "contain numbers that are not finite")
    return flat.reshape(2, hidden).astype(np.float64)
