"""The forms of a row of an import, with the phases that it may name."""

from __future__ import annotations

from typing import Any

from tracker.forms.import_rows import AddRowForm, EditRowForm
from tracker.models import ImportRow
from tracker.views.import_pages import Batch
from tracker.views.words import word


def phases_of(batch: Batch) -> list[tuple[str, str]]:
    """The phases that a task may belong to, of the plan that stands and of the document, each number once."""
    of_plan = {each.number: each.title for each in (batch.row.against.phases if batch.row.against else ())}
    of_paper = {each["number"]: each["title"] for each in batch.row.parts.get("phases", ())}
    return [(number, f"{number} {title}") for number, title in (of_paper | of_plan).items()]


def edit_form(batch: Batch, row: ImportRow, sent: bool) -> EditRowForm:
    """The form of a row, filled with what was sent or with what is stored."""
    return EditRowForm(row.words, row.version, phases_of(batch), word, sent)


def add_form(batch: Batch, **values: Any) -> AddRowForm:
    """The form of a task that the reading did not see."""
    return AddRowForm(phases_of(batch), word, **values)
