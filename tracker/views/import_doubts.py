"""What a person has to look at in the rows of an import: doubts of the reading, what is missing, open names."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from functools import cached_property

from flask_babel import gettext as _

from tracker.documents.draft_parts import doubts_of
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt
from tracker.queries.import_rows import RowAt, Sketch, sketches_of
from tracker.queries.imports import document_of, is_open_name, read_in
from tracker.rules.deadlines import Deadline, Doubt
from tracker.views.import_cards import place_of
from tracker.views.import_pages import Batch
from tracker.views.import_review_words import doubt_words


class Doubts:
    """What is doubtful in an import, row by row."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self.document = document_of(batch.row)

    @cached_property
    def rows(self) -> list[RowAt]:
        """The rows that a person has to look at."""
        return [each.at for each in sketches_of(self.batch.row) if self._is_doubtful(each)]

    def reading(self, deadline: str | None) -> Deadline:
        """How the words of a deadline are read; each of them once."""
        if deadline not in self._readings:
            self._readings[deadline] = read_in(self.batch.row, deadline, self.document)
        return self._readings[deadline]

    @cached_property
    def _readings(self) -> dict[str | None, Deadline]:
        return {}

    @cached_property
    def _of_reading(self) -> dict[Place, list[DraftDoubt]]:
        """What the reading left open, by its place."""
        found: dict[Place, list[DraftDoubt]] = defaultdict(list)
        for doubt in doubts_of(self.batch.row.parts):
            if doubt.place:
                found[doubt.place].append(doubt)
        return found

    def at(self, place: Place | None, title: str, units: Collection[object]) -> list[str]:
        """What a person has to look at in a row, but its names and its deadline."""
        said = [doubt_words(each) for each in self._of_reading.get(place, ())] if place else []
        if not title:
            said.append(_("没有标题"))
        if not units:
            said.append(_("没有写明单位"))
        return said

    def _is_doubtful(self, row: Sketch) -> bool:
        """Whether a person has to look at a row."""
        redate = self.reading(row.deadline).doubt
        unclear = redate is not None and redate is not Doubt.BEFORE_ISSUE
        open_names = any(is_open_name(self.batch.names.get(name)) for name in row.units)
        return bool(unclear or row.has_other_deadlines or open_names or self.at(place_of(row.at), row.title, row.units))
