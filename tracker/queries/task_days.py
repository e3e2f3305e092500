"""The state of a task on a past day, from its events, its reports and the issues that froze it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from tracker.clock import at_office
from tracker.models import AssignmentRole, Event, Issue, IssueLine, Report, Task, db
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light, light_on
from tracker.rules.task_days import Happened, facts_at, timetable_at, was_withdrawn

BEGINNINGS = ("add_task", "store_task")
PLAN_BEGINNINGS = ("create_plan", "store_plan")


@dataclass(frozen=True)
class FrozenLine:
    """What an issue says of a task, and when it was frozen."""

    number: int
    region_code: str
    cut_off_at: datetime
    light: Light


@dataclass(frozen=True)
class TaskDay:
    """A task as it stood at the end of a day; ``units`` by role.

    ``light`` is None where nothing of that time says it; ``line`` is the nearest issue up to then. ``is_exact`` says
    that the light follows from the events and not from the issue.
    """

    day: date
    title: str
    state: State
    is_withdrawn: bool
    due_on: date | None
    units: dict[AssignmentRole, str]
    light: Light | None
    is_exact: bool
    report: Report | None
    line: FrozenLine | None
    next_change: datetime | None


def task_on(task: Task, day: date) -> TaskDay | None:
    """The task as it stood at the end of an office day, None where it did not exist yet."""
    return task_at(task, day, at_office(day + timedelta(days=1), 0) - timedelta(microseconds=1))


def task_at(task: Task, day: date, until: datetime) -> TaskDay | None:
    """The task as it stood at an instant of a day, None where it did not exist yet."""
    happened, report, line = happened_to(task), _last_report(task, until), _line(task, until)
    if report is None and line is None and not _existed(task, happened, until):
        return None
    facts = facts_at(_facts_of(task), happened, until)
    dates = timetable_at(task.timetable, happened, until)
    known = light_on(dates, day) if dates else None
    return TaskDay(
        day=day,
        title=facts["title"],
        state=State(facts["state"]),
        is_withdrawn=was_withdrawn(task.withdrawn_on is not None, happened, until),
        due_on=date.fromisoformat(facts["due_on"]) if facts["due_on"] else None,
        units={role: facts[role.value] for role in AssignmentRole if facts[role.value]},
        light=known or (line.light if line else None),
        is_exact=known is not None,
        report=report,
        line=line,
        next_change=next((each.at for each in happened if each.at > until), None),
    )


def happened_to(task: Task) -> list[Happened]:
    """All acts on a task in their order, with what they kept."""
    query = sa.select(Event.at, Event.act, Event.before, Event.after)
    query = query.where(Event.object_type == "task", Event.object_id == task.key, Event.allowed).order_by(Event.id)
    return [Happened(at, act, before or {}, after or {}) for at, act, before, after in db.session.execute(query)]


def began_at(task: Task, happened: Sequence[Happened] | None = None) -> datetime | None:
    """When a task came into being, as far as anything says it; None where nothing does."""
    acts = happened_to(task) if happened is None else happened
    own = next((each.at for each in acts if each.act in BEGINNINGS), None)
    plan = sa.select(sa.func.min(Event.at)).where(
        Event.object_type == "plan", Event.object_id == task.plan.code, Event.act.in_(PLAN_BEGINNINGS)
    )
    first = sa.select(sa.func.min(Report.at)).where(Report.task_id == task.id)
    begun, said = db.session.execute(sa.select(plan.scalar_subquery(), first.scalar_subquery())).one()
    if not (own or begun):
        return None
    # Acts that were brought in with their own days are older than the event of the plan.
    return min(each for each in (own or begun, said, acts[0].at if acts else None) if each)


def _existed(task: Task, happened: Sequence[Happened], until: datetime) -> bool:
    began = began_at(task, happened)
    return began is None or began <= until


def _facts_of(task: Task) -> dict[str, Any]:
    """What is known of a task today, in the words of its events."""
    named = {
        role.value: "、".join(each.unit.name for each in task.assignments if each.role is role)
        for role in AssignmentRole
    }
    due_on = task.due_on.isoformat() if task.due_on else None
    return {"title": task.title, "state": task.state.value, "due_on": due_on, **named}


def _last_report(task: Task, until: datetime) -> Report | None:
    """The last report up to an instant that stood then."""
    query = sa.select(Report).where(
        Report.task_id == task.id,
        Report.at <= until,
        sa.or_(Report.withdrawn_at.is_(None), Report.withdrawn_at > until),
    )
    wanted = query.options(joinedload(Report.account), joinedload(Report.unit))
    return db.session.scalar(wanted.order_by(Report.at.desc(), Report.id.desc()).limit(1))


def _line(task: Task, until: datetime) -> FrozenLine | None:
    """What the last issue up to an instant says of a task; the county's own before one of a place above it."""
    query = (
        sa.select(Issue.number, Issue.region_code, Issue.cut_off_at, IssueLine.light)
        .join(IssueLine, IssueLine.issue_id == Issue.id)
        .where(IssueLine.task_key == task.key, IssueLine.task_id == task.id, Issue.cut_off_at <= until)
        .order_by(Issue.cut_off_at.desc(), sa.func.length(Issue.region_code).desc())
    )
    row = db.session.execute(query.limit(1)).one_or_none()
    return FrozenLine(*row) if row else None
