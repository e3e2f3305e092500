"""The figures of projects in the rows of a table: money, land, areas, seats and classes, and which are doubtful."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from tracker.documents.plan_shape import ProjectSeed, SchoolSeed
from tracker.documents.recognition.grid import Row
from tracker.documents.recognition.project_figures import Figures, read_figures
from tracker.documents.recognition.table_rows import Layout, Told, one_line
from tracker.rules.reading import buildings
from tracker.rules.reading.amounts import Measure, figure_in, scale_in
from tracker.rules.reading.columns import FIGURES, MEASURES, Column
from tracker.rules.stages import Stage

LEAST_YUAN = 100_000  # no project costs less: a smaller sum without any unit may be 万元
SIZES = {Column.LAND, Column.FLOORS, Column.SPORTS}


@dataclass
class _Columns:
    """The figures in columns of their own, and the words of those of which nobody can be sure."""

    said: dict[Column, Decimal] = field(default_factory=dict)
    unsure: list[str] = field(default_factory=list)
    filled: set[Column] = field(default_factory=set)


def project_of(told: Told, layout: Layout, section: Sequence[str]) -> Figures | None:
    """The project of a row: what its columns of figures and its words say, the columns first."""
    columns = _columns(told.row, layout)
    read = read_figures(told.title, told.requirement, section, is_project=_is_sized(columns.filled, layout))
    if read is None or not columns.filled:
        return read
    project = _with_columns(read.project, columns, told, layout)
    return Figures(project, (*columns.unsure, *(() if Column.BUDGET in columns.filled else read.unsure)))


def _is_sized(filled: set[Column], layout: Layout) -> bool:
    """Whether figures make a project: sizes do, money does where its column is one of investment or works."""
    if filled & SIZES:
        return True
    columns = [*layout.heads.at(Column.BUDGET), *([] if layout.title is None else [layout.title])]
    words = "".join(layout.heads.columns[at].words for at in columns)
    return Column.BUDGET in filled and bool(re.search("投资|造价|概算|估算|项目|工程", words))


def _columns(row: Row, layout: Layout) -> _Columns:
    """What the columns of a row say; of several sums of money the total counts, else all parts together."""
    columns = _Columns()
    parts = Decimal(0)
    for at in layout.heads.at(*MEASURES):
        head, cell = layout.heads.columns[at], row.text(at)
        if head.column is None or not re.search(r"\d", cell):
            continue
        columns.filled.add(head.column)
        measure = MEASURES[head.column]
        scale = head.scale or scale_in(layout.measured_in, measure)
        value = figure_in(cell, measure, scale)
        if value is None or (scale is None and _lacks_a_unit(cell, value, measure)):
            columns.unsure.append(f"{head.words}：{one_line(cell)}")
        elif head.column is Column.BUDGET and head.is_part:
            parts += value
        elif value != columns.said.setdefault(head.column, value):
            columns.unsure.append(f"{head.words}：{one_line(cell)}")
    if parts:
        columns.said.setdefault(Column.BUDGET, parts)
    return columns


def _lacks_a_unit(cell: str, value: Decimal, measure: Measure) -> bool:
    """Whether a sum of money may be yuan or 万元: nothing says so, and it is small."""
    return measure is Measure.MONEY and value < LEAST_YUAN and not re.search("[元亿万]", cell)


def _with_columns(project: ProjectSeed, columns: _Columns, told: Told, layout: Layout) -> ProjectSeed:
    """A project with what its columns say; seats and classes that belong to no one school become doubts."""
    row, said = told.row, columns.said
    words = {
        column: next((one_line(row.text(at)) for at in layout.heads.at(column) if row.text(at)), "")
        for column in Column
    }
    schools = project.schools
    if words[Column.SCHOOL]:
        names = buildings.schools_named(words[Column.SCHOOL]) or [words[Column.SCHOOL]]
        schools = [SchoolSeed(name, buildings.stage_of(name), None, None) for name in names]
    if len(schools) == 1:
        schools = [_with_places(schools[0], said, buildings.stage_of(words[Column.STAGE]))]
    elif not any(school.seats or school.classes for school in schools):
        columns.unsure += [words[each] for each in (Column.SEATS, Column.CLASSES) if each in said]
    nature = buildings.category_of(words[Column.NATURE]) if words[Column.NATURE] else None
    return replace(
        project,
        category=nature or project.category,
        site=words[Column.SITE] or project.site,
        town=words[Column.TOWN] or project.town,
        land_mu=said.get(Column.LAND, project.land_mu),
        floor_area_m2=said.get(Column.FLOORS, project.floor_area_m2),
        sports_area_m2=said.get(Column.SPORTS, project.sports_area_m2),
        budget_yuan=int(said[Column.BUDGET]) if Column.BUDGET in said else project.budget_yuan,
        schools=schools,
    )


def _with_places(school: SchoolSeed, said: dict[Column, Decimal], stage: Stage | None) -> SchoolSeed:
    seats, classes = (int(said[each]) if each in said else None for each in (Column.SEATS, Column.CLASSES))
    return replace(school, stage=stage or school.stage, seats=seats or school.seats, classes=classes or school.classes)


def has_figures(layout: Layout) -> bool:
    """Whether a table has columns of figures of projects."""
    return len({layout.heads.columns[at].column for at in layout.heads.at(*FIGURES)}) >= 2
