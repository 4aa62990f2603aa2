import pytest

from app.spreadsheets import csv_file, plain_cell, safe_cell


@pytest.mark.parametrize("text", ["=1+1", "+86 1", "-2", "@SUM(A1)", "\tx", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_becomes_text(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.parametrize("text", ["", "Ada", "李小明 🎧", "a=b", "'quoted'", "O'Neill"])
def test_other_cells_stay_as_they_are(text: str) -> None:
    assert safe_cell(text) == text
    assert plain_cell(text) == text


def test_numbers_stay_numbers_in_a_csv_whose_encoding_is_told() -> None:
    assert csv_file([("=1", -2, 0.5, None)]) == "\ufeff'=1,-2,0.5,\r\n"
