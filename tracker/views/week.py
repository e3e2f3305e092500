"""The page on which a unit says its week in one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker import clock
from tracker.actions.drafts import drop_draft
from tracker.actions.moves import RuleRefused, StaleTask, hold_tasks
from tracker.actions.tasks import Said, report
from tracker.forms.tasks import new_key
from tracker.forms.week import WeekRow
from tracker.models import Situation, Task, Unit, db
from tracker.queries.paging import Page
from tracker.queries.rows import TaskRow, task_rows
from tracker.queries.speakers import own_speakers_by_task
from tracker.queries.week import WEEK_SIZE, open_tasks, tasks_to_report
from tracker.rules.lifecycle import MoveRefused
from tracker.views.access import actor, own_units, person

FIELDS = ("version", "once", "situation", "text", "unit")


@dataclass(frozen=True)
class Line:
    """A row of the table: the task, its form, and what must be mended in it."""

    task: TaskRow
    form: WeekRow
    fault: str = ""


@dataclass
class Outcome:
    """What became of the rows that were filled in."""

    saved: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    is_stale: bool = False


def week_page(number: int) -> ResponseReturnValue:
    """A page of the table, worst first."""
    page = open_tasks(person(), clock.today(), number)
    choices = unit_choices([task.id for task in page.rows])
    lines = [Line(task, fresh_row(task, choices[task.id])) for task in page.rows]
    return table(Page(lines, page.total, page.number, page.size))


def save_week() -> ResponseReturnValue:
    """Report every row that was filled in, in one transaction; a row that is stale or refused stops no other."""
    tasks = sent_tasks()
    choices = unit_choices([task.id for task in tasks.values()])
    rows = {key: WeekRow(key, choices[task.id]) for key, task in tasks.items()}
    filled = {key: row for key, row in rows.items() if row.is_filled}
    outcome = Outcome()
    hold_tasks([tasks[key].id for key in filled])
    for key, row in filled.items():
        outcome.faults |= report_row(tasks[key], row, choices[tasks[key].id], outcome)
    db.session.commit()
    if outcome.saved:
        flash(_("已保存 %(saved)d 项", saved=outcome.saved))
    if filled and not outcome.faults:
        return redirect(url_for("work.work"))
    return back_again(filled, outcome)


def report_row(task: Task, row: WeekRow, units: list[tuple[int, str]], outcome: Outcome) -> dict[str, str]:
    """Report one row, or say what is wrong with it."""
    fault = row.fault()
    if fault:
        return {task.key: fault}
    said = Said(
        situation=Situation(row.situation.data),
        text=row.text.data or "",
        once=row.once.data or "",
        version=row.version.data or 0,
        unit_id=row.unit.data if "unit" in row else units[0][0],
    )
    try:
        with db.session.begin_nested():
            report(actor(), task, said, clock.now())
            drop_draft(person().id, task.id, "tasks.report")
    except StaleTask:
        outcome.is_stale = True
        return {task.key: _("在您填写期间已被他人更新，请对照上次进展后再提交")}
    except (MoveRefused, RuleRefused):
        return {task.key: _("任务当前不能再报进展，请打开任务查看")}
    outcome.saved += 1
    return {}


def back_again(filled: Mapping[str, WeekRow], outcome: Outcome) -> ResponseReturnValue:
    """The rows that were not saved with their words, on the present versions; all of them where none was filled in."""
    if not filled:
        flash(_("还没有填写任何一行。"), "bad")
        return redirect(url_for("work.week"))
    flash(_("%(count)d 项需要处理，内容还在表里。", count=len(outcome.faults)), "bad")
    rows = {row.key: row for row in task_rows([task.id for task in tasks_to_report(person(), list(outcome.faults))])}
    lines = []
    for key, fault in outcome.faults.items():
        filled[key].show_again(rows[key].version)
        lines.append(Line(rows[key], filled[key], fault))
    return table(Page(lines, len(lines), 1, WEEK_SIZE)), 409 if outcome.is_stale else 400


def table(page: Page[Line]) -> str:
    """The table of some rows."""

    def address_of_page(number: int) -> str:
        return url_for("work.week", page=number)

    return render_template("work/week.html", page=page, units=own_units(), address_of_page=address_of_page)


def sent_tasks() -> dict[str, Task]:
    """The tasks whose rows were sent, by key. Answers 400 to unknown fields and 404 to tasks that are not one's own."""
    keys: list[str] = []
    for name in request.form:
        key, _colon, part = name.rpartition(":")
        if name == "csrf_token":
            continue
        if not key or part not in FIELDS or len(request.form.getlist(name)) > 1:
            abort(400)
        if key not in keys:
            keys.append(key)
    tasks = {task.key: task for task in tasks_to_report(person(), keys)}
    if len(keys) > WEEK_SIZE or request.files:
        abort(400)
    if len(tasks) < len(keys):
        abort(404)
    return tasks


def fresh_row(task: TaskRow, units: list[tuple[int, str]]) -> WeekRow:
    """An empty row on the present version, with a key of its own."""
    return WeekRow(task.key, units, formdata=None, data={"version": task.version, "once": new_key()})


def unit_choices(task_ids: Sequence[int]) -> dict[int, list[tuple[int, str]]]:
    """In whose name each task may be reported."""
    units = own_units()
    speakers: Mapping[int, Sequence[Unit]] = own_speakers_by_task(task_ids, units)
    return {task_id: [(unit.id, unit.name) for unit in speakers.get(task_id, units)] for task_id in task_ids}
