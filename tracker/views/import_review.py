"""The review of a document: its passages beside what was understood of them, page by page, in its own order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from tracker.documents.draft_parts import paper_of
from tracker.documents.paper import Place
from tracker.forms.import_rows import AddRowForm, RowFields, SplitForm
from tracker.models import AssignmentRole, ImportRow, TaskKind
from tracker.queries.import_rows import RowAt, rows_by_id
from tracker.queries.imports import ROWS_A_PAGE, is_open_name
from tracker.queries.paging import Page, page_in
from tracker.translations import lazy as _l
from tracker.views.import_cards import Card, Segment, order, place_of
from tracker.views.import_doubts import Doubts
from tracker.views.import_pages import Batch, part_page
from tracker.views.import_passages import Passage, belongs_to, passages_of, place_at, plain
from tracker.views.import_row_forms import add_form, edit_form
from tracker.views.plan_page import reading_text
from tracker.views.words import word

DOUBTFUL = "doubts"
ROLES = {
    AssignmentRole.LEAD: _l("牵头"),
    AssignmentRole.RESPONSIBLE: _l("责任"),
    AssignmentRole.COOPERATING: _l("配合"),
}
MOST_BELONGING = 30


@dataclass
class Opened:
    """What the address, or a form that was not taken, opens on the page."""

    edit: int = 0
    split: int = 0
    add: str = ""
    at: int = 0
    only: str = ""
    page: int = 1
    form: RowFields | SplitForm | None = None
    problem: str = ""


class Review:
    """One page of the review of an import."""

    def __init__(self, batch: Batch, opened: Opened) -> None:
        self.batch, self.opened = batch, opened
        self.doubts = Doubts(batch)
        self.place = place_at(opened.add)

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """The whole document."""
        headings = {Place(block, row) for *_rest, block, row in self.batch.row.parts.get("headings", ())}
        return passages_of(paper_of(self.batch.row), headings, self._taken)

    @cached_property
    def index(self) -> dict[Place, int]:
        """The number of the passage at each place."""
        return {each.place: number for number, each in enumerate(self.passages)}

    @cached_property
    def rows(self) -> Sequence[RowAt]:
        """The rows that are shown: all, or those that a person has to look at."""
        return self.doubts.rows if self.opened.only == DOUBTFUL else self.batch.outline

    @cached_property
    def page(self) -> Page[RowAt]:
        """The rows of the page that is asked for, or of the one that shows a row or a place."""
        shown = self.opened.edit or self.opened.split or self.opened.at
        number = self.opened.page
        at = next((count for count, row in enumerate(self.rows) if row.id == shown), None)
        if at is None and self.place:
            at = sum(1 for row in self.rows if (place := place_of(row)) and order(place) < order(self.place)) - 1
        return page_in(self.rows, number if at is None else max(at, 0) // ROWS_A_PAGE + 1, ROWS_A_PAGE)

    @cached_property
    def before(self) -> RowAt | None:
        """The last row before the page that stands in the document."""
        rows = self.rows[: (self.page.number - 1) * ROWS_A_PAGE]
        return next((row for row in reversed(rows) if place_of(row) in self.index), None)

    @cached_property
    def full(self) -> dict[int, ImportRow]:
        """The rows of the page, and the one before it, with their words."""
        ids = [row.id for row in self.page.rows] + ([self.before.id] if self.before else [])
        return rows_by_id(self.batch.row, ids)

    @property
    def shown(self) -> list[ImportRow]:
        """The rows of the page with their words."""
        return [self.full[row.id] for row in self.page.rows if row.id in self.full]

    @cached_property
    def following(self) -> dict[int, RowAt]:
        """The row that stands behind each one and was not dropped either."""
        kept = [row for row in self.batch.outline if not row.dropped]
        return {row.id: behind for row, behind in pairwise(kept)}

    def card(self, row: ImportRow) -> Card:
        """A row with what the page says of it."""
        names, read = self.batch.names, self.doubts.reading(row.words["deadline"])
        units = [(name, role, names.get(name), is_open_name(names.get(name))) for name, role in row.words["units"]]
        doubts = self.doubts.at(place_of(row), row.words["title"], units)
        quoted = plain(row.words["requirement"]) in plain(row.sentence)
        behind = self.following.get(row.id)
        return Card(row, reading_text(read), read.doubt is not None, doubts, units, behind, quoted)

    @cached_property
    def segments(self) -> list[Segment]:
        """The page from top to bottom."""
        found: list[Segment] = []
        follows = self.opened.only != DOUBTFUL
        at = self._start() if follows else 0
        for place, rows in self._by_place():
            first = self.index.get(place) if place else None
            if first is None:
                found.append(Segment((), [self.card(row) for row in rows]))
                continue
            if follows and first > at:
                found.append(self._between(self.passages[at:first]))
            last = self._last(first, rows)
            found.append(Segment(self.passages[first:last], [self.card(row) for row in rows]))
            at = max(at, last)
        if follows and self.page.number == self.page.pages and at < len(self.passages):
            found.append(self._between(self.passages[at:]))
        return found

    def _by_place(self) -> list[tuple[Place | None, list[ImportRow]]]:
        """The rows of the page by where they stand; several of one passage together."""
        found: list[tuple[Place | None, list[ImportRow]]] = []
        for row in self.shown:
            place = place_of(row)
            if place and found and found[-1][0] == place:
                found[-1][1].append(row)
            else:
                found.append((place, [row]))
        return found

    def _start(self) -> int:
        """The first passage of the page: behind the last task of the page before."""
        place = place_of(self.before) if self.before else None
        return self._last(self.index[place], [self.full[self.before.id]]) if self.before and place else 0

    def _last(self, first: int, rows: Sequence[ImportRow]) -> int:
        """Behind the passages that belong to tasks: what stands in their sentence, up to the next task."""
        sentence, last = plain("".join(row.sentence for row in rows)), first + 1
        while last < min(len(self.passages), first + MOST_BELONGING):
            passage = self.passages[last]
            if passage.place in self._taken or not belongs_to(passage, sentence):
                break
            last += 1
        return last

    @cached_property
    def _taken(self) -> set[Place]:
        return {place for row in self.batch.outline if (place := place_of(row))}

    def _between(self, passages: Sequence[Passage]) -> Segment:
        adds = self.place is not None and any(each.place == self.place for each in passages)
        return Segment(passages, adds=adds)

    @property
    def adding(self) -> Passage | None:
        """The passage that is to become a task."""
        at = self.index.get(self.place) if self.place else None
        return None if at is None or not self.batch.is_open else self.passages[at]

    @cached_property
    def form(self) -> RowFields | SplitForm | None:
        """The form that stands open, as it came back or fresh."""
        if self.opened.form or not self.batch.is_open:
            return self.opened.form
        row = next((each for each in self.shown if each.id in (self.opened.edit, self.opened.split)), None)
        if row and self.opened.edit:
            return edit_form(self.batch, row, sent=False)
        if row:
            text = row.words["requirement"] or row.words["title"]
            return SplitForm(formdata=None, data={"version": row.version, "pieces": text})
        return self._add_form() if self.place else None

    def _add_form(self) -> AddRowForm:
        text = self.adding.text if self.adding else ""
        data = {
            "at": self.opened.add,
            "title": " ".join(text.split())[:60],
            "requirement": text,
            "kind": TaskKind.MEASURE,
            "phase": "",
        }
        return add_form(self.batch, formdata=None, data=data)

    def address(self, **asked: Any) -> str:
        """This page with other arguments; the filter stays."""
        only = {"only": self.opened.only} if self.opened.only else {}
        return url_for("imports.tasks", number=self.batch.row.id, **{**only, **asked})


def asked() -> Opened:
    """What the address opens; an odd value opens nothing."""

    def number(name: str) -> int:
        text = request.args.get(name, "")
        return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

    only = DOUBTFUL if request.args.get("only") == DOUBTFUL else ""
    add = request.args.get("add", "")[:20]
    return Opened(number("edit"), number("split"), add, number("at"), only, number("page") or 1)


def review_page(batch: Batch, opened: Opened, status: int = 200) -> ResponseReturnValue:
    """The page of the tasks of an import; a form that was not taken stands in its place with its words."""
    review = Review(batch, opened)
    return part_page(
        "imports/tasks.html",
        batch,
        status,
        review=review,
        opened=opened,
        page=review.page,
        form=review.form,
        address_of_page=page_address(review),
        roles={role.value: short for role, short in ROLES.items()},
        kind_words={kind.value: word(kind) for kind in TaskKind},
    )


def page_address(review: Review) -> Callable[[int], str]:
    """The addresses of the pages."""
    return lambda number: review.address(page=number)
