"""Freeze the week: the overview of a region becomes an issue that nothing changes afterwards."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from tracker.actions.record import NOBODY, Actor, record
from tracker.clock import office_day
from tracker.models import Assignment, AssignmentRole, Issue, IssueLine, Plan, Region, Task, Unit, db
from tracker.queries.coverage import Conditions, Coverage, covered
from tracker.queries.issues import issue_before, lights_of, newest_week, week_of
from tracker.queries.ladders import ladders
from tracker.queries.ledger import has_fallen_due, was_in_time
from tracker.queries.lights import light_column
from tracker.queries.overview import answering
from tracker.rules.lights import Light
from tracker.rules.overview import monday_of, sentence


def freeze_week(region_code: str, now: datetime, actor: Actor = NOBODY) -> Issue | None:
    """Freeze the week of a region as its next issue.

    None when this week or a later one stands already, so that numbers follow the calendar, or the region is not stored.
    """
    week_on = monday_of(office_day(now))
    newest = newest_week(region_code)
    if (newest and week_on <= newest) or db.session.get(Region, region_code) is None:
        return None
    issue = _claim(region_code, week_on, now)
    if issue is None:
        return None
    rows = [{"issue_id": issue.id, **line} for line in _lines(region_code, office_day(now))]
    lines = [IssueLine(**row) for row in rows]
    last = issue_before(region_code, issue.number)
    issue.sentence = sentence(week_of(lines, lights_of(last), issue, last), office_day(now))
    if rows:
        db.session.execute(sa.insert(IssueLine).execution_options(render_nulls=True), rows)
    db.session.flush()
    said = {"number": issue.number, "week_on": week_on, "tasks": len(lines)}
    record(actor, "freeze_week", now, obj=("issue", str(issue.number)), region=region_code, after=said)
    return issue


def _claim(region_code: str, week_on: date, now: datetime) -> Issue | None:
    """The row of the week under the next number; None when another has frozen the week in the same moment."""
    highest = db.session.scalar(sa.select(sa.func.max(Issue.number)).where(Issue.region_code == region_code)) or 0
    issue = Issue(
        region_code=region_code,
        number=highest + 1,
        week_on=week_on,
        cut_off_at=now,
        sentence="",
        decide_after=ladders().of(region_code).decide_after,
    )
    try:
        with db.session.begin_nested():
            db.session.add(issue)
            db.session.flush()
    except IntegrityError:
        return None
    return issue


def _lines(region_code: str, today: date) -> list[dict[str, Any]]:
    """Every task of the region's active plans as it stands today, in the order of the plans."""
    where = covered(Coverage(region_code))
    query = sa.select(
        Task,
        Plan.code.label("plan_code"),
        light_column(today).label("light"),
        has_fallen_due(today).label("fallen_due"),
        was_in_time().label("in_time"),
    )
    units = _units(where)
    rows = db.session.execute(query.join(Plan).where(*where).order_by(Task.plan_id, Task.position))
    return [
        {
            "task_id": task.id,
            "task_key": task.key,
            "plan_code": plan_code,
            "title": task.title,
            "units": units.get(task.id, []),
            "light": Light(light),
            "state": task.state,
            "due_on": task.due_on,
            "days_late": task.days_overdue(today),
            "fallen_due": bool(fallen_due),
            "in_time": bool(in_time),
            "last_words": task.last_words,
            "last_reported_at": task.last_reported_at,
        }
        for task, plan_code, light, fallen_due, in_time in rows
    ]


def _units(where: Conditions) -> dict[int, list[str]]:
    """The names of the units that answer for each task, by its id, in the order of the plan."""
    query = (
        sa.select(Assignment.task_id, Assignment.role, Unit.name)
        .join(Unit)
        .where(Assignment.task_id.in_(sa.select(Task.id).where(*where)))
        .order_by(Assignment.task_id, Assignment.position)
    )
    named: dict[int, list[tuple[AssignmentRole, str]]] = defaultdict(list)
    for task_id, role, name in db.session.execute(query):
        named[task_id].append((role, name))
    return {task_id: answering(units) for task_id, units in named.items()}
