"""What the pages of one import share: loading it, its parts with their counts, and who may still change it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from flask import abort, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.documents.draft_parts import head_from
from tracker.models import ImportName, ImportRow, ImportState, PlanImport
from tracker.queries.imports import counts_of_names, import_by_id, names_in, region_name, row_of, rows_in
from tracker.rules.permissions import Can, Scope, is_within, may
from tracker.views.access import person, refuse

BATCH = "/imports/<int(max=2147483647):number>"


@dataclass
class Batch:
    """An import with what its pages ask again and again, each asked once."""

    row: PlanImport

    @property
    def is_open(self) -> bool:
        """Whether it may still be mended."""
        return self.row.state is ImportState.OPEN

    @property
    def title(self) -> str:
        """What the document calls itself, else the name of its file."""
        return str(self.row.head.get("title") or self.row.file_name)

    @property
    def issued_on(self) -> date | None:
        """The day of issue, as it was read or mended."""
        return head_from(self.row.head).issued_on

    @cached_property
    def region(self) -> str:
        """The name of the region, where it is not the reader's own, which stands on top of the page."""
        return region_name(self.row.region_code) if self.row.region_code != person().region else ""

    @cached_property
    def rows(self) -> Sequence[ImportRow]:
        """All rows in the order of the document, dropped ones among them."""
        return rows_in(self.row)

    @cached_property
    def kept(self) -> Sequence[ImportRow]:
        """The rows that were not dropped."""
        return [row for row in self.rows if not row.dropped]

    @cached_property
    def used(self) -> Counter[str]:
        """In how many rows each unit's name stands."""
        return counts_of_names(self.kept)

    @cached_property
    def names(self) -> dict[str, ImportName]:
        """What each name that stands in a row means, by the name."""
        return {each.name: each for each in names_in(self.row) if each.name in self.used}

    @property
    def open_names(self) -> int:
        """How many names nobody has said the meaning of."""
        return sum(1 for name in self.names.values() if is_open_name(name))


def is_open_name(name: ImportName | None) -> bool:
    """Whether it is still to be said what a name means."""
    return name is None or (name.unit_id is None and name.new_kind is None)


def load_import(number: int) -> Batch:
    """An import by its number. 404 where it lies outside the person's region, 403 where they may not edit plans."""
    batch = import_by_id(number)
    if batch is None or not is_within(batch.region_code, person().region):
        abort(404)
    if not may(person(), Can.EDIT_PLAN, Scope(batch.region_code)):
        refuse(Can.EDIT_PLAN, str(number), batch.region_code, kind="import")
    return Batch(batch)


def load_row(batch: Batch, number: int) -> ImportRow:
    """A row of an import, or 404."""
    return row_of(batch.row, number) or abort(404)


def stale_text() -> str:
    """What to say where somebody else was faster."""
    return _("该导入已被他人更新，下面是最新内容，请核对后重新提交。")


def part_page(template: str, batch: Batch, status: int = 200, **said: Any) -> ResponseReturnValue:
    """A part of an import in the frame that all parts share."""
    part = template.removesuffix(".html").replace("/", ".")
    return render_template(template, part=part, batch=batch, **said), status
