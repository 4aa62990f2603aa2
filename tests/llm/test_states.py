import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.llm.states import StateRows

ROWS = [[0.25 * row + column for column in range(3)] for row in range(20)]
ANSWER = json.dumps([{"index": 0, "embedding": ROWS}], separators=(",", ":")).encode()


@given(st.lists(st.integers(0, 19), min_size=1), st.integers(1, 40))
def test_rows_come_out_in_the_order_of_the_positions_however_the_bytes_are_cut(
    positions: list[int], step: int
) -> None:
    rows = StateRows(positions)
    for start in range(0, len(ANSWER), step):
        rows.feed(ANSWER[start : start + step])
    assert rows.count == 20
    states = rows.states()
    assert states.dtype == np.float32
    assert states.tolist() == [ROWS[position] for position in positions]


def test_white_space_between_brackets_does_not_matter() -> None:
    rows = StateRows([1])
    rows.feed(json.dumps([{"index": 0, "embedding": ROWS}], indent=2).encode())
    assert rows.states().tolist() == [ROWS[1]]


@pytest.mark.parametrize("answer", [ANSWER[:200], b"", b'{"error": "no"}', b"<html>"])
def test_a_missing_row_is_an_error(answer: bytes) -> None:
    rows = StateRows([19])
    rows.feed(answer)
    with pytest.raises(ValueError, match="none at 19"):
        rows.states()


@pytest.mark.parametrize("number", ["NaN", "null", '"x"', "-"])
def test_a_state_that_is_not_a_number_is_an_error(number: str) -> None:
    def read() -> None:
        rows = StateRows([0])
        rows.feed(f'[{{"embedding":[[1.0,{number}]]}}]'.encode())
        rows.states()

    with pytest.raises(ValueError, match=r"."):
        read()
