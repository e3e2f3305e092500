"""The page of a building project with its forms; a form that was not taken comes back on it as it was filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm.attributes import set_committed_value

from tracker import clock
from tracker.actions.moves import RuleRefused, StaleTask
from tracker.forms.base import VersionedForm
from tracker.models import Project, db
from tracker.queries.costs import beside
from tracker.queries.nodes import nodes_shown
from tracker.queries.project_facts import facts_of
from tracker.queries.task import project_of
from tracker.rules.permissions import Can
from tracker.rules.project_facts import ProjectFacts
from tracker.rules.strips import large_strip
from tracker.views.access import load_task, person
from tracker.views.handover_acts import part_name
from tracker.views.money_panel import money_panel
from tracker.views.node_words import node_name
from tracker.views.photo_board import may_withdraw, photo_board
from tracker.views.project_acts import ACTS, ProjectCase, acts_offered, form_of
from tracker.views.typed import Typed, taken, typed_now
from tracker.views.uploads import carried_files, takes_files

Form = TypeVar("Form", bound=VersionedForm)
# What the address calls a row of the page whose forms stand open, by the place of its forms.
ROWS = {"nodes": "node", "handovers": "handover"}
# What the pieces of the page ask besides, by the name under which their templates read it.
QUESTIONS: dict[str, Callable[[ProjectCase], Any]] = {
    "photo_board": lambda case: photo_board(case.project),
    "may_withdraw": lambda case: may_withdraw,
    "nodes": lambda case: nodes_shown(case.project, case.edit),
    "handed_parts": lambda case: case.project.schools,
    "money": money_panel,
    "beside": lambda case: beside(case.project, case.person),
}


@dataclass(frozen=True)
class Back:
    """A form that comes back: of which act, and what was typed."""

    act: str
    form: VersionedForm
    typed: Typed | None
    is_stale: bool = False


def load_project(key: str, can: Can) -> Project:
    """A building project by the key of its task. 404 where it may not be seen or builds nothing, 403 where not done."""
    task = load_task(key, can)
    project = project_of(task)
    if project is None:
        abort(404)
    # The session forgets what nobody holds: the project holds its task, with all that was asked for with it.
    set_committed_value(project, "task", task)
    return project


def act_on_project(
    key: str, can: Can, form_kind: Callable[[Project], Form], do: Callable[[Project, Form, datetime], str], part: str
) -> ResponseReturnValue:
    """Load and allow, read the form, act, commit, go back to a part of the page; a refused form keeps all its words.

    ``do`` acts and returns the line of confirmation; what a form brings in files, ``carried_files`` gives it.
    """
    project = load_project(key, can)
    form = form_kind(project)
    # Files are kept even where the words are refused: nobody sends them twice.
    if not all([form.is_sent(), takes_files(form)]):
        return project_page(project, 400, refused(form))
    try:
        said = do(project, form, clock.now())
    except StaleTask:
        return stale_act(key, can, form)
    except RuleRefused as refusal:
        if not form.takes(refusal.reason):
            raise
        db.session.rollback()
        return project_page(load_project(key, can), 400, refused(form))
    db.session.commit()
    flash(said)
    return redirect(url_for("projects.project", key=key, _anchor=part))


def refused(form: VersionedForm, is_stale: bool = False) -> Back:
    """The form of this request, to be shown again."""
    return Back(request.endpoint or "", form, typed_now(), is_stale)


def stale_act(key: str, can: Can, form: VersionedForm) -> ResponseReturnValue:
    """409: the page as others have left it, and the form with everything typed still in it."""
    db.session.rollback()
    project = load_project(key, can)
    form.show_again(project.task.version)
    return project_page(project, 409, refused(form, is_stale=True))


def carried(case: ProjectCase) -> Back | None:
    """The form that a new sign-in has carried to this project."""
    typed = taken(case.task.key, ACTS)
    return Back(typed.act, form_of(typed.act, case, typed.values), typed) if typed else None


def row_of(back: Back) -> str:
    """The row that a form which comes back is about, as an address opens it; empty where it is about none."""
    row = ROWS.get(back.act.split(".")[0])
    about = back.form["about"].data if row and "about" in back.form else None
    return f"{row}-{about}" if about else ""


def project_page(project: Project, status: int = 200, back: Back | None = None) -> ResponseReturnValue:
    """The page of a project, with the forms that this person may use."""
    today = clock.today()
    facts = facts_of(project.task_id, today)
    case = ProjectCase(project.task, project, person(), today, request.args.get("edit", ""), facts)
    if request.method == "GET":
        back = carried(case)
    if back and (row := row_of(back)):
        case = replace(case, edit=row)
    offered = acts_offered(case)
    forms = {name: form_of(name, case) for name in offered}
    if back:
        back.form.name_ids(back.act.replace(".", "-"))
        forms[back.act] = back.form
    page = render_template(
        "projects/project.html",
        project=project,
        task=project.task,
        facts=facts,
        milestones=large_strip(named(facts), case.today) if facts else None,
        case=case,
        part_name=part_name,
        offered=offered,
        forms=forms,
        back=back,
        to_copy=back.typed if back and back.act not in offered else None,
        open_act=back.act if back else "",
        kept_files=carried_files(back.form) if back else [],
        edit_at=lambda what: url_for("projects.project", key=project.task.key, edit=what, _anchor=what),
        **{name: ask(case) for name, ask in QUESTIONS.items()},
    )
    return page, status


def named(facts: ProjectFacts) -> ProjectFacts:
    """A project with the names of its nodes in the reader's language."""
    return replace(facts, nodes=tuple(replace(node, name=node_name(node.name)) for node in facts.nodes))
