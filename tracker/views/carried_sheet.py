"""A file of schools' numbers between its preview and its confirmation: kept on disk, and found by a signed word.

The word names the person and the hash of what was kept, so that nobody confirms what they were not shown.
"""

from __future__ import annotations

import json
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask import abort, current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer

from tracker import clock
from tracker.actions.carried_files import carried, carry
from tracker.actions.school_sheet import FileSaid, key_of
from tracker.forms.school_sheets import ConfirmForm
from tracker.queries.school_sheet import Preview, text_of
from tracker.rules.school_figures import SCHOOL_FIGURES, FigureUnit, Number
from tracker.rules.school_rows import SchoolRow, SchoolSheet
from tracker.rules.stages import SchoolKind, Stage
from tracker.views.access import person, settings

CARRIED_SECONDS = 24 * 3600


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
    content = json.dumps([digest, region, sheet.year, dict(sheet.columns), rows, seen, asked], ensure_ascii=False)
    return str(_signer().dumps(carry(zlib.compress(content.encode()), _folder(), clock.now())))


def unpack(form: ConfirmForm) -> tuple[str, FileSaid]:
    """The county and the file that a form carries on; a word that is not ours is 400, a file that is gone 409."""
    try:
        content = carried(_signer().loads(form.rows.data or "", max_age=CARRIED_SECONDS), _folder())
    except BadSignature:
        abort(400)
    if content is None:
        abort(409, description=_("读取的内容只保留一天，已经清除。请重新选择文件。"))
    digest, region, year, columns, rows, seen, asked = json.loads(zlib.decompress(content))
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


def _folder() -> Path:
    """Where the contents of files lie until they are confirmed."""
    return settings().var_dir / "carried"


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"kept-school-sheet-{person().id}")
