"""Broken lines joined again, and what comes back on pages."""

import pytest

from app.documents.typesetting import joined, masked, running_heads


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("先听完", "再复述", "先听完再复述"),
        ("listen first,", "then repeat", "listen first, then repeat"),
        ("先打开 Excel", "表格", "先打开 Excel表格"),
        ("the follow-", "up call", "the follow-up call"),
        ("고객에게", "사과한다", "고객에게 사과한다"),
        ("", "then", "then"),
    ],
)
def test_halves_of_a_broken_line_are_joined_as_their_script_is_written(
    first: str, second: str, whole: str
) -> None:
    assert joined(first, second) == whole


def test_what_stands_at_the_edges_of_half_of_the_pages_runs_through_them() -> None:
    pages = [["Guide", f"question {n}", f"answer {n}", "closing words", f"page  {n}"] for n in (1, 2)]
    pages += [["Guide", "the last", "page"], []]
    assert running_heads(pages, edge=1, fewest=2) == {"Guide", "page 0"}
    assert running_heads(pages, edge=1, fewest=3) == {"Guide"}
    assert masked("page  12 of 30") == "page 0 of 0"
