"""The page of a task with its forms; a form that was not taken comes back on it as it was filled in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from tracker.actions.tasks import KeptFile
from tracker.forms.base import VersionedForm
from tracker.forms.tasks import ReasonForm, RedateForm, ReportForm, VerifyForm
from tracker.models import PlanState, Task, Unit, db
from tracker.queries.parts import parts_of, speakers_of
from tracker.queries.speakers import own_speakers
from tracker.queries.task import Entry, project_of, reports_of, timeline
from tracker.queries.visibility import scope_of
from tracker.rules.lifecycle import State
from tracker.rules.parts import Parts
from tracker.rules.permissions import Can, Role, may
from tracker.views.access import load_task, own_units, person
from tracker.views.typed import Typed, taken, typed_now

MOST_CHANGES = 3  # acts of others on the page of a stale act


@dataclass(frozen=True)
class Back:
    """A form that comes back: of which act, what was typed, the version it was filled in on where that is stale."""

    act: str
    form: VersionedForm
    typed: Typed | None
    since: int | None = None
    files: Sequence[KeptFile] = ()


def refused(form: VersionedForm, since: int | None = None, files: Sequence[KeptFile] = ()) -> Back:
    """The form of this request, to be shown again."""
    return Back(request.endpoint or "", form, typed_now(), since, files)


def carried(task: Task, speakers: Sequence[Unit]) -> Back | None:
    """The form that a new sign-in has carried to this task."""
    typed = taken(task.key)
    if typed is None:
        return None
    if typed.act == "tasks.report":
        return Back(typed.act, ReportForm(task, speakers, typed.values), typed)
    form = RedateForm if typed.act == "tasks.redate" else ReasonForm
    return Back(typed.act, form(task, typed.values), typed)


def task_page(task: Task, status: int = 200, back: Back | None = None) -> ResponseReturnValue:
    """The page of a task, with the forms that this person may use."""
    reports, speakers = reports_of(task), speakers_for(task)
    scope = scope_of(task)
    allowed = {can for can in (Can.REPORT, Can.VERIFY, Can.REDATE) if may(person(), can, scope)}
    if request.method == "GET":
        back = carried(task, speakers)
    parts, entries = parts_of(task, reports), timeline(task, reports)
    offered = acts_offered(task, allowed, parts)
    page = render_template(
        "tasks/task.html",
        task=task,
        project=project_of(task) if task.kind == "project" else None,
        parts=parts,
        speakers=speakers_of(task),
        entries=entries,
        changes=changes_since(task, entries, back),
        allowed=allowed,
        offered=offered,
        back=back,
        to_copy=back.typed if back and back.act not in offered else None,
        open_act=back.act if back else "tasks.report" if "report" in request.args else "",
        verify_form=VerifyForm(task),
        **forms_of(task, speakers, back),
        Can=Can,
    )
    return page, status


def forms_of(task: Task, speakers: Sequence[Unit], back: Back | None) -> dict[str, VersionedForm]:
    """The forms that people write in: empty ones on the present version, and the one that came back."""
    forms: dict[str, VersionedForm] = {
        "report_form": ReportForm(task, speakers),
        "reason_form": ReasonForm(task),
        "redate_form": RedateForm(task, due_on=task.due_on),
    }
    names = {"tasks.report": "report_form", "tasks.redate": "redate_form"}
    return forms | ({names.get(back.act, "reason_form"): back.form} if back else {})


def acts_offered(task: Task, allowed: set[Can], parts: Parts) -> set[str]:
    """The acts with words that this person may do in the present state; a closed plan is read only."""
    if task.plan.state is PlanState.CLOSED:
        return set()
    possible = {
        "tasks.report": Can.REPORT in allowed and task.state in {State.NOT_STARTED, State.IN_PROGRESS},
        "tasks.send_back": Can.VERIFY in allowed and task.state is State.SUBMITTED,
        "tasks.close_in_part": Can.VERIFY in allowed
        and task.state is State.IN_PROGRESS
        and bool(parts.said)
        and not parts.has_lead,
        "tasks.redate": Can.REDATE in allowed and task.state not in {State.CLOSED, State.SUSPENDED},
    }
    return {act for act, is_possible in possible.items() if is_possible}


def changes_since(task: Task, entries: Sequence[Entry], back: Back | None) -> Sequence[Entry]:
    """What others did since a stale form was opened, newest first; every act raises the version by one."""
    missed = task.version - back.since if back and back.since is not None else 0
    return entries[: min(max(0, missed), MOST_CHANGES)]


def speakers_for(task: Task) -> list[Unit]:
    """The units in whose name this person may speak of a task: their own with a part in it, for the office all.

    Staff who may report always have one: a part of theirs is what lets them.
    """
    return speakers_of(task) if person().role is Role.PLAN_OFFICE else own_speakers(task, own_units())


def stale_act(key: str, can: Can, form: VersionedForm) -> ResponseReturnValue:
    """409: what another has done meanwhile above the form of the office, with the reason still in it."""
    since = form.version.data
    db.session.rollback()
    task = load_task(key, can)
    form.show_again(task.version)
    return task_page(task, 409, refused(form, since))
