"""年度考核: the tasks of a year from frozen issues alone, the sheets, and a unit's row with its objections."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload, selectinload

from tracker.clock import office_day
from tracker.models import (
    Appraisal,
    AppraisalLine,
    AppraisalState,
    Issue,
    IssueLine,
    IssueState,
    Objection,
    Unit,
    UnitAlias,
    db,
)
from tracker.queries.visibility import COUNTY_DIGITS
from tracker.rules.appraisals import Counted, Span, counted, span_of
from tracker.rules.overview import monday_of
from tracker.rules.permissions import Person

FEW_KEYS = 500


@dataclass(frozen=True)
class Closed:
    """An issue whose figures cannot change any more."""

    id: int
    number: int
    closed_on: date


def closed_issues(region: str, today: date) -> list[Closed]:
    """The issues of a region whose figures stand: signed ones, and drafts of weeks that have passed; oldest first."""
    query = sa.select(Issue.id, Issue.number, Issue.cut_off_at).where(
        Issue.region_code == region,
        sa.or_(Issue.state == IssueState.SIGNED, Issue.week_on < monday_of(today)),
    )
    rows = db.session.execute(query.order_by(Issue.number))
    return [Closed(row.id, row.number, office_day(row.cut_off_at)) for row in rows]


def span_as_of(appraisal: Appraisal) -> Span:
    """The issues of a sheet up to the one that it was drawn from. Raises LookupError where they are gone."""
    query = sa.select(Issue.id, Issue.number, Issue.cut_off_at).where(
        Issue.region_code == appraisal.region_code, Issue.id <= appraisal.last_issue_id
    )
    rows = db.session.execute(query.order_by(Issue.number))
    found = span_of([Closed(row.id, row.number, office_day(row.cut_off_at)) for row in rows], appraisal.year)
    if found is None:
        raise LookupError(f"no issue of {appraisal.year}")
    return found


def tasks_of(region: str, span: Span, meant: Collection[str] | None = None) -> list[Counted]:
    """The tasks of a year as it counts them, of all units or of those meant; above a county those of its own plans."""
    last = _last_lines([each.id for each in span.issues])
    query = sa.select(*COLUMNS, Issue.number.label("issue_number")).select_from(IssueLine)
    query = query.join(last, sa.and_(last.c.task_id == IssueLine.task_id, last.c.issue_id == IssueLine.issue_id))
    query = query.join(Issue, Issue.id == IssueLine.issue_id)
    if len(region) < COUNTY_DIGITS:
        query = query.where(IssueLine.region_code == region)
    rows = db.session.execute(query.order_by(IssueLine.plan_code, IssueLine.position)).all()
    if meant is not None:
        wanted = set(meant)
        rows = [row for row in rows if not wanted.isdisjoint(meant_by(row.unit_ids, row.units))]
    before = _counters_before(region, span, [row.task_key for row in rows])
    return [counted(row, before.get(row.task_id), span.year) for row in rows]


COLUMNS = (
    *(IssueLine.task_id, IssueLine.task_key, IssueLine.number, IssueLine.title, IssueLine.units, IssueLine.unit_ids),
    *(IssueLine.due_on, IssueLine.submitted_on, IssueLine.days_late, IssueLine.held_days, IssueLine.fallen_due),
    *(IssueLine.in_time, IssueLine.extensions, IssueLine.returns, IssueLine.periods_missed),
)


def _last_lines(issue_ids: Sequence[int], keys: Sequence[str] = ()) -> sa.Subquery:
    """The last issue of some in which each task stands; the ids of a region's issues grow with their numbers."""
    query = sa.select(IssueLine.task_id, sa.func.max(IssueLine.issue_id).label("issue_id"))
    query = query.where(IssueLine.issue_id.in_(issue_ids))
    if keys:
        query = query.where(IssueLine.task_key.in_(keys))
    return query.group_by(IssueLine.task_id).subquery()


def _counters_before(region: str, span: Span, keys: Sequence[str]) -> dict[int, Any]:
    """What was counted of each task up to the end of the year before."""
    if span.before is None:
        return {}
    earlier = sa.select(Issue.id).where(Issue.region_code == region, Issue.number <= span.before.number)
    ids = list(db.session.scalars(earlier))
    last = _last_lines(ids, keys if len(keys) <= FEW_KEYS else ())
    query = sa.select(IssueLine.task_id, IssueLine.extensions, IssueLine.returns, IssueLine.periods_missed)
    query = query.join(last, sa.and_(last.c.task_id == IssueLine.task_id, last.c.issue_id == IssueLine.issue_id))
    return {row.task_id: row for row in db.session.execute(query)}


def meant_by(unit_ids: Iterable[int], names: Iterable[str]) -> list[str]:
    """The units of a line as a row of a sheet remembers them."""
    return [f"{unit_id}:{name}" for unit_id, name in zip(unit_ids, names, strict=True)]


@dataclass
class Own:
    """A unit of a sheet as it is called today, with what issues called it, and its tasks by their keys."""

    unit_id: int | None
    name: str
    former: list[str] = field(default_factory=list)
    meant: list[str] = field(default_factory=list)
    tasks: dict[str, Counted] = field(default_factory=dict)


def by_unit(region: str, tasks: Iterable[Counted]) -> list[Own]:
    """The units of some tasks, followed to what they are today: a merged unit is the one it was merged into.

    A task of two units that have become one counts once.
    """
    today = Today(region)
    units: dict[int | str, Own] = {}
    for task in tasks:
        for unit_id, name in zip(task.unit_ids, task.units, strict=True):
            unit = today.unit(unit_id, name)
            known = units.get(unit.id if unit else name)
            if known is None:
                known = Own(unit.id, unit.name) if unit else Own(None, name)
                units[unit.id if unit else name] = known
            known.tasks[task.key] = task
            if (called := f"{unit_id}:{name}") not in known.meant:
                known.meant.append(called)
            if name != known.name and name not in known.former:
                known.former.append(name)
    return list(units.values())


