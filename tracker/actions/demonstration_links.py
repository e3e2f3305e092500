"""What the demonstration's office confirms of what tasks bring, and when units expect to be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any

import sqlalchemy as sa

from tracker.actions.demonstration import Calendar, Scene
from tracker.actions.demonstration_talks import INVENTED
from tracker.actions.expectations import expect
from tracker.actions.links import Adding, change_addition, confirm, dismiss_addition
from tracker.actions.record import Actor
from tracker.models import Account, Addition, Plan, Task, db
from tracker.queries.accounts import person_of
from tracker.queries.links import TaskLinks, additions_of
from tracker.rules.school_years import first_day, school_year_of

Row = Mapping[str, Any]


def link_scenes(seed: Row, accounts: Mapping[str, Account], calendar: Calendar) -> Iterator[Scene]:
    """The office fills in and dismisses, then confirms all tasks but those left; units say when they expect to end."""
    office = _actor(accounts[seed["office"]])
    of_plan = sa.select(Task).join(Plan, Plan.id == Task.plan_id).where(Plan.code == seed["plan"])
    tasks = {task.key.removeprefix(f"{seed['plan']}-"): task for task in db.session.scalars(of_plan)}
    for place, row in enumerate(seed["amounts"]):
        yield Scene(calendar.at(seed["filled"], place), partial(_fill, office, tasks[row["task"]], row))
    for place, row in enumerate(seed["dismissed"]):
        yield Scene(calendar.at(seed["filled"], place), partial(_dismiss, office, tasks[row["task"]], row))
    confirmed = [task for key, task in tasks.items() if key not in seed["left"]]
    for place, task in enumerate(confirmed):
        yield Scene(calendar.at(seed["confirmed"], place), partial(_confirm, office, task))
    for place, row in enumerate(seed["expected"]):
        by = _actor(accounts[row["by"]])
        act = partial(_expect, by, tasks[row["task"]], row, calendar.today)
        yield Scene(calendar.at(row["day"], place), act)


def _actor(account: Account) -> Actor:
    return Actor(person_of(account), "、".join(unit.name for unit in account.units) or None)


def _row_of(task: Task, row: Row) -> Addition:
    """The proposal that a line of the story speaks of; raises StopIteration where the plan proposes none."""
    return next(
        each
        for each in additions_of(task)
        if each.figure == row["figure"] and ("school" not in row or (each.school and each.school.name == row["school"]))
    )


def _fill(office: Actor, task: Task, row: Row, at: datetime) -> None:
    found = _row_of(task, row)
    school = found.school.name if found.school else None
    said = Adding(found.figure, Decimal(row["amount"]), school, found.stage, None, INVENTED + row["reason"])
    change_addition(office, task, task.version, found.id, said, at)


def _dismiss(office: Actor, task: Task, row: Row, at: datetime) -> None:
    dismiss_addition(office, task, task.version, _row_of(task, row).id, INVENTED + row["reason"], at)


def _confirm(office: Actor, task: Task, at: datetime) -> None:
    db.session.refresh(task, ["additions", "contributions"])
    if TaskLinks(task).waiting:
        confirm(office, task, task.version, at)


def _expect(by: Actor, task: Task, row: Row, today: date, at: datetime) -> None:
    """A day so long after the next September, or after the deadline where that lies later still."""
    september = first_day(school_year_of(today) + 1)
    due_on = task.due_on or today
    expected_on = max(september, due_on) if "after_september" in row else due_on
    expected_on += timedelta(days=row.get("after_september", row.get("after_due", 0)))
    expect(by, task, task.version, max(expected_on, today), INVENTED + row["reason"], at)
