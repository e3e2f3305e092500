"""The acts on a building project that have a form on its page: one line each, and when the page offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from tracker.forms.base import VersionedForm
from tracker.forms.nodes import (
    AddNodeForm,
    ExpectNodeForm,
    FinishNodeForm,
    MoveNodeForm,
    PlanNodesForm,
    RemoveNodeForm,
    RenameNodeForm,
    UndoNodeForm,
)
from tracker.forms.tasks import OfficeForm
from tracker.models import PlanState, Project, Task
from tracker.queries.nodes import nodes_on, present_list
from tracker.queries.visibility import scope_of
from tracker.rules.lifecycle import State
from tracker.rules.nodes import list_text
from tracker.rules.permissions import Can, Person, may
from tracker.views.node_words import node_name

Typed = Mapping[str, str] | None


@dataclass(frozen=True)
class ProjectCase:
    """What decides whether an act is offered: the project with its task, who asks, and which row is open to be changed.

    ``edit`` names the row whose form stands open, such as ``node-12``.
    """

    task: Task
    project: Project
    person: Person
    today: date
    edit: str = ""


@dataclass(frozen=True)
class ProjectAct:
    """An act: who may do it, its form (empty, or filled with what was typed), and whether the case allows it."""

    can: Can
    form: Callable[[ProjectCase, Typed], VersionedForm]
    is_possible: Callable[[ProjectCase], bool] = lambda case: case.task.withdrawn_on is None


def _of_task(kind: type[OfficeForm], case: ProjectCase, typed: Typed) -> VersionedForm:
    """A form that asks nothing of the project but its version."""
    return kind(case.task, typed)


def _may_keep(case: ProjectCase) -> bool:
    return case.task.withdrawn_on is None and case.task.state is not State.SUSPENDED


def _has_nodes(case: ProjectCase) -> bool:
    return _may_keep(case) and bool(nodes_on(case.project))


# Keyed by the endpoint that takes the form; the fields that outlive a session stand in ``views/typed.FIELDS``.
ACTS: dict[str, ProjectAct] = {
    "nodes.plan": ProjectAct(
        Can.KEEP_PROJECT,
        lambda case, typed: PlanNodesForm(case.task, typed, rows=list_text(present_list(case.project))),
        _may_keep,
    ),
    "nodes.add": ProjectAct(
        Can.KEEP_PROJECT,
        lambda case, typed: AddNodeForm(case.task, typed, nodes_on(case.project), node_name),
        _has_nodes,
    ),
    "nodes.finish": ProjectAct(
        Can.KEEP_PROJECT, lambda case, typed: FinishNodeForm(case.task, typed, done_on=case.today), _has_nodes
    ),
    **{
        f"nodes.{name}": ProjectAct(Can.KEEP_PROJECT, partial(_of_task, form), _has_nodes)
        for name, form in {
            "move": MoveNodeForm,
            "expect": ExpectNodeForm,
            "undo": UndoNodeForm,
            "rename": RenameNodeForm,
            "remove": RemoveNodeForm,
        }.items()
    },
}


def acts_offered(case: ProjectCase) -> set[str]:
    """The acts that this person may do in the present state; a closed plan is read only."""
    if case.task.plan.state is PlanState.CLOSED:
        return set()
    scope = scope_of(case.task)
    return {name for name, act in ACTS.items() if may(case.person, act.can, scope) and act.is_possible(case)}


def form_of(name: str, case: ProjectCase, typed: Typed = None) -> VersionedForm:
    """The form of an act on the page, every field with an id of its own: the act's name, then the field's."""
    form = ACTS[name].form(case, typed)
    form.name_ids(name.replace(".", "-"))
    return form
