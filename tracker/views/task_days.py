"""任务某日状态: what a task was at the end of a past day."""

from __future__ import annotations

from datetime import date, timedelta

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.queries.task_days import FrozenLine, began_at, task_on
from tracker.rules.permissions import Can, is_within, may
from tracker.views.access import load_task, needs, person

place = Blueprint("task_days", __name__)


@place.get("/tasks/<key>/on")
@needs(Can.SEE_TASK)
def choose(key: str) -> ResponseReturnValue:
    """Lead from the chooser to the day that was chosen, without one to today."""
    load_task(key, Can.SEE_TASK)
    asked = request.args.get("day")
    day = day_from(asked) if asked else clock.today()
    return redirect(url_for("task_days.day", key=key, day=day.isoformat()))


@place.get("/tasks/<key>/on/<day>")
@needs(Can.SEE_TASK)
def day(key: str, day: str) -> ResponseReturnValue:
    """State, deadline, light, units and words of a task at the end of a day; 404 for what is no day."""
    task, asked = load_task(key, Can.SEE_TASK), day_from(day)
    is_coming = asked > clock.today()
    found = None if is_coming else task_on(task, asked)
    return render_template(
        "tasks/day.html",
        task=task,
        day=asked,
        last=clock.today(),
        found=found,
        began=None if found or is_coming else began_at(task),
        is_coming=is_coming,
        earlier=beside(asked, -1),
        later=beside(asked, 1),
        sees_issue=found is not None and sees_issue_of(found.line),
    )


def sees_issue_of(line: FrozenLine | None) -> bool:
    """Whether the reader may open the issue: a county does not read that of the places above it."""
    return line is not None and may(person(), Can.SEE_OVERVIEW) and is_within(line.region_code, person().region)


def day_from(text: str) -> date:
    """A day as 2026-03-06; 404 for anything else."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        abort(404)
    return found if found.isoformat() == text else abort(404)


def beside(day: date, step: int) -> date | None:
    """The day before or after, None beyond the calendar and in the future."""
    try:
        found = day + timedelta(days=step)
    except OverflowError:
        return None
    return found if found <= clock.today() else None
