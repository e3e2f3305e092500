"""The page of a plan with its tasks and the forms that add to it, and how the words of a deadline were read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from tracker.actions.plan_tasks import deadline_from, document_of
from tracker.documents.plan_shape import TaskSeed
from tracker.forms.many_tasks import ManyTasksForm
from tracker.forms.plan_tasks import NewTaskForm
from tracker.forms.plans import PlanActForm, PlanReasonForm
from tracker.forms.tasks import new_key
from tracker.models import Plan, PlanState, Task, TaskKind
from tracker.queries.imports import adopted_import_of
from tracker.queries.plan_lists import extent_of, tasks_of
from tracker.queries.plan_names import PlanNames, names_in_use, names_of
from tracker.rules.deadlines import Deadline
from tracker.views.words import day, doubt_text, quoted, word

LAST_NUMBER = re.compile(r"(.*?)(\d+)(\D*)")


@dataclass
class PlanForms:
    """The forms that come back on the page of a plan, by name, and what else it says."""

    add: NewTaskForm | None = None
    many: ManyTasksForm | None = None
    close: PlanReasonForm | None = None
    reopen: PlanReasonForm | None = None
    readings: list[str] = field(default_factory=list)
    added: str = ""
    problem: str = ""


def plan_page(plan: Plan, status: int = 200, back: PlanForms | None = None) -> ResponseReturnValue:
    """The page of a plan; a form that was not taken stands on it as it was filled in."""
    forms, tasks = back or PlanForms(), tasks_of(plan)
    names = names_of(plan) if plan.state is not PlanState.CLOSED else PlanNames({}, {}, {}, {})
    # Two forms of one page must not share an id.
    add, many = forms.add or next_task_form(plan, names, tasks), forms.many or many_form(plan, names, tasks)
    page = render_template(
        "plans/plan.html",
        plan=plan,
        tasks=tasks,
        add=_named(add, "add"),
        many=_named(many, "many"),
        close=_named(forms.close or PlanReasonForm(formdata=None, data={"version": plan.version}), "close"),
        reopen=_named(forms.reopen or PlanReasonForm(formdata=None, data={"version": plan.version}), "reopen"),
        act=PlanActForm(formdata=None, data={"version": plan.version}),
        back=forms,
        extent=extent_of(plan) if plan.state is PlanState.DRAFT else None,
        known_units=names_in_use(names.units.values()),
        reading=reading_of_task,
        document=adopted_import_of(plan),
    )
    return page, status


def _named(form: Any, prefix: str) -> Any:
    form.name_ids(prefix)
    return form


def next_task_form(plan: Plan, names: PlanNames, tasks: list[Task]) -> NewTaskForm:
    """An empty form for the next task, on the part, kind and phase of the last and with the number after its."""
    return NewTaskForm(plan, names, word, formdata=None, data=_after(tasks))


def many_form(plan: Plan, names: PlanNames, tasks: list[Task]) -> ManyTasksForm:
    """An empty form for many tasks."""
    return ManyTasksForm(plan, names, word, formdata=None, data=_after(tasks))


def _after(tasks: list[Task]) -> dict[str, Any]:
    """The values with which the next task begins."""
    last = tasks[-1] if tasks else None
    if last is None:
        return {"number": "1", "kind": TaskKind.MEASURE, "phase": "", "once": new_key()}
    return {
        "number": number_after(last.number),
        "section": " / ".join(last.section),
        "kind": last.kind,
        "phase": last.phase.number if last.phase else "",
        "once": new_key(),
    }


def number_after(number: str | None) -> str:
    """The number that follows: 018 after 017, 三-8 after 三-7; nothing after what ends in no digits."""
    found = LAST_NUMBER.fullmatch(number or "")
    if not found:
        return ""
    start, digits, end = found.groups()
    return f"{start}{int(digits) + 1:0{len(digits)}d}{end}"


def reading_of(plan: Plan, words: str | None) -> Deadline:
    """How the words of a deadline would be read in a plan."""
    return deadline_from(plan, words, document_of(plan))


def reading_text(read: Deadline) -> str:
    """How words were read, for people: the day, or that there is none, and what is doubtful."""
    said = _("读作 %(day)s", day=day(read.due_on)) if read.due_on else _("没有读出日期")
    if read.doubt:
        return _("；").join((said, doubt_text(read.doubt)))
    return said if read.due_on else _("读作长期或未定，没有固定日期")


def reading_of_task(task: Task) -> str:
    """How the deadline of a stored task was read."""
    doubt = task.deadline_doubt if task.needs_redate else None
    read = reading_text(Deadline("", task.deadline_precision, due_on=task.first_due_on, doubt=doubt))
    if task.due_on == task.first_due_on:
        return read
    return read + _("，现为 %(day)s", day=day(task.due_on) or _("无固定时限"))


def mark_of(reads: Iterable[Deadline]) -> str:
    """A short word for readings: a form that carries it has shown them."""
    return ",".join(f"{read.due_on or '-'}{'?' if read.doubt else ''}" for read in reads)


def unseen(plan: Plan, seeds: Iterable[TaskSeed], seen: str | None) -> tuple[str, list[str]] | None:
    """The readings that an active plan takes only once they were shown: their mark and words; None where all were."""
    if plan.state is not PlanState.ACTIVE:
        return None
    pairs = [(seed, reading_of(plan, seed.deadline)) for seed in seeds]
    mark = mark_of(read for _seed, read in pairs)
    if not mark or mark == seen:
        return None
    none = _("未写")
    return mark, [f"{seed.title}{_('：')}{quoted(seed.deadline or none)}{reading_text(read)}" for seed, read in pairs]
