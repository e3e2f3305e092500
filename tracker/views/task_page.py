"""The page of a task with its forms; a form that was not taken comes back on it as it was filled in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from typing import Any, TypeVar

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from tracker import clock
from tracker.actions.drafts import drop_draft
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.actions.slips import SLIP
from tracker.actions.tasks import KeptFile
from tracker.forms.base import VersionedForm
from tracker.forms.tasks import new_key
from tracker.models import Draft, Task, Unit, db
from tracker.queries.asked import asked_from
from tracker.queries.contacts import contacts_of, reads_phones_of
from tracker.queries.drafts import drafts_on
from tracker.queries.handlers import may_be_handlers
from tracker.queries.instructions import answerers, instructions_on
from tracker.queries.links import STAGES, Choices, choices_in
from tracker.queries.parts import parts_of, speakers_of
from tracker.queries.periods import last_periods
from tracker.queries.receipts import parts_of_task
from tracker.queries.related import related_to
from tracker.queries.reports import has_said_done, undoable_of
from tracker.queries.speakers import own_speakers
from tracker.queries.task import project_of, reports_of
from tracker.queries.timeline import Entry, Timeline, deadline_moves, timeline
from tracker.queries.visibility import scope_of
from tracker.queries.waits import open_on
from tracker.rules.permissions import Can, Role, may
from tracker.views.access import load_task, own_units, person
from tracker.views.addresses import safe_target
from tracker.views.task_acts import ACTS, Case, acts_offered, form_of, ids_of
from tracker.views.typed import Typed, taken, typed_now

MOST_CHANGES = 3  # acts of others on the page of a stale act
Form = TypeVar("Form", bound=VersionedForm)


def choices_of(task: Task) -> Callable[[], Choices]:
    """What the office may choose from for the links of a task: asked once, and only where a form is open."""
    return cache(lambda: choices_in(task.region_code, task.plan.framework_id))


def edit_address(task: Task) -> Callable[[str], str]:
    """The address that opens the form of a link or an addition on the page of its task."""
    return lambda what: url_for("tasks.task", key=task.key, edit=what, _anchor=what if what != "new" else "brings")


# What the pieces of the page ask besides, by the name under which their templates read it.
QUESTIONS: dict[str, Callable[[Task], Any]] = {
    "instructions": instructions_on,
    "answerers": lambda task: answerers(task, own_units()),
    "handlers": may_be_handlers,
    "new_key": lambda task: new_key,
    # Beside an open form of a link, which asks for its choices, nothing else is looked up.
    "related": lambda task: [] if request.args.get("edit") else related_to(person(), task, clock.today()),
    "contacts": lambda task: contacts_of(person(), task),
    "reads_phones": lambda task: partial(reads_phones_of, person()),
    "last_periods": last_periods,
    "choices": choices_of,
    "edit_at": edit_address,
    "stages": lambda task: STAGES,
}
# A word in the address that opens the form of an act, so that a link lands on it.
OPENED_BY = {"report": "tasks.report", "instruct": "instructions.instruct", "answer": "instructions.answer"}


@dataclass(frozen=True)
class Back:
    """A form that comes back: of which act, what was typed, the version it was filled in on where that is stale."""

    act: str
    form: VersionedForm
    typed: Typed | None
    since: int | None = None
    files: Sequence[KeptFile] = ()
    draft: Draft | None = None


def refused(form: VersionedForm, since: int | None = None, files: Sequence[KeptFile] = ()) -> Back:
    """The form of this request, to be shown again."""
    return Back(request.endpoint or "", form, typed_now(), since, files)


def carried(case: Case) -> Back | None:
    """The form that a new sign-in has carried to this task."""
    typed = taken(case.task.key, ACTS)
    return Back(typed.act, form_of(typed.act, case, typed.values), typed) if typed else None


def drafted(case: Case) -> Back | None:
    """The form in which this person left words the last time."""
    for draft in drafts_on(case.person.id, case.task.id):
        if draft.act in ACTS:
            typed = Typed(draft.act, case.task.key, draft.words)
            return Back(draft.act, form_of(draft.act, case, draft.words), typed, draft=draft)
    return None


def act_on_task(
    key: str, can: Can, form_kind: type[Form], do: Callable[[Task, Form, datetime], str]
) -> ResponseReturnValue:
    """Load and allow, read the form, act, commit, go back; a refused or stale form comes back with all its words.

    ``do`` acts and returns the line of confirmation.
    """
    task, form = load_task(key, can), form_kind()
    if not form.is_sent():
        return task_page(task, 400, refused(form))
    try:
        said = do(task, form, clock.now())
    except StaleTask:
        return stale_act(key, can, form)
    except RuleRefused as refusal:
        if not form.takes(refusal.reason):
            raise
        db.session.rollback()
        return task_page(load_task(key, can), 400, refused(form))
    drop_draft(person().id, task.id, request.endpoint or "")
    db.session.commit()
    flash(said)
    return redirect(where_to(key))


def where_to(key: str) -> str:
    """Where an act on a task leads: back to the list it was done from, else to the page of the task."""
    return safe_target(request.args.get("next")) if "next" in request.args else url_for("tasks.task", key=key)


def task_page(task: Task, status: int = 200, back: Back | None = None) -> ResponseReturnValue:
    """The page of a task, with the forms that this person may use."""
    reports = reports_of(task)
    speakers = speakers_for(task)
    scope = scope_of(task)
    history = timeline(task, reports, with_mails=may(person(), Can.SEE_OUTBOX, scope))
    case = Case(
        task,
        parts_of(task, reports),
        person(),
        speakers,
        clock.today(),
        asked_from(task, reports, speakers),
        [entry.said.get("colour", "") for entry in history.entries if entry.act == SLIP],
        given=parts_of_task(task),
        pending=open_on(task),
        is_own_entry=has_said_done(reports, person()),
    )
    if request.method == "GET":
        back = carried(case) or drafted(case)
    offered = acts_offered(case)
    page = render_template(
        "tasks/task.html",
        task=task,
        case=case,
        project=project_of(task) if task.kind == "project" else None,
        parts=case.parts,
        speakers=speakers_of(task),
        own_speakers=case.speakers,
        asked=case.asked,
        history=history,
        moves=deadline_moves(history),
        changes=changes_since(history, back),
        undoable=undoable_of(reports, person(), clock.now()),
        allowed={can for can in Can if may(person(), can, scope)},
        offered=offered,
        forms=forms_of(case, offered, back),
        back=back,
        to_copy=back.typed if back and back.act not in offered else None,
        open_act=back.act if back else next((act for name, act in OPENED_BY.items() if name in request.args), ""),
        # A form that was refused leads on to where it came from once it is taken.
        next_page=request.args.get("next") if request.method == "POST" else None,
        Can=Can,
        **{name: ask(task) for name, ask in QUESTIONS.items()},
    )
    return page, status


def forms_of(case: Case, offered: set[str], back: Back | None) -> dict[str, VersionedForm]:
    """The forms that people write in: empty ones on the present version, and the one that came back."""
    forms = {name: form_of(name, case) for name in offered}
    if back:
        back.form.name_ids(ids_of(back.act))
        forms[back.act] = back.form
    return forms


def changes_since(history: Timeline, back: Back | None) -> Sequence[Entry]:
    """What others did since a stale form was opened, newest first: the acts that left a later version."""
    if back is None or back.since is None:
        return ()
    return [entry for entry in history.entries if entry.version > back.since][:MOST_CHANGES]


def speakers_for(task: Task) -> list[Unit]:
    """The units in whose name this person may speak of a task: their own with a part in it, for the office all.

    Staff who may report always have one: a part of theirs is what lets them.
    """
    return speakers_of(task) if person().role is Role.PLAN_OFFICE else own_speakers(task, own_units())


def unit_spoken_for(task: Task, chosen: int | None, among: Collection[int]) -> int | None:
    """In the name of which of some units this person speaks: the one chosen, or the only one; None for nobody else's.

    The office speaks for no unit here: only staff have units of their own. Raises RuleRefused('which_unit') where
    there are several and none is chosen.
    """
    own = [unit.id for unit in own_speakers(task, own_units()) if unit.id in among]
    if chosen is None and len(own) > 1:
        raise RuleRefused("which_unit")
    if chosen is None:
        return own[0] if own else None
    return chosen if chosen in own else None


def stale_act(key: str, can: Can, form: VersionedForm) -> ResponseReturnValue:
    """409: what another has done meanwhile above the form of the office, with the reason still in it."""
    since = form.version.data
    db.session.rollback()
    task = load_task(key, can)
    form.show_again(task.version)
    return task_page(task, 409, refused(form, since))
