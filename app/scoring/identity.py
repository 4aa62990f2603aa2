"""Which scorer made a card: judge with model and prompts, guard, evidence check."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class ScorerIdentity:
    """`judge` is the strategy's own identity, `guard` and `evidence` their versions and word lists."""

    judge: Mapping[str, str] = field(default_factory=dict)
    guard: str = ""
    evidence: str = ""

    @property
    def id(self) -> str:
        """32 hex digits; the same for the same scorer."""
        return hash_of(self.to_dict())

    @property
    def model(self) -> str:
        """The language model's name; empty where none judges."""
        return self.judge.get("model", "")

    def to_dict(self) -> dict[str, Any]:
        """The identity as plain JSON values."""
        return asdict(self)


def hash_of(parts: Mapping[str, Any]) -> str:
    """32 hex digits of the SHA-256 over the canonical JSON of `parts`."""
    canonical = json.dumps(parts, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]
