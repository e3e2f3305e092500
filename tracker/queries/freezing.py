"""What an issue freezes of the moment: every task of the region's active plans, with all that is said of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa

from tracker.clock import office_day
from tracker.models import (
    NATIONAL,
    Assignment,
    AssignmentRole,
    Contribution,
    DeadlineChange,
    Event,
    Framework,
    Indicator,
    Issue,
    IssueLine,
    Plan,
    Region,
    ReportingPeriod,
    Task,
    Unit,
    Wait,
    db,
)
from tracker.queries.building import building_facts
from tracker.queries.coverage import Coverage, covered
from tracker.queries.indicators import national_indicators
from tracker.queries.issue_lines import Line
from tracker.queries.ledger import Filters, has_fallen_due, was_in_time
from tracker.queries.lights import light_column
from tracker.queries.overview import answering
from tracker.queries.standards import national_standard
from tracker.queries.standings import asked, waits_for_decision
from tracker.queries.verdicts import verdicts_within
from tracker.queries.waits import is_open_wait
from tracker.rules.frozen_indicators import written as written_board
from tracker.rules.frozen_works import written
from tracker.rules.lights import Light

KEPT = (
    *("number", "kind", "title", "state", "due_on", "first_due_on", "deadline_text", "expected_on"),
    *("submitted_on", "returned_on", "closed_on", "withdrawn_on", "last_words", "last_reported_at"),
    "held_days",
)


def frozen_lines(issue: Issue, last: Issue | None) -> list[dict[str, Any]]:
    """The columns of every task of the region's active plans as it stands today, in the order of the plans.

    A constant number of questions, however many tasks there are.
    """
    today, where = office_day(issue.cut_off_at), covered(Coverage(issue.region_code))
    ids = sa.select(Task.id).where(*where)
    query = sa.select(
        Task,
        Plan.code.label("plan_code"),
        light_column(today).label("light"),
        has_fallen_due(today).label("fallen_due"),
        was_in_time().label("in_time"),
        asked(Filters(stale=True), today).label("stale"),
        waits_for_decision(issue.decide_after, today).label("to_decide"),
    )
    rows = db.session.execute(query.join(Plan).where(*where).order_by(Plan.region_code, Plan.id, Task.position))
    units, before = _units(ids), _lines_before(last)
    counts = _Counts(ids, issue, last, before)
    projects = {each.id: written(each) for each in building_facts(where, today)}
    waits, indicators = _waits(ids), _indicators(ids)
    return [
        {
            **{name: getattr(row.Task, name) for name in KEPT},
            **units.get(row.Task.id, NO_UNITS),
            **counts.of(row.Task),
            "task_id": row.Task.id,
            "task_key": row.Task.key,
            "plan_code": row.plan_code,
            "region_code": row.Task.region_code,
            "position": position,
            "waits_for": waits.get(row.Task.id, []),
            "indicators": indicators.get(row.Task.id, []),
            "light": Light(row.light),
            "light_before": before[row.Task.id].light if row.Task.id in before else None,
            "rule": row.Task.rule(today),
            "in_difficulty": row.Task.difficulty_on is not None,
            "days_late": row.Task.days_overdue(today),
            "fallen_due": bool(row.fallen_due),
            "in_time": bool(row.in_time),
            "stale": bool(row.stale),
            "to_decide": bool(row.to_decide),
            "project": projects.get(row.Task.id),
        }
        for position, row in enumerate(rows, start=1)
    ]


def plans_of(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Code, title, document number and region of the plans of some lines, as they are named now."""
    query = sa.select(Plan.code, Plan.title, Plan.document_number, Plan.region_code)
    query = query.where(Plan.code.in_({line.plan_code for line in lines}))
    return [
        {"code": code, "title": title, "number": number or "", "region": region}
        for code, title, number, region in db.session.execute(query.order_by(Plan.region_code, Plan.id))
    ]


def places_of(region_code: str, lines: Iterable[Line]) -> dict[str, str]:
    """The names of a region and of all regions around the lines, by code."""
    codes = {line.region_code for line in lines} | {region_code}
    around = {code[:size] for code in codes for size in range(2, len(code) + 1)}
    query = sa.select(Region.code, Region.name).where(Region.code.in_(around)).order_by(Region.code)
    return dict(db.session.execute(query).all())


def frozen_indicators(region_code: str, today: date) -> dict[str, Any]:
    """The national indicators, and how the counties with numbers at or below a region stand on each."""
    words = ("code", "title", "title_en", "group", "group_en")
    items = [{name: getattr(each, name) or "" for name in words} for each in national_indicators()]
    return written_board(items, verdicts_within(national_standard(), region_code, today))


NO_UNITS: Mapping[str, Any] = {"units": [], "unit_ids": [], "cooperating": []}


