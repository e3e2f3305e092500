"""What a file of schools' numbers would change: new, changed with old and new, unchanged, and what is wrong or odd."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.models import School, SchoolYear, db
from tracker.queries.school_years import numbers_of
from tracker.rules.jumps import Doubt, Numbers, contradictions, named, questions
from tracker.rules.permissions import Can, Person, Scope, may
from tracker.rules.school_figures import STAGE_FIGURES, Number
from tracker.rules.school_rows import (
    COUNTED_ON,
    HEAD_OF,
    KIND,
    SCHOOL,
    SOURCE,
    CellFault,
    Fault,
    SchoolRow,
    SchoolSheet,
)
from tracker.rules.school_years import first_day

Value = Number | date | str | None


@dataclass(frozen=True)
class Difference:
    """A number by its name ("primary.students", "equipment_yuan"), or the day or source: what stands and will stand."""

    name: str
    old: Value
    new: Value


@dataclass
class SchoolChange:
    """What the rows of one school would do; without differences nothing."""

    name: str
    rows: list[SchoolRow]
    school: School | None
    year: SchoolYear | None
    after: Numbers
    differences: list[Difference] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)

    @property
    def is_new(self) -> bool:
        """Whether the school has no numbers of the year yet."""
        return self.year is None


@dataclass
class Preview:
    """Everything that a file would do, and its faults: with any of them it does nothing.

    ``absent`` are the region's schools of which the file says nothing; they stay as they are.
    """

    year: int
    schools: list[SchoolChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)

    @property
    def changes(self) -> list[SchoolChange]:
        """The schools of which the file changes anything."""
        return [each for each in self.schools if each.differences]

    @property
    def unknown(self) -> list[str]:
        """The schools of the file that do not exist."""
        return [each.name for each in self.schools if each.school is None]

    @property
    def doubts(self) -> list[tuple[SchoolChange, Doubt]]:
        """Every number that is odd, with its school."""
        return [(each, doubt) for each in self.schools for doubt in each.doubts]


@dataclass(frozen=True)
class Conflict:
    """A number that changed after the preview was read."""

    school: str
    name: str
    seen: str
    now: str


def school_rows_of(region: str) -> list[School]:
    """The schools of a county by name."""
    return list(db.session.scalars(sa.select(School).where(School.region_code == region).order_by(School.name)))


def years_of_schools(region: str, years: Iterable[int]) -> dict[tuple[int, int], SchoolYear]:
    """The rows of a county's schools by school and year, with their stages."""
    query = (
        sa.select(SchoolYear)
        .join(School, School.id == SchoolYear.school_id)
        .where(School.region_code == region, SchoolYear.year.in_(list(years)))
        .options(joinedload(SchoolYear.stages))
    )
    return {(row.school_id, row.year): row for row in db.session.scalars(query).unique()}


def numbers_in(row: SchoolYear | None) -> Numbers:
    """The numbers of a row as the rules take them; nothing is known without one."""
    return numbers_of(row) if row else Numbers({}, {})


def preview_of(person: Person, region: str, sheet: SchoolSheet) -> Preview:
    """What a file would do in a county, for a person who may enter the numbers of some or all of its schools."""
    schools = {school.name: school for school in school_rows_of(region)}
    years = years_of_schools(region, (sheet.year - 1, sheet.year))
    preview = Preview(sheet.year, faults=list(sheet.faults))
    for name, rows in _by_school(sheet).items():
        school = schools.get(name)
        now = years.get((school.id, sheet.year)) if school else None
        before = years.get((school.id, sheet.year - 1)) if school else None
        preview.faults += _refusals(person, region, sheet, rows, school)
        preview.schools.append(_change(name, rows, school, now, before))
        preview.faults += _contradictions(sheet, preview.schools[-1])
    named_in_file = {each.name for each in preview.schools}
    others = [school for name, school in schools.items() if name not in named_in_file]
    preview.absent = [each.name for each in others if each.closed_on is None and may_enter(person, each)]
    return preview


def may_enter(person: Person, school: School) -> bool:
    """Whether a person may enter the numbers of a school."""
    units = frozenset({school.unit_id} if school.unit_id else ())
    return may(person, Can.ENTER_FIGURES, Scope(school.region_code, units))


def conflicts(preview: Preview, seen: Mapping[str, Mapping[str, str]]) -> list[Conflict]:
    """The numbers that are not any more what they were when the file was previewed.

    ``seen`` are the old values of the differences then, as texts; whatever the file did not change then stood as in it.
    """
    found = []
    for change in preview.changes:
        for each in change.differences:
            then = seen.get(change.name, {}).get(each.name, text_of(each.new))
            if then != text_of(each.old):
                found.append(Conflict(change.name, each.name, then, text_of(each.old)))
    return found


