"""The review of a document: its passages beside what was understood of them, page by page, in its own order."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.documents.draft_parts import doubts_of, paper_of
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftDoubt
from tracker.forms.import_rows import AddRowForm, EditRowForm, RowFields, SplitForm
from tracker.models import AssignmentRole, ImportName, ImportRow, TaskKind
from tracker.queries.imports import ROWS_A_PAGE, document_of, read_in
from tracker.queries.paging import Page, page_in
from tracker.rules.deadlines import Deadline, Doubt
from tracker.translations import lazy as _l
from tracker.views.import_pages import Batch, is_open_name, part_page
from tracker.views.import_passages import Passage, belongs_to, passages_of, place_at, plain
from tracker.views.import_review_words import doubt_words
from tracker.views.plan_page import reading_text
from tracker.views.words import word

DOUBTFUL = "doubts"
ROLES = {
    AssignmentRole.LEAD: _l("牵头"),
    AssignmentRole.RESPONSIBLE: _l("责任"),
    AssignmentRole.COOPERATING: _l("配合"),
}
MOST_BETWEEN = 12  # passages that are listed between two tasks; the others stand on the page of the document
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


@dataclass(frozen=True)
class Card:
    """A row with what the page says of it."""

    row: ImportRow
    reading: str
    is_redate: bool
    doubts: Sequence[str]
    units: Sequence[tuple[str, str, ImportName | None, bool]]  # name, role, what it means, whether that is open
    following: ImportRow | None
    is_quoted: bool  # whether its requirement stands beside it, in the document

    @property
    def words(self) -> dict[str, Any]:
        """What was understood, as it was mended."""
        return self.row.words

    @property
    def is_added(self) -> bool:
        """Whether a person added it."""
        return self.row.first_words is None

    @property
    def is_mended(self) -> bool:
        """Whether a person changed its words."""
        return self.row.first_words is not None and self.row.first_words != self.row.words


@dataclass
class Segment:
    """Passages of the document on the left; the tasks that stand there on the right, none where they are no tasks."""

    passages: Sequence[Passage]
    cards: list[Card] = field(default_factory=list)
    adds: bool = False

    @property
    def headings(self) -> Sequence[Passage]:
        """The headings among passages that are no tasks; they stay in sight."""
        return [each for each in self.passages if each.is_heading][-3:]

    @property
    def listed(self) -> Sequence[Passage]:
        """As many of them as the page lists."""
        return self.passages[:MOST_BETWEEN]


class Review:
    """One page of the review of an import."""

    def __init__(self, batch: Batch, opened: Opened) -> None:
        self.batch, self.opened = batch, opened
        self.document = document_of(batch.row)
        self.place = place_at(opened.add)

    @cached_property
    def doubts(self) -> dict[Place, list[DraftDoubt]]:
        """What the reading left open, by its place."""
        found: dict[Place, list[DraftDoubt]] = defaultdict(list)
        for doubt in doubts_of(self.batch.row.parts):
            if doubt.place:
                found[doubt.place].append(doubt)
        return found

    @cached_property
    def passages(self) -> Sequence[Passage]:
        """The whole document."""
        headings = {Place(block, row) for *_rest, block, row in self.batch.row.parts.get("headings", ())}
        tasks = [place for row in self.batch.rows if (place := place_of(row))]
        return passages_of(paper_of(self.batch.row), headings, tasks)

    @cached_property
    def index(self) -> dict[Place, int]:
        """The number of the passage at each place."""
        return {each.place: number for number, each in enumerate(self.passages)}

    @cached_property
    def rows(self) -> Sequence[ImportRow]:
        """The rows that are shown: all, or those that a person has to look at."""
        if self.opened.only != DOUBTFUL:
            return self.batch.rows
        return [row for row in self.batch.kept if self.is_doubtful(row)]

    @cached_property
    def page(self) -> Page[ImportRow]:
        """The rows of the page that is asked for, or of the one that shows a row or a place."""
        shown = self.opened.edit or self.opened.split or self.opened.at
        number = self.opened.page
        at = next((count for count, row in enumerate(self.rows) if row.id == shown), None)
        if at is None and self.place:
            at = sum(1 for row in self.rows if (place := place_of(row)) and order(place) < order(self.place)) - 1
        return page_in(self.rows, number if at is None else max(at, 0) // ROWS_A_PAGE + 1, ROWS_A_PAGE)

    def reading(self, row: ImportRow) -> Deadline:
        """How the deadline of a row is read."""
        return read_in(self.batch.row, row.words["deadline"], self.document)

    def doubts_at(self, row: ImportRow) -> list[str]:
        """What a person has to look at in a row, but its names and its deadline."""
        place = place_of(row)
        said = [doubt_words(each) for each in self.doubts.get(place, ())] if place else []
        if not row.words["title"]:
            said.append(_("没有标题"))
        if not row.words["units"]:
            said.append(_("没有写明单位"))
        return said

    def is_doubtful(self, row: ImportRow) -> bool:
        """Whether a person has to look at a row."""
        names = (self.batch.names.get(name) for name, _role in row.words["units"])
        redate = self.reading(row).doubt
        unclear = redate is not None and redate is not Doubt.BEFORE_ISSUE
        return bool(unclear or row.words["other_deadlines"] or self.doubts_at(row) or any(map(is_open_name, names)))

    def card(self, row: ImportRow) -> Card:
        """A row with what the page says of it."""
        names, read = self.batch.names, self.reading(row)
        kept = self.batch.kept
        behind = next((each for each in kept if each.position > row.position), None) if not row.dropped else None
        units = [(name, role, names.get(name), is_open_name(names.get(name))) for name, role in row.words["units"]]
        quoted = plain(row.words["requirement"]) in plain(row.sentence)
        return Card(row, reading_text(read), read.doubt is not None, self.doubts_at(row), units, behind, quoted)

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
        for row in self.page.rows:
            place = place_of(row)
            if place and found and found[-1][0] == place:
                found[-1][1].append(row)
            else:
                found.append((place, [row]))
        return found

    def _start(self) -> int:
        """The first passage of the page: behind the last task of the page before."""
        before = (self.page.number - 1) * ROWS_A_PAGE
        for row in reversed(self.rows[:before]):
            place = place_of(row)
            if place in self.index:
                return self._last(self.index[place], [row])
        return 0

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
        return {place for row in self.batch.rows if (place := place_of(row))}

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
        row = next((each for each in self.page.rows if each.id in (self.opened.edit, self.opened.split)), None)
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


def place_of(row: ImportRow) -> Place | None:
    """Where a row stands in the document; nowhere where a person added it by hand."""
    return None if row.block is None else Place(row.block, row.block_row)


def order(place: Place) -> tuple[int, int]:
    """What places are ordered by."""
    return place.block, place.row or 0


def phases_of(batch: Batch) -> list[tuple[str, str]]:
    """The phases that a task may belong to, of the document or of the plan that stands."""
    if batch.row.against:
        return [(each.number, f"{each.number} {each.title}") for each in batch.row.against.phases]
    return [(each["number"], f"{each['number']} {each['title']}") for each in batch.row.parts.get("phases", ())]


def edit_form(batch: Batch, row: ImportRow, sent: bool) -> EditRowForm:
    """The form of a row, filled with what was sent or with what is stored."""
    return EditRowForm(row.words, row.version, phases_of(batch), word, sent)


def add_form(batch: Batch, **values: Any) -> AddRowForm:
    """The form of a task that the reading did not see."""
    return AddRowForm(phases_of(batch), word, **values)


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
