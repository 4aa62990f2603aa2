import base64
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from app.scoring.judges.verdict_head import VerdictHead

# Hidden size 2: the first number is the logit of "touched", the second of "covered".
STORED: dict[str, Any] = {
    "version": "1",
    "model_sha256": "abc",
    "prompt_hash": {"zh": "1234"},
    "hidden": 2,
    "bias": [0.0, 0.0],
    "cuts": [0.5, 0.5],
    "review_below": 0.8,
    "depth": 0.6,
    "weights": base64.b64encode(np.eye(2, dtype="<f4").tobytes()).decode(),
}


def head(tmp_path: Path, **changes: Any) -> VerdictHead:
    path = tmp_path / "head.json"
    path.write_text(json.dumps(STORED | changes))
    return VerdictHead.load(path)


@pytest.mark.parametrize(
    ("state", "credit", "doubt"),
    [([-4, -6], 0, False), ([4, 4], 1, False), ([4, -4], 0.5, False), ([-1, 5], 0, True), ([1, 1], 1, True)],
)
def test_credit_follows_the_cuts_and_doubt_is_flagged(
    tmp_path: Path, state: list[float], credit: float, doubt: bool
) -> None:
    verdict = head(tmp_path).verdicts(np.array([state], dtype=np.float32))[0]
    assert (verdict.credit, verdict.needs_review) == (credit, doubt)
    assert 0 <= verdict.confidence <= 1
    assert abs(verdict.score - credit) < 0.5


@pytest.mark.parametrize("states", [np.zeros(2), np.zeros((1, 3)), np.array([[np.nan, 0.0]])])
def test_states_of_another_shape_are_refused(tmp_path: Path, states: Any) -> None:
    with pytest.raises(ValueError, match="states"):
        head(tmp_path).verdicts(states)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", None),
        ("depth", None),
        ("hidden", "2"),
        ("weights", "?"),
        ("weights", "AAAA"),
        ("cuts", [0.5, 2]),
        ("bias", [0]),
    ],
)
def test_a_broken_head_names_its_file_and_field(tmp_path: Path, field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=rf"head\.json: {field} "):
        head(tmp_path, **{field: value})