class Today:
    """Which unit of today an id or a name of an issue means."""

    def __init__(self, region: str) -> None:
        near = sa.or_(Unit.region_code.startswith(region, autoescape=True), Unit.region_code == region)
        self._units: Mapping[int, Unit] = {unit.id: unit for unit in db.session.scalars(sa.select(Unit).where(near))}
        self._named = {unit.name: unit.id for unit in self._units.values() if unit.region_code == region}
        aliases = sa.select(UnitAlias.alias, UnitAlias.unit_id).where(UnitAlias.region_code == region)
        self._aliases: dict[str, int] = dict(db.session.execute(aliases).all())

    def unit(self, unit_id: int, name: str) -> Unit | None:
        """The unit, by its id or else by a name of it; None where nobody knows it any more."""
        unit = self._units.get(unit_id) or self._units.get(self._named.get(name) or self._aliases.get(name) or 0)
        seen: set[int] = set()
        while unit is not None and unit.merged_into_id and unit.id not in seen:
            seen.add(unit.id)
            unit = self._units.get(unit.merged_into_id)
        return unit


def appraisal_of(region: str, year: int) -> Appraisal | None:
    """The sheet of a region for a year."""
    return db.session.scalar(sa.select(Appraisal).where(Appraisal.region_code == region, Appraisal.year == year))


def appraisals_of(region: str) -> Sequence[Appraisal]:
    """The sheets of a region, newest first."""
    query = sa.select(Appraisal).where(Appraisal.region_code == region)
    return db.session.scalars(query.order_by(Appraisal.year.desc())).all()


def appraisals_below(region: str) -> Sequence[Appraisal]:
    """The published sheets of the regions below one, newest first."""
    query = sa.select(Appraisal).where(
        Appraisal.region_code.startswith(region, autoescape=True),
        Appraisal.region_code != region,
        Appraisal.state == AppraisalState.PUBLISHED,
    )
    return db.session.scalars(query.order_by(Appraisal.year.desc(), Appraisal.region_code)).all()


def lines_of(appraisal: Appraisal) -> Sequence[AppraisalLine]:
    """The rows of a sheet with their objections, in its order."""
    query = sa.select(AppraisalLine).where(AppraisalLine.appraisal_id == appraisal.id)
    return db.session.scalars(
        query.options(selectinload(AppraisalLine.objections).joinedload(Objection.account)).order_by(
            AppraisalLine.position
        )
    ).all()


def line_by_id(line_id: int) -> AppraisalLine | None:
    """A row of a sheet with its unit, its sheet and its objections."""
    query = sa.select(AppraisalLine).where(AppraisalLine.id == line_id)
    return db.session.scalar(
        query.options(
            joinedload(AppraisalLine.unit),
            joinedload(AppraisalLine.appraisal),
            selectinload(AppraisalLine.objections).joinedload(Objection.account),
            selectinload(AppraisalLine.objections).joinedload(Objection.answered_by),
        )
    )


def own_lines(person: Person) -> Sequence[AppraisalLine]:
    """The rows of a person's units in published sheets, newest first."""
    query = (
        sa.select(AppraisalLine)
        .join(Appraisal)
        .where(AppraisalLine.unit_id.in_(person.units), Appraisal.state == AppraisalState.PUBLISHED)
        .options(joinedload(AppraisalLine.appraisal), selectinload(AppraisalLine.objections))
    )
    return db.session.scalars(query.order_by(Appraisal.year.desc(), AppraisalLine.position)).all()


def open_for(person: Person, today: date) -> Sequence[AppraisalLine]:
    """The rows of a person's units to which they may still object."""
    query = (
        sa.select(AppraisalLine)
        .join(Appraisal)
        .where(
            AppraisalLine.unit_id.in_(person.units),
            Appraisal.state == AppraisalState.PUBLISHED,
            Appraisal.objections_until >= today,
        )
        .options(joinedload(AppraisalLine.appraisal))
    )
    return db.session.scalars(query.order_by(Appraisal.year.desc(), AppraisalLine.position)).all()


def years_with_issues(region: str, today: date) -> dict[int, int]:
    """How many issues a region has by year, newest year first."""
    found: dict[int, int] = defaultdict(int)
    for each in closed_issues(region, today):
        found[each.closed_on.year] += 1
    return dict(sorted(found.items(), reverse=True))


def unanswered(appraisals: Sequence[Appraisal]) -> dict[int, int]:
    """How many objections wait for an answer, by sheet."""
    query = (
        sa.select(AppraisalLine.appraisal_id, sa.func.count())
        .join(Objection)
        .where(AppraisalLine.appraisal_id.in_([each.id for each in appraisals]), Objection.answered_at.is_(None))
    )
    return dict(db.session.execute(query.group_by(AppraisalLine.appraisal_id)).all())


def places_in(appraisal: Appraisal) -> dict[int, Mapping[str, int]]:
    """The figures in force of every row of a sheet, by row, for its places."""
    query = sa.select(AppraisalLine.id, AppraisalLine.figures, AppraisalLine.corrected)
    rows = db.session.execute(query.where(AppraisalLine.appraisal_id == appraisal.id))
    return {row.id: {**row.figures, **row.corrected} for row in rows}


def answered_of(line: AppraisalLine) -> int:
    """How many objections of a unit are answered."""
    query = sa.select(sa.func.count()).where(Objection.line_id == line.id, Objection.answered_at.is_not(None))
    return db.session.scalar(query) or 0
