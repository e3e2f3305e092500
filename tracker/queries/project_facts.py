"""Building projects as plain values, in a constant number of questions however many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.clock import office_day
from tracker.models import (
    Handover,
    MoneyEntry,
    Plan,
    Project,
    ProjectNode,
    ProjectSchool,
    Region,
    Report,
    School,
    Task,
    db,
)
from tracker.queries.ledger import worst_first
from tracker.rules.completion import NodeFacts
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, LightDates, light_on
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import HandoverFacts, PartFacts, ProjectFacts

OF_PROJECT = (
    Task.id,
    Task.key,
    Task.title,
    Project.category,
    Task.region_code,
    Region.name.label("region_name"),
    Plan.title.label("plan_title"),
    Project.town,
    Project.site,
    Project.land_mu,
    Project.floor_area_m2,
    Project.sports_area_m2,
    Project.budget_yuan,
    Task.starts_on,
    Plan.issued_on,
    Task.deadline_text,
    Task.due_on,
    Task.needs_redate,
    Task.expected_on,
    # What is closed counts from the day on which it was submitted, however long the office looked at it.
    sa.case((Task.closed_on.is_not(None), sa.func.coalesce(Task.submitted_on, Task.closed_on))).label("closed_on"),
    (Task.state == State.SUBMITTED).label("submitted"),
    Task.light_fixed,
    Task.late_from,
    Task.soon_from,
    Task.normal_from,
    Report.progress_percent.label("progress"),
    Report.at.label("progress_at"),
)
NOT_FACTS = {"region_code", "light_fixed", "late_from", "soon_from", "normal_from", "progress_at"}
Conditions = Sequence[sa.ColumnElement[bool]]


def project_facts(
    conditions: Conditions, today: date, most: int | None = None, with_money: bool = True, skip: int = 0
) -> list[ProjectFacts]:
    """The projects that meet some conditions on their tasks and figures, worst first; four questions.

    Three questions without the money.
    """
    query = (
        sa.select(*OF_PROJECT)
        .select_from(Project)
        .join(Task, Task.id == Project.task_id)
        .join(Plan, Plan.id == Task.plan_id)
        .join(Region, Region.code == Task.region_code)
        .outerjoin(Report, Report.id == _latest())
        .where(*conditions)
        .order_by(*worst_first(today))
    )
    rows = db.session.execute(query.limit(most).offset(skip) if most else query).all()
    within = chosen([row.id for row in rows], conditions, most is not None)
    nodes, parts = _nodes(within), _parts(within)
    money, of_year = _money(within, today) if with_money else ({}, {})
    return [
        ProjectFacts(
            **{name: value for name, value in row._mapping.items() if name not in NOT_FACTS},
            region=row.region_code,
            light=light_on(LightDates(row.light_fixed, row.late_from, row.soon_from, row.normal_from), today),
            suspended=row.light_fixed is Light.SUSPENDED,
            nodes=tuple(nodes.get(row.id, ())),
            money=money.get(row.id, {}),
            of_year=of_year.get(row.id, {}),
            parts=tuple(parts.get(row.id, ())),
            progress_on=office_day(row.progress_at) if row.progress_at else None,
        )
        for row in rows
    ]


def facts_of(task_id: int, today: date) -> ProjectFacts | None:
    """One project as plain values; None for a task that builds nothing."""
    found = project_facts([Task.id == task_id], today)
    return found[0] if found else None


def _latest() -> sa.ScalarSelect[int]:
    """The report of a task that said last how far it stands."""
    said = aliased(Report)
    query = sa.select(sa.func.max(said.id)).where(said.task_id == Task.id, said.progress_percent.is_not(None))
    return query.where(said.withdrawn_at.is_(None)).correlate(Task).scalar_subquery()


def chosen(ids: Sequence[int], conditions: Conditions, is_cut: bool) -> Any:
    """The tasks in question: by their numbers where the list was cut, else by the same conditions."""
    if is_cut:
        return ids
    return sa.select(Task.id).join(Project, Project.task_id == Task.id).where(*conditions)


def _nodes(within: Any) -> dict[int, list[NodeFacts]]:
    columns = (
        ProjectNode.name,
        ProjectNode.planned_on,
        ProjectNode.first_planned_on,
        ProjectNode.expected_on,
        ProjectNode.done_on,
        ProjectNode.id,
    )
    query = sa.select(ProjectNode.task_id, *columns).where(ProjectNode.task_id.in_(within))
    found: dict[int, list[NodeFacts]] = defaultdict(list)
    for task_id, *values in _rows(query.order_by(ProjectNode.task_id, ProjectNode.position)):
        found[task_id].append(NodeFacts(*values))
    return found


def _money(within: Any, today: date) -> tuple[dict[int, dict[MoneyKind, int]], dict[int, dict[MoneyKind, int]]]:
    """The sums of the ledger by kind: of all years, and of the running one."""
    year = (date(today.year, 1, 1), date(today.year, 12, 31))
    is_of_year = sa.or_(
        MoneyEntry.for_year == today.year,
        sa.and_(MoneyEntry.kind != MoneyKind.PLANNED, MoneyEntry.on.between(*year)),
    )
    query = sa.select(
        MoneyEntry.task_id,
        MoneyEntry.kind,
        sa.func.sum(MoneyEntry.amount_yuan),
        sa.func.sum(sa.case((is_of_year, MoneyEntry.amount_yuan))),
    ).where(MoneyEntry.task_id.in_(within), MoneyEntry.withdrawn_at.is_(None))
    whole: dict[int, dict[MoneyKind, int]] = defaultdict(dict)
    of_year: dict[int, dict[MoneyKind, int]] = defaultdict(dict)
    for task_id, kind, total, this_year in db.session.execute(query.group_by(MoneyEntry.task_id, MoneyEntry.kind)):
        whole[task_id][kind] = int(total)
        if this_year is not None:
            of_year[task_id][kind] = int(this_year)
    return whole, of_year


def _parts(within: Any) -> dict[int, list[PartFacts]]:
    """The schools of projects, with the seats that are handed over apart from the rest."""
    apart = (Handover.id, Handover.seats, Handover.planned_on, Handover.expected_on, Handover.handed_on)
    part = (ProjectSchool.school_id, School.name, ProjectSchool.stage, ProjectSchool.seats, ProjectSchool.classes)
    query = (
        sa.select(ProjectSchool.task_id, ProjectSchool.id, *part, *apart)
        .join(School, School.id == ProjectSchool.school_id)
        .outerjoin(Handover, Handover.project_school_id == ProjectSchool.id)
        .where(ProjectSchool.task_id.in_(within))
        .order_by(ProjectSchool.task_id, ProjectSchool.position, ProjectSchool.id, Handover.id)
    )
    parts: dict[int, dict[int, list[Any]]] = defaultdict(dict)
    handovers: dict[int, list[HandoverFacts]] = defaultdict(list)
    for task_id, part_id, *values in _rows(query):
        parts[task_id][part_id] = values[:5]
        if values[5] is not None:
            handovers[part_id].append(HandoverFacts(*values[6:]))
    return {
        task_id: [PartFacts(*[*values, tuple(handovers.get(part_id, ()))]) for part_id, values in each.items()]
        for task_id, each in parts.items()
    }


def _rows(query: sa.Select[*tuple[Any, ...]]) -> Iterable[Any]:
    return db.session.execute(query).all()
