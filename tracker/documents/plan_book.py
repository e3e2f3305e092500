"""Read a plan book: a plan as an Excel file of ours, filled in by hand or exported, with every fault by its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tracker.documents.hidden_cells import hidden_in
from tracker.documents.office_archive import check_archive
from tracker.documents.paper import Cell, Note, Paper, Place, Table
from tracker.documents.plan_book_tasks import KnownNames, read_task, task_cells
from tracker.documents.plan_draft import DraftHead, DraftIndicator, DraftTask, PlanDraft
from tracker.documents.plan_limits import figures, longest
from tracker.documents.plan_shape import PhaseSeed
from tracker.documents.sheet_cells import SheetPage, SheetRow, cell_text, read_pages
from tracker.models import Indicator, Phase, Plan
from tracker.rules.plan_rows import (
    CODE,
    DOCUMENT,
    ENDS,
    FACT,
    FACT_DAYS,
    FACTS,
    GRADE,
    GROUP,
    HEADS,
    ISSUED,
    ISSUER,
    ITEM,
    ITEMS,
    KEY,
    NAME,
    NATIONAL,
    NUMBER,
    PHASES,
    PLAN_TITLE,
    POINTS,
    REQUIRED,
    SAID,
    STARTS,
    SUMMARY,
    TARGET,
    TARGET_ON,
    TASK_HEADS,
    TASKS,
    TITLE,
    CellFault,
    Fault,
    read_area,
    read_day,
)
from tracker.rules.reading.papers import PaperKind
from tracker.rules.texts import clean_text

ADVICE = "说明："
LONGEST_SHOWN = 60
LONGEST_FACTS = {
    PLAN_TITLE: longest(Plan.title),
    DOCUMENT: longest(Plan.document_number),
    ISSUER: longest(Plan.issuer),
    TARGET: longest(Plan.target_text),
}
POINT_LIMITS = figures(Indicator.points)


@dataclass
class PlanBook:
    """What a plan book says: the code of the plan that it was exported from, the plan, and the faults by cell.

    ``keyed``: at least one row bears the key of a task. The columns are the letter of each head by sheet.
    """

    columns: dict[str, dict[str, str]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    facts: dict[str, str] = field(default_factory=dict)
    fact_rows: dict[str, int] = field(default_factory=dict)
    days: dict[str, date | None] = field(default_factory=dict)
    phases: list[PhaseSeed] = field(default_factory=list)
    items: list[DraftIndicator] = field(default_factory=list)
    tasks: list[DraftTask] = field(default_factory=list)
    rows: list[tuple[Cell, ...]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    keyed: bool = False

    @property
    def code(self) -> str | None:
        """The code of the plan that the file was exported from."""
        return self.facts.get(CODE) or None

    @property
    def paper(self) -> Paper:
        """The rows of the tasks as the document of an import."""
        heads = tuple(Cell(head) for head in TASK_HEADS)
        return Paper(PaperKind.EXCEL, (Table((heads, *self.rows), 1, 1, TASKS),), tuple(self.notes))

    @property
    def draft(self) -> PlanDraft:
        """The plan, with the keys of the tasks that stand."""
        said = {name: self.facts.get(name) or None for name in LONGEST_FACTS}
        head = DraftHead(
            title=said[PLAN_TITLE],
            document_number=said[DOCUMENT],
            issuer=said[ISSUER],
            issued_on=self.days.get(ISSUED),
            starts_on=self.days.get(STARTS),
            ends_on=self.days.get(ENDS),
            target_text=said[TARGET],
            target_on=self.days.get(TARGET_ON),
        )
        return PlanDraft(head, tuple(self.tasks), tuple(self.phases), indicators=tuple(self.items))

    def fault(self, sheet: str, row: int, head: str, kind: CellFault, text: str = "") -> None:
        """Note a fault at a cell of the file."""
        column = self.columns.get(sheet, {}).get(head, "")
        self.faults.append(Fault(sheet, row, column, head, kind, text[:LONGEST_SHOWN]))


def is_plan_book(file: BinaryIO, name: str) -> bool:
    """Whether a file is a plan book of ours, by the title of its sheet; the file is read again from its begin."""
    try:
        check_archive(file, name)
        return TASKS in load_workbook(file, read_only=True, keep_links=False).sheetnames
    except Exception:
        # What this reader cannot open may still be a document for another one, which says what is wrong with it.
        return False
    finally:
        file.seek(0)


def plan_code_in(file: BinaryIO, name: str) -> str | None:
    """The code of the plan that a plan book was exported from. Raises SheetRefused."""
    pages = read_pages(file, name, lambda found: {t: HEADS[t] for t in (TASKS, FACTS) if t in found}, ADVICE)
    facts = next((page.rows for page in pages if page.title == FACTS), [])
    return next((row.cells[SAID] for row in facts if row.cells[FACT] == CODE), "") or None


def read_plan_book(file: BinaryIO, name: str, units: Collection[str] = (), phases: Collection[str] = ()) -> PlanBook:
    """What a plan book says, with its faults. Raises SheetRefused before anything of a hostile file is parsed.

    ``units`` are names that stay whole though they hold a 、; ``phases`` may be named though the file does not list
    them.
    """
    pages = read_pages(file, name, lambda found: {t: HEADS[t] for t in HEADS if t in found}, ADVICE, _as_written)
    by_title = {page.title: page for page in pages}
    book = PlanBook()
    for title, page in by_title.items():
        _look_at_heads(book, page, REQUIRED if title == TASKS else HEADS[title][:2])
    readers = {FACTS: _read_facts, PHASES: _read_phase, ITEMS: _read_item}
    for title, read in readers.items():
        for row in _sound(book, by_title.get(title)):
            read(book, row)
    known = KnownNames(frozenset(units), {*phases, *(each.number for each in book.phases)})
    for row in _sound(book, by_title.get(TASKS)):
        _read_task(book, row, known, by_title[TASKS].epoch)
    if TASKS in by_title and not book.tasks and not book.faults:
        book.fault(TASKS, 2, TITLE, CellFault.NO_ROWS)
    _find_doubles(book)
    book.notes = hidden_in(file, HEADS)
    book.faults.sort(key=lambda each: (list(HEADS).index(each.sheet), each.row))
    return book


def _as_written(value: object) -> str:
    """A cell as it was written, so that what was exported comes back the same."""
    if isinstance(value, datetime):
        value = value.date()
    return clean_text(cell_text(value).replace("_x000D_\n", "\n"))


def _look_at_heads(book: PlanBook, page: SheetPage, required: Sequence[str]) -> None:
    book.columns[page.title] = {head: get_column_letter(place + 1) for head, place in page.places.items()}
    for head in page.missing:
        if head in required:
            book.fault(page.title, 1, head, CellFault.NO_HEAD)
    for head, place in page.doubled.items():
        book.columns[page.title][head] = get_column_letter(place + 1)
        book.fault(page.title, 1, head, CellFault.HEAD_TWICE)


def _sound(book: PlanBook, page: SheetPage | None) -> Iterator[SheetRow]:
    """The rows whose cells can be read; none where heads are missing."""
    if page is None or any(each.sheet == page.title for each in book.faults):
        return
    for row in page.rows:
        for head in row.unread:
            book.fault(page.title, row.number, head, CellFault.FORMULA)
        for head in row.broken:
            book.fault(page.title, row.number, head, CellFault.ERROR_VALUE, row.cells[head])
        if not row.unread and not row.broken:
            yield row


def _day(book: PlanBook, sheet: str, row: SheetRow, head: str, text: str) -> date | None:
    day = read_day(text) if text else None
    if isinstance(day, CellFault):
        book.fault(sheet, row.number, head, day, text)
        return None
    return day


def _read_facts(book: PlanBook, row: SheetRow) -> None:
    name, text = row.cells[FACT], row.cells[SAID]
    book.fact_rows.setdefault(name, row.number)
    if name in FACT_DAYS:
        book.days[name] = _day(book, FACTS, row, SAID, text)
    else:
        book.facts[name] = " ".join(text.split())
        if len(text) > LONGEST_FACTS.get(name, len(text)):
            book.fault(FACTS, row.number, SAID, CellFault.TOO_LONG, text)


def _read_phase(book: PlanBook, row: SheetRow) -> None:
    cells = row.cells
    for head, limit in ((NUMBER, longest(Phase.number)), (NAME, longest(Phase.title))):
        if not cells[head]:
            book.fault(PHASES, row.number, head, CellFault.MISSING)
        elif len(cells[head]) > limit:
            book.fault(PHASES, row.number, head, CellFault.TOO_LONG, cells[head])
    if any(each.number == cells[NUMBER] for each in book.phases):
        book.fault(PHASES, row.number, NUMBER, CellFault.TWICE, cells[NUMBER])
    starts, ends = (_day(book, PHASES, row, head, cells[head]) for head in (STARTS, ENDS))
    if starts and ends and ends < starts:
        book.fault(PHASES, row.number, ENDS, CellFault.ENDS_FIRST, cells[ENDS])
    book.phases.append(PhaseSeed(cells[NUMBER], cells[NAME], cells[SUMMARY] or None, starts, ends))


def _read_item(book: PlanBook, row: SheetRow) -> None:
    cells = row.cells
    if not cells[ITEM]:
        book.fault(ITEMS, row.number, ITEM, CellFault.MISSING)
    if cells[GRADE] not in {"", "A", "B"}:
        book.fault(ITEMS, row.number, GRADE, CellFault.NO_KIND, cells[GRADE])
    points = read_area(cells[POINTS], POINT_LIMITS.largest, POINT_LIMITS.decimals) if cells[POINTS] else None
    if isinstance(points, CellFault):
        book.fault(ITEMS, row.number, POINTS, points, cells[POINTS])
        points = None
    said = (cells[GROUP], cells[GRADE] or None, points)
    book.items.append(DraftIndicator(cells[NUMBER], cells[ITEM], Place(0), *said, national=cells[NATIONAL] or None))


def _read_task(book: PlanBook, row: SheetRow, known: KnownNames, epoch: datetime) -> None:
    cells = task_cells(row, epoch)

    def fault(head: str, kind: CellFault, text: str | None = None) -> None:
        book.fault(TASKS, row.number, head, kind, cells[head] if text is None else text)

    book.rows.append(tuple(Cell(cells[head]) for head in TASK_HEADS))
    book.numbers.append(row.number)
    book.keyed = book.keyed or bool(cells[KEY])
    place = Place(0, len(book.rows))
    book.tasks.append(read_task(cells, row.number, place, known, {item.number for item in book.items}, fault))


def _find_doubles(book: PlanBook) -> None:
    """Keys that stand twice, and rows that say the same task of the same section twice."""
    keys: set[str] = set()
    said: set[tuple[object, ...]] = set()
    for row, task, cells in zip(book.numbers, book.tasks, book.rows, strict=True):
        if task.key in keys:
            book.fault(TASKS, row, KEY, CellFault.TWICE, task.key)
        keys.add(task.key)
        same = (task.title, task.requirement, task.section, task.number)
        if not cells[0].text and same in said:
            book.fault(TASKS, row, TITLE, CellFault.TWICE, task.title)
        said.add(same)
