"""Read a plan book: a plan as an Excel file of ours, filled in by hand or exported, with every fault by its cell."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import BinaryIO, TypeVar

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from tracker.documents.fitted_words import AMOUNTS as AREAS
from tracker.documents.fitted_words import LONGEST_NAME, LONGEST_SCHOOL
from tracker.documents.hidden_cells import hidden_in
from tracker.documents.office_archive import SheetRefused, check_archive
from tracker.documents.paper import Cell, Note, Paper, Place, Table
from tracker.documents.plan_draft import DraftHead, DraftIndicator, DraftTask, DraftUnit, PlanDraft
from tracker.documents.plan_limits import MOST_SEATS, MOST_YUAN, figures, longest
from tracker.documents.plan_shape import PhaseSeed, ProjectSeed, SchoolSeed
from tracker.documents.sheet_cells import SheetPage, SheetRow, cell_text, read_pages
from tracker.models import Indicator, Phase, Plan, Project, Task
from tracker.rules.plan_rows import (
    BUDGET,
    BUILDINGS,
    CATEGORIES,
    CATEGORY,
    CODE,
    COLON,
    DEADLINE,
    DOCUMENT,
    DUTY,
    ENDS,
    FACT,
    FACT_DAYS,
    FACTS,
    FLOOR,
    GRADE,
    GROUP,
    HEADS,
    ISSUED,
    ISSUER,
    ITEM,
    ITEMS,
    KEY,
    KEY_TEXT,
    KIND,
    KINDS,
    LAND,
    LONGEST_KEY,
    NAME,
    NATIONAL,
    NUMBER,
    OFFICIALS,
    PHASE,
    PHASES,
    PLAN_TITLE,
    POINTS,
    PROJECT_HEADS,
    REQUIRED,
    REQUIREMENT,
    ROLE_HEADS,
    SAID,
    SCHOOLS,
    SECTION,
    SENTENCE,
    SITE,
    SOURCE,
    SPORTS,
    STARTS,
    SUMMARY,
    TARGET,
    TARGET_ON,
    TASK_HEADS,
    TASKS,
    TITLE,
    TOWN,
    CellFault,
    Fault,
    day_of_serial,
    names_in,
    read_area,
    read_budget,
    read_day,
    read_school,
)
from tracker.rules.reading.papers import PaperKind
from tracker.rules.task_kinds import TaskKind
from tracker.rules.texts import clean_text

ADVICE = "说明："
LONGEST_SHOWN = 60
LONGEST = {
    NUMBER: longest(Task.number),
    TITLE: longest(Task.title),
    DEADLINE: longest(Task.deadline_text),
    TOWN: longest(Project.town),
    SOURCE: longest(Task.source_place),
}
LONGEST_FACTS = {
    PLAN_TITLE: longest(Plan.title),
    DOCUMENT: longest(Plan.document_number),
    ISSUER: longest(Plan.issuer),
    TARGET: longest(Plan.target_text),
}
POINT_LIMITS = figures(Indicator.points)
Read = TypeVar("Read")


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
    except (SheetRefused, zipfile.BadZipFile, KeyError, ValueError, OSError, TypeError, AttributeError):
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
    known = _Known(frozenset(units), {*phases, *(each.number for each in book.phases)})
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


@dataclass(frozen=True)
class _Known:
    units: frozenset[str]
    phases: set[str]


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


def _read_task(book: PlanBook, row: SheetRow, known: _Known, epoch: datetime) -> None:
    cells = dict(row.cells)
    if DEADLINE in row.counted:
        cells[DEADLINE] = day_of_serial(cells[DEADLINE], epoch)
    one_line = {head: " ".join(cells[head].split()) for head in (KEY, NUMBER, KIND, TITLE, DEADLINE, PHASE, DUTY, TOWN)}
    cells |= one_line

    def fault(head: str, kind: CellFault, text: str | None = None) -> None:
        book.fault(TASKS, row.number, head, kind, cells[head] if text is None else text)

    for head, limit in LONGEST.items():
        if len(cells[head]) > limit:
            fault(head, CellFault.TOO_LONG)
    if cells[KEY] and (not KEY_TEXT.fullmatch(cells[KEY]) or len(cells[KEY]) > LONGEST_KEY):
        fault(KEY, CellFault.BAD_KEY)
    if not cells[TITLE]:
        fault(TITLE, CellFault.MISSING)
    kind = KINDS.get(cells[KIND])
    if kind is None:
        fault(KIND, CellFault.NO_KIND if cells[KIND] else CellFault.MISSING)
    if cells[PHASE] and cells[PHASE] not in known.phases:
        fault(PHASE, CellFault.NO_PHASE)
    if cells[DUTY] and cells[DUTY] not in {item.number for item in book.items}:
        fault(DUTY, CellFault.NO_ITEM)
    place = Place(0, len(book.rows) + 1)
    book.rows.append(tuple(Cell(cells[head]) for head in TASK_HEADS))
    book.numbers.append(row.number)
    book.keyed = book.keyed or bool(cells[KEY])
    book.tasks.append(
        DraftTask(
            key=cells[KEY] or _new_key(row, cells[TITLE]),
            kind=kind or TaskKind.MEASURE,
            title=cells[TITLE],
            requirement=cells[REQUIREMENT] or cells[TITLE],
            place=place,
            source=" ".join(cells[SOURCE].split()) or f"{TASKS} 第{row.number}行",
            sentence=cells[SENTENCE] or cells[REQUIREMENT] or cells[TITLE],
            number=cells[NUMBER] or None,
            section=tuple(
                filter(None, (part.strip() for line in cells[SECTION].split("\n") for part in line.split(" / ")))
            ),
            units=_units(cells, known, fault),
            officials=tuple(_names(cells, OFFICIALS, frozenset(), fault)),
            deadline=cells[DEADLINE] or None,
            phase=cells[PHASE] or None,
            duty_of=cells[DUTY] or None,
            project=_project(cells, kind, fault),
        )
    )


def _new_key(row: SheetRow, title: str) -> str:
    """The key of a new task: its row and its words, so that no key of the plan that stands is met by chance."""
    return f"x{row.number}{sha256(title.encode()).hexdigest()[:3]}"


Complain = Callable[..., None]


def _names(cells: dict[str, str], head: str, known: frozenset[str], fault: Complain) -> list[str]:
    names = names_in(cells[head], known)
    for name in names:
        if len(name) > LONGEST_NAME:
            fault(head, CellFault.TOO_LONG, name)
    return names


def _units(cells: dict[str, str], known: _Known, fault: Complain) -> tuple[DraftUnit, ...]:
    return tuple(
        DraftUnit(name, role) for role, head in ROLE_HEADS.items() for name in _names(cells, head, known.units, fault)
    )


def _project(cells: dict[str, str], kind: TaskKind | None, fault: Complain) -> ProjectSeed | None:
    """What a row builds; figures of a task that builds nothing are a fault."""
    said = [head for head in PROJECT_HEADS if cells[head]]
    if kind is not TaskKind.PROJECT:
        for head in said if kind else ():
            fault(head, CellFault.NO_PROJECT)
        return None
    category = CATEGORIES.get(cells[CATEGORY])
    if category is None:
        if cells[CATEGORY] or said or not cells[KEY]:
            fault(CATEGORY, CellFault.NO_CATEGORY if cells[CATEGORY] else CellFault.MISSING)
        return None

    def value(head: str, read: Callable[[str], Read | CellFault]) -> Read | None:
        found = read(cells[head]) if cells[head] else None
        if isinstance(found, CellFault):
            fault(head, found)
            return None
        return found

    land, floor, sports = (
        value(head, lambda text, limits=AREAS[name]: read_area(text, limits.largest, limits.decimals))  # type: ignore[misc]
        for head, name in ((LAND, "land_mu"), (FLOOR, "floor_area_m2"), (SPORTS, "sports_area_m2"))
    )
    budget = value(BUDGET, read_budget)
    if budget is not None and budget > MOST_YUAN:
        fault(BUDGET, CellFault.TOO_LARGE)
    return ProjectSeed(
        category=category,
        site=cells[SITE] or None,
        town=cells[TOWN] or None,
        land_mu=land,
        floor_area_m2=floor,
        sports_area_m2=sports,
        budget_yuan=budget,
        schools=_schools(cells, fault),
        buildings=_buildings(cells, fault),
    )


def _schools(cells: dict[str, str], fault: Complain) -> list[SchoolSeed]:
    schools: list[SchoolSeed] = []
    for line in filter(None, (line.strip() for line in cells[SCHOOLS].split("\n"))):
        school = read_school(line)
        if isinstance(school, CellFault):
            fault(SCHOOLS, school, line)
        elif len(school.name) > LONGEST_SCHOOL:
            fault(SCHOOLS, CellFault.TOO_LONG, line)
        elif max(school.seats or 0, school.classes or 0) > MOST_SEATS:
            fault(SCHOOLS, CellFault.TOO_LARGE, line)
        elif any((each.name, each.stage) == (school.name, school.stage) for each in schools):
            fault(SCHOOLS, CellFault.TWICE, line)
        else:
            schools.append(SchoolSeed(school.name, school.stage, school.seats, school.classes))
    return schools


def _buildings(cells: dict[str, str], fault: Complain) -> list[tuple[str, Decimal | None]]:
    buildings: list[tuple[str, Decimal | None]] = []
    limits = AREAS["floor_area_m2"]
    for line in filter(None, (line.strip() for line in cells[BUILDINGS].split("\n"))):
        pieces = COLON.split(line)
        use, said = (line[: -len(pieces[-1]) - 1], pieces[-1].strip()) if len(pieces) > 1 else (line, "")
        area = read_area(said, limits.largest, limits.decimals) if said else None
        if isinstance(area, CellFault) or not use.strip() or len(use) > LONGEST_NAME:
            fault(BUILDINGS, CellFault.NO_BUILDING, line)
        else:
            buildings.append((use.strip(), area))
    return buildings


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
