"""The acts on a building project that have a form on its page: one line each, and when the page offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from tracker.forms.base import VersionedForm
from tracker.models import PlanState, Project, Task
from tracker.queries.visibility import scope_of
from tracker.rules.permissions import Can, Person, may

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


# Keyed by the endpoint that takes the form; the fields that outlive a session stand in ``views/typed.FIELDS``.
ACTS: dict[str, ProjectAct] = {}


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
