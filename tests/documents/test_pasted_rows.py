"""Rows copied from a spreadsheet."""

from __future__ import annotations

import pytest

from tracker.documents.pasted_rows import pasted_rows

CASES = {
    "nothing": ("", []),
    "empty rows": ("\n\t\t\n  \n", []),
    "plain": ("1\t甲\n2\t乙", [(1, ["1", "甲"]), (2, ["2", "乙"])]),
    "line ends of another system": ("1\t甲\r\n2\t乙\r\n", [(1, ["1", "甲"]), (2, ["2", "乙"])]),
    "a cell of two lines": ('1\t"甲\n乙"\n2\t丙', [(1, ["1", "甲\n乙"]), (3, ["2", "丙"])]),
    "doubled quotes": ('1\t"甲""乙"""', [(1, ["1", '甲"乙"'])]),
    "a quote that is a character": ('1\t"十四五"期间\n2\t丙', [(1, ["1", '"十四五"期间']), (2, ["2", "丙"])]),
    "a quote that never ends": ('1\t"甲\n2\t丙', [(1, ["1", '"甲']), (2, ["2", "丙"])]),
    "an empty first cell": ("\t甲", [(1, ["", "甲"])]),
}


@pytest.mark.parametrize("name", CASES)
def test_a_pasted_text_is_read_as_rows(name: str) -> None:
    text, rows = CASES[name]
    assert [(row.line, row.cells) for row in pasted_rows(text)] == rows


def test_a_very_long_cell_is_kept() -> None:
    assert pasted_rows("x" * 150_000)[0].cells == ["x" * 150_000]