def text_of(value: Value) -> str:
    """A value as a text that can be compared and carried."""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else value.isoformat() if isinstance(value, date) else str(value)


def _by_school(sheet: SchoolSheet) -> dict[str, list[SchoolRow]]:
    found: dict[str, list[SchoolRow]] = {}
    for row in sheet.rows:
        if row.school:
            found.setdefault(row.school, []).append(row)
    return found


def _refusals(
    person: Person, region: str, sheet: SchoolSheet, rows: list[SchoolRow], school: School | None
) -> list[Fault]:
    """What keeps the rows of a school from being taken in."""

    def fault(row: SchoolRow, head: str, kind: CellFault) -> Fault:
        return Fault(sheet.title, row.row, sheet.columns.get(head, ""), head, kind, row.school)

    if school is None:
        may_make = may(person, Can.CHECK_FIGURES, Scope(region))
        return [] if may_make else [fault(rows[0], SCHOOL, CellFault.UNKNOWN_SCHOOL)]
    if not may_enter(person, school):
        return [fault(rows[0], SCHOOL, CellFault.NOT_YOURS)]
    if school.closed_on and school.closed_on <= first_day(sheet.year):
        return [fault(rows[0], SCHOOL, CellFault.CLOSED)]
    return [fault(row, KIND, CellFault.OTHER_KIND) for row in rows if row.kind and row.kind is not school.kind]


def _change(
    name: str, rows: list[SchoolRow], school: School | None, now: SchoolYear | None, before: SchoolYear | None
) -> SchoolChange:
    stored = numbers_in(now)
    stages = {stage: dict(figures) for stage, figures in stored.stages.items()}
    whole = dict(stored.whole)
    if now is None:
        # A stage of last year of which the file says nothing is unknown now; it is not gone.
        stages |= {stage: {} for stage in numbers_in(before).stages}
    for row in rows:
        if row.stage and (row.of_stage or now is None):
            stages.setdefault(row.stage, {}).update(row.of_stage)
        whole.update(row.of_school)
    change = SchoolChange(name, rows, school, now, Numbers(stages, whole))
    change.differences = [*_said_differences(rows, now), *_number_differences(rows, stored)]
    if change.differences:
        change.doubts = _doubts(change.after, stored, before, bool(now and now.jumps_explained))
    return change


def _said_differences(rows: list[SchoolRow], now: SchoolYear | None) -> list[Difference]:
    """The day and the source where the file gives other ones; of a new year they are no change of their own."""
    if now is None:
        return []
    said: dict[str, tuple[Value, Value]] = {
        COUNTED_ON: (now.counted_on, counted_on_of(rows)),
        SOURCE: (now.source, source_of(rows)),
    }
    return [Difference(name, old, new) for name, (old, new) in said.items() if new and new != old]


def _number_differences(rows: list[SchoolRow], stored: Numbers) -> list[Difference]:
    found = []
    known: set[str] = set()
    for row in rows:
        for code, new in row.numbers.items():
            of_stage = code in STAGE_FIGURES
            name = named(code, row.stage if of_stage else None)
            old = (stored.stages.get(row.stage, {}) if of_stage and row.stage else stored.whole).get(code)
            if new != old and name not in known:
                found.append(Difference(name, old, new))
            known.add(name)
    return found


def counted_on_of(rows: list[SchoolRow]) -> date | None:
    """The day that the rows of a school give."""
    return next((row.counted_on for row in rows if row.counted_on), None)


def source_of(rows: list[SchoolRow]) -> str:
    """The source that the rows of a school give."""
    return next((row.source for row in rows if row.source), "")


def _doubts(after: Numbers, stored: Numbers, before: SchoolYear | None, explained: bool) -> list[Doubt]:
    """What has to be explained; what the stored numbers were asked already is not asked again."""
    earlier = numbers_in(before) if before else None
    answered = set(questions(stored, earlier)) if explained else set()
    return [each for each in questions(after, earlier) if each not in answered]


def _contradictions(sheet: SchoolSheet, change: SchoolChange) -> list[Fault]:
    """Numbers that cannot all be right, at the cell of the one that says so."""
    if not change.differences:
        return []
    return [
        Fault(
            sheet.title,
            next((row.row for row in change.rows if row.stage is each.stage), change.rows[0].row),
            sheet.columns.get(HEAD_OF[each.figure], ""),
            HEAD_OF[each.figure],
            CellFault.CONTRADICTS,
            str(each.now),
        )
        for each in contradictions(change.after)
    ]
