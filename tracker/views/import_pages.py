"""What the pages of one import share: loading it, its parts with their counts, and who may still change it."""

from __future__ import annotations

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
from tracker.queries.import_rows import ImportFacts, RowAt, outline_of
from tracker.queries.imports import import_by_id, is_open_name, region_name, row_of
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
    def outline(self) -> Sequence[RowAt]:
        """All rows in the order of the document, dropped ones among them, without their words."""
        return outline_of(self.row)

    @cached_property
    def facts(self) -> ImportFacts:
        """What is asked of all its rows and names."""
        return ImportFacts(self.row)

    @cached_property
    def names(self) -> dict[str, ImportName]:
        """What each name of the document means, by the name; no row may use it any more."""
        return {each.name: each for each in self.facts.names}

    @property
    def open_names(self) -> int:
        """How many names that stand in a row nobody has said the meaning of."""
        unsaid = [name for name, each in self.names.items() if is_open_name(each)]
        used = self.facts.used_names if unsaid else {}
        return sum(1 for name in unsaid if name in used)


def load_import(number: int, *columns: str) -> Batch:
    """An import by its number, with some of its long columns.

    404 where it lies outside the person's region, 403 where they may not edit plans.
    """
    batch = import_by_id(number, *columns)
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
