"""The gaps of a county: its verdict beside the tasks that serve each item, and the forecast of the next school year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from tracker.models import NATIONAL, Contribution, Framework, Indicator, LinkState, Plan, PlanState, Task, db
from tracker.queries.forecasts import forecast_of
from tracker.queries.visibility import visible_to
from tracker.rules.gains import Mode
from tracker.rules.gaps import Gaps, LooseTask, Serving, gaps_of
from tracker.rules.lifecycle import State
from tracker.rules.lights import LightDates, light_on
from tracker.rules.permissions import Person
from tracker.rules.school_years import first_day, school_year_of
from tracker.rules.standard_reading import FrameworkContent, ItemContent, read_standard
from tracker.rules.standards import Standard
from tracker.rules.verdicts import Verdict


@dataclass(frozen=True)
class Board:
    """The gaps of a county as of a day, with the verdict they come from and the day that was looked ahead to."""

    verdict: Verdict
    gaps: Gaps
    horizon: date


def horizon_of(today: date) -> date:
    """How far the gaps look ahead: to the first day of the next school year."""
    return first_day(school_year_of(today) + 1)


def gaps_in(person: Person, region: str, today: date) -> Board:
    """The gaps of one county by the national standard, to which tasks are linked; in a constant number of questions.

    Tasks that the reader may not see keep their count. What units expect of their tasks comes before the deadlines.
    """
    standard, horizon = national_conditions(), horizon_of(today)
    ahead = forecast_of(standard, region, horizon, today, Mode.EXPECTED)
    serving, loose = tasks_by_item(person, region, standard, today)
    return Board(ahead.now, gaps_of(ahead.now, serving, loose, ahead), horizon)


def national_conditions() -> Standard:
    """The national standard as far as tasks are linked to it, items and conditions, in one question."""
    query = sa.select(Framework, Indicator).join(Indicator, Indicator.framework_id == Framework.id)
    rows = db.session.execute(query.where(Framework.code == NATIONAL).order_by(Indicator.position)).all()
    framework = rows[0][0]
    items = tuple(
        ItemContent(
            code=item.code,
            number=item.number,
            title=item.title,
            title_en=item.title_en or "",
            group=item.group,
            group_en=item.group_en or "",
            conditions=item.conditions,
        )
        for _framework, item in rows
    )
    name_en = framework.name_en or ""
    return read_standard(FrameworkContent(NATIONAL, framework.name, name_en, framework.terms, framework.figures, items))


def tasks_by_item(
    person: Person, region: str, standard: Standard, today: date
) -> tuple[dict[str, list[Serving]], list[LooseTask]]:
    """The tasks of a county by the code of the item that they serve, and those that serve none; only what is work.

    A task serves an item through the national indicator that it is, or as the item's own duty.
    """
    by_national: dict[str, list[str]] = defaultdict(list)
    for item in standard.items:
        by_national[item.code if standard.code == NATIONAL else item.national or ""].append(item.code)
    found: dict[str, dict[str, Serving]] = defaultdict(dict)
    loose = []
    for row in db.session.execute(_tasks(person, region)):
        task = _serving(row, today)
        served = by_national.get(row.national, []) if row.national else []
        for code in {*served, *([row.duty] if row.duty_list == standard.code else [])}:
            if not (code in found and task.key in found[code] and found[code][task.key].confirmed):
                found[code][task.key] = task
        if row.national is None:
            loose.append(LooseTask(task, row.no_indicator_reason))
    return {code: list(tasks.values()) for code, tasks in found.items()}, loose


def _tasks(person: Person, region: str) -> sa.Select[Any]:
    """Each task of a county once for each indicator that it serves, at least once: closed ones, and those of plans in
    force that are not suspended.
    """
    duty, duty_list, national = aliased(Indicator), aliased(Framework), aliased(Indicator)
    columns: list[Any] = [
        *(Task.key, Task.number, Task.title, Task.state, Task.due_on, Task.expected_on, Task.closed_on),
        *(Task.light_fixed, Task.late_from, Task.soon_from, Task.normal_from, Task.no_indicator_reason),
        *(Contribution.state.label("link"), national.code.label("national")),
        *(duty.code.label("duty"), duty_list.code.label("duty_list")),
        visible_to(person).label("is_shown"),
    ]
    is_work = sa.and_(Task.state != State.SUSPENDED, Plan.state == PlanState.ACTIVE)
    return (
        sa.select(*columns)
        .select_from(Task)
        .outerjoin(Contribution, Contribution.task_id == Task.id)
        .outerjoin(national, national.id == Contribution.indicator_id)
        .outerjoin(duty, duty.id == Task.duty_of_id)
        .outerjoin(duty_list, duty_list.id == duty.framework_id)
        .join(Plan, Plan.id == Task.plan_id)
        .where(Task.region_code == region, sa.or_(Task.state == State.CLOSED, is_work))
        .order_by(Task.plan_id, Task.position)
    )


def _serving(row: sa.Row[Any], today: date) -> Serving:
    dates = LightDates(row.light_fixed, row.late_from, row.soon_from, row.normal_from)
    return Serving(
        row.key,
        row.number,
        row.title,
        row.state,
        light_on(dates, today),
        row.due_on,
        row.expected_on,
        row.closed_on,
        confirmed=row.link is not LinkState.PROPOSED,
        is_shown=bool(row.is_shown),
    )