def _units(ids: sa.Select[int]) -> dict[int, dict[str, Any]]:
    """The units of each task by its id, in the order of the plan: those that answer for it, and those that help."""
    query = (
        sa.select(Assignment.task_id, Assignment.role, Unit.name, Unit.id)
        .join(Unit)
        .where(Assignment.task_id.in_(ids))
        .order_by(Assignment.task_id, Assignment.position)
    )
    named: dict[int, list[tuple[AssignmentRole, str, int]]] = defaultdict(list)
    for task_id, role, name, unit_id in db.session.execute(query):
        named[task_id].append((role, name, unit_id))
    found = {}
    for task_id, units in named.items():
        own = answering((role, (name, unit_id)) for role, name, unit_id in units)
        helping = [name for role, name, _id in units if role is AssignmentRole.COOPERATING]
        found[task_id] = {
            "units": [name for name, _id in own],
            "unit_ids": [unit_id for _name, unit_id in own],
            "cooperating": helping,
        }
    return found


def _lines_before(last: Issue | None) -> dict[int, Any]:
    """What the issue before says of each task that this one compares with."""
    if last is None:
        return {}
    query = sa.select(IssueLine.task_id, IssueLine.light, IssueLine.returns).where(IssueLine.issue_id == last.id)
    return {row.task_id: row for row in db.session.execute(query)}


class _Counts:
    """How often a task was extended, re-dated and returned, and how many of its periods nobody reported."""

    def __init__(self, ids: sa.Select[int], issue: Issue, last: Issue | None, before: Mapping[int, Any]) -> None:
        moves = _moves(ids)
        self._extensions, self._redates = moves[True], moves[False]
        self._returns = _returns(ids, issue, last)
        self._missed = _missed(ids, office_day(issue.cut_off_at))
        self._before = before

    def of(self, task: Task) -> dict[str, int]:
        """The counts of one task; returns go on from the issue before."""
        last = self._before.get(task.id)
        return {
            "extensions": self._extensions[task.id],
            "redates": self._redates[task.id],
            "returns": (last.returns if last else 0) + self._returns[task.key],
            "periods_missed": self._missed[task.id],
        }


def _moves(ids: sa.Select[int]) -> dict[bool, Counter[int]]:
    """How often the deadline of each task was moved, by whether a unit had asked for it."""
    by_request = DeadlineChange.extension_id.is_not(None)
    query = sa.select(DeadlineChange.task_id, by_request, sa.func.count()).where(DeadlineChange.task_id.in_(ids))
    found: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for task_id, asked_for, count in db.session.execute(query.group_by(DeadlineChange.task_id, by_request)):
        found[bool(asked_for)][task_id] += count
    return found


def _returns(ids: sa.Select[int], issue: Issue, last: Issue | None) -> Counter[str]:
    """How often each task was returned since the issue before, by its key; all of it where that one has no line."""
    accepted = (Event.act == "return", Event.object_type == "task", Event.allowed, Event.id <= issue.last_event_id)
    query = sa.select(Event.object_id, sa.func.count()).where(*accepted).group_by(Event.object_id)
    known = last.last_event_id if last else 0
    found = Counter({str(key): count for key, count in db.session.execute(query.where(Event.id > known))})
    if last:
        told = sa.select(IssueLine.task_id).where(IssueLine.issue_id == last.id)
        untold = sa.select(Task.key).where(Task.id.in_(ids), Task.id.not_in(told))
        earlier = query.where(Event.id <= known, Event.object_id.in_(untold))
        found.update({str(key): count for key, count in db.session.execute(earlier)})
    return found


def _missed(ids: sa.Select[int], today: date) -> Counter[int]:
    """How many periods of each task have passed without a report."""
    query = sa.select(ReportingPeriod.task_id, sa.func.count()).where(
        ReportingPeriod.task_id.in_(ids), ReportingPeriod.report_id.is_(None), ReportingPeriod.ends_on < today
    )
    return Counter(dict(db.session.execute(query.group_by(ReportingPeriod.task_id)).all()))


def _waits(ids: sa.Select[int]) -> dict[int, list[str]]:
    """The names of the units for which each task waits."""
    query = sa.select(Wait.task_id, Unit.name).join(Unit, Unit.id == Wait.unit_id).join(Task, Task.id == Wait.task_id)
    return _lists(query.where(is_open_wait(), Wait.task_id.in_(ids)).order_by(Wait.task_id, Wait.id))


def _indicators(ids: sa.Select[int]) -> dict[int, list[str]]:
    """The codes of the national indicators that each task serves."""
    query = sa.select(Contribution.task_id, Indicator.code).join(Indicator).join(Framework)
    query = query.where(Contribution.task_id.in_(ids), Framework.code == NATIONAL)
    return _lists(query.order_by(Contribution.task_id, Indicator.position))


def _lists(query: sa.Select[int, str]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for task_id, value in db.session.execute(query):
        if value not in found[task_id]:
            found[task_id].append(value)
    return found
