"""CSV: what a spreadsheet would run stays text."""

from __future__ import annotations

import csv
from io import StringIO

import pytest

from tracker.documents.csv_lines import csv_text, safe_cell


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "＝1", '=HYPERLINK("x")']
)
def test_a_cell_never_begins_a_formula(text: str) -> None:
    assert safe_cell(text) == f"'{text}"


@pytest.mark.parametrize(
    ("value", "cell"), [(None, ""), (0, "0"), (-3, "-3"), ("财政局", "财政局"), ("1=1", "1=1"), (True, "True")]
)
def test_what_is_no_formula_stays_as_it_is(value: object, cell: str) -> None:
    assert safe_cell(value) == cell


def test_commas_quotes_and_line_ends_come_back_as_they_were() -> None:
    row = ['a,"b"', "一\n二", "𠮷", ""]
    assert list(csv.reader(StringIO(csv_text([row, row]), newline=""))) == [row, row]
    assert csv_text([["a;=1+1", 5]]) == '"a;=1+1","5"\r\n'
