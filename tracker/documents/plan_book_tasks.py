"""Read a row of tasks of a plan book: its words, units and what it builds, with every fault by its column."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import TypeVar

from tracker.documents.fitted_words import AMOUNTS as AREAS
from tracker.documents.fitted_words import LONGEST_NAME, LONGEST_SCHOOL
from tracker.documents.paper import Place
from tracker.documents.plan_draft import DraftTask, DraftUnit
from tracker.documents.plan_limits import MOST_SEATS, MOST_YUAN, longest
from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.documents.sheet_cells import SheetRow
from tracker.models import Project, Task
from tracker.rules.plan_rows import (
    BUDGET,
    BUILDINGS,
    CATEGORIES,
    CATEGORY,
    COLON,
    DEADLINE,
    DUTY,
    FLOOR,
    KEY,
    KEY_TEXT,
    KIND,
    KINDS,
    LAND,
    LONGEST_KEY,
    NUMBER,
    OFFICIALS,
    PHASE,
    PROJECT_HEADS,
    REQUIREMENT,
    ROLE_HEADS,
    SCHOOLS,
    SECTION,
    SENTENCE,
    SITE,
    SOURCE,
    SPORTS,
    TASKS,
    TITLE,
    TOWN,
    CellFault,
    day_of_serial,
    names_in,
    read_area,
    read_budget,
    read_school,
)
from tracker.rules.task_kinds import TaskKind

LONGEST = {
    NUMBER: longest(Task.number),
    TITLE: longest(Task.title),
    DEADLINE: longest(Task.deadline_text),
    TOWN: longest(Project.town),
    SOURCE: longest(Task.source_place),
}
ONE_LINE = (KEY, NUMBER, KIND, TITLE, DEADLINE, PHASE, DUTY, TOWN)
Complain = Callable[..., None]
Read = TypeVar("Read")


@dataclass(frozen=True)
class KnownNames:
    """Names of units that stay whole though they hold a 、, and the phases that may be named."""

    units: frozenset[str]
    phases: set[str]


def task_cells(row: SheetRow, epoch: datetime) -> dict[str, str]:
    """The cells of a row by head; what is one line is one line, and a day that Excel counts is written out."""
    cells = dict(row.cells)
    if DEADLINE in row.counted:
        cells[DEADLINE] = day_of_serial(cells[DEADLINE], epoch)
    return cells | {head: " ".join(cells[head].split()) for head in ONE_LINE}


def read_task(
    cells: dict[str, str], row: int, place: Place, known: KnownNames, items: Collection[str], fault: Complain
) -> DraftTask:
    """The task of a row; ``fault`` is told every head that cannot be taken, ``items`` are numbers of indicators."""
    kind = _look_at_words(cells, known, items, fault)
    return DraftTask(
        key=cells[KEY] or _new_key(row, cells[TITLE]),
        kind=kind or TaskKind.MEASURE,
        title=cells[TITLE],
        requirement=cells[REQUIREMENT] or cells[TITLE],
        place=place,
        source=" ".join(cells[SOURCE].split()) or f"{TASKS} 第{row}行",
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


def _look_at_words(
    cells: dict[str, str], known: KnownNames, items: Collection[str], fault: Complain
) -> TaskKind | None:
    """The kind of a task, after its plain words were looked at."""
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
    if cells[DUTY] and cells[DUTY] not in items:
        fault(DUTY, CellFault.NO_ITEM)
    return kind


def _new_key(row: int, title: str) -> str:
    """The key of a new task: its row and its words, so that no key of the plan that stands is met by chance."""
    return f"x{row}{sha256(title.encode()).hexdigest()[:3]}"


def _names(cells: dict[str, str], head: str, known: frozenset[str], fault: Complain) -> list[str]:
    names = names_in(cells[head], known)
    for name in names:
        if len(name) > LONGEST_NAME:
            fault(head, CellFault.TOO_LONG, name)
    return names


def _units(cells: dict[str, str], known: KnownNames, fault: Complain) -> tuple[DraftUnit, ...]:
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
