"""A file of schools' numbers between its preview and its confirmation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tracker.actions.school_sheet import FileSaid, key_of
from tracker.forms.school_sheets import ConfirmForm
from tracker.queries.school_sheet import Preview, text_of
from tracker.rules.school_figures import SCHOOL_FIGURES, FigureUnit, Number
from tracker.rules.school_rows import SchoolRow, SchoolSheet
from tracker.rules.stages import SchoolKind, Stage
from tracker.views.carried import keep, kept

KIND = "school-sheet"


def pack(region: str, sheet: SchoolSheet, found: Preview, digest: str) -> str:
    """Keep what was read and shown; returns the signed word that the same person's form carries on."""
    rows: list[Any] = [
        [
            row.row,
            row.school,
            row.kind,
            row.stage,
            row.counted_on.isoformat() if row.counted_on else None,
            row.source,
            {code: None if number is None else text_of(number) for code, number in row.numbers.items()},
        ]
        for row in sheet.rows
    ]
    seen = {each.name: {one.name: text_of(one.old) for one in each.differences} for each in found.changes}
    asked = [key_of(*each) for each in found.doubts]
    return keep(KIND, [digest, region, sheet.year, dict(sheet.columns), rows, seen, asked])


def unpack(form: ConfirmForm) -> tuple[str, FileSaid]:
    """The county and the file that a form carries on; a word that is not ours is 400, a file that is gone 409."""
    digest, region, year, columns, rows, seen, asked = kept(KIND, form.rows.data or "")
    sheet = SchoolSheet(year, columns)
    sheet.rows = [_row(*row) for row in rows]
    explained = form.explained.data if not form.explained.errors else None
    return region, FileSaid(sheet, digest, seen, frozenset(asked), explained, bool(form.makes_schools.data))


def _row(
    number: int, school: str, kind: str, stage: str, counted_on: str, source: str, numbers: dict[str, str | None]
) -> SchoolRow:
    return SchoolRow(
        number,
        school,
        SchoolKind(kind) if kind else None,
        Stage(stage) if stage else None,
        date.fromisoformat(counted_on) if counted_on else None,
        source,
        {code: None if text is None else _number(code, text) for code, text in numbers.items()},
    )


def _number(code: str, text: str) -> Number:
    return Decimal(text) if SCHOOL_FIGURES[code].unit is FigureUnit.AREA else int(text)
