"""The acts on a building project that have a form on its page: one line each, and when the page offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from tracker.forms.base import VersionedForm
from tracker.forms.handovers import (
    AddHandoverForm,
    ChangeHandoverForm,
    HandOverForm,
    RemoveHandoverForm,
    values_of,
)
from tracker.forms.money import EntryForm, WithdrawEntryForm
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
from tracker.forms.photos import PhotosForm, WithdrawPhotoForm
from tracker.forms.project_facts import ContractForm, SiteForm
from tracker.forms.tasks import OfficeForm, new_key
from tracker.models import PlanState, Project, Task
from tracker.queries.nodes import nodes_on, present_list
from tracker.queries.visibility import scope_of
from tracker.rules.lifecycle import State
from tracker.rules.nodes import list_text
from tracker.rules.permissions import Can, Person, may
from tracker.rules.project_facts import ProjectFacts
from tracker.views.handover_acts import choices_of, opened
from tracker.views.node_words import node_name
from tracker.views.words import word

Typed = Mapping[str, str] | None


@dataclass(frozen=True)
class ProjectCase:
    """What decides whether an act is offered: the project with its task, who asks, and which row is open to be changed.

    ``edit`` names the row whose form stands open, such as ``node-12``; ``facts`` are its plain values.
    """

    task: Task
    project: Project
    person: Person
    today: date
    edit: str = ""
    facts: ProjectFacts | None = None

    def edited(self, what: str) -> int | None:
        """The number of the row of a kind whose form stands open, None where none does."""
        kind, _dash, number = self.edit.partition("-")
        return int(number) if kind == what and number.isascii() and number.isdigit() and len(number) < 10 else None


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
    return case.task.withdrawn_on is None and case.task.state not in {State.SUSPENDED, State.CLOSED}


def _has_nodes(case: ProjectCase) -> bool:
    return _may_keep(case) and bool(nodes_on(case.project))


def _has_schools(case: ProjectCase) -> bool:
    return _may_keep(case) and bool(case.project.schools)


def _has_handovers(case: ProjectCase) -> bool:
    return _has_schools(case) and any(part.handovers for part in case.project.schools)


def _of_handover(form: type[OfficeForm], names: tuple[str, ...]) -> Callable[[ProjectCase, Typed], VersionedForm]:
    """The form of the batch that stands open, filled with what is known of it."""

    def filled(case: ProjectCase, typed: Typed) -> VersionedForm:
        values = values_of(opened(case.project.schools, case.edit))
        return form(case.task, typed, **{name: values[name] for name in names if name in values})

    return filled


BATCH = ("about", "seats", "classes", "planned_on", "expected_on", "note")
# Keyed by the endpoint that takes the form; the fields that outlive a session stand in ``views/typed_fields.FIELDS``.
ACTS: dict[str, ProjectAct] = {
    "photos.add": ProjectAct(
        Can.KEEP_PROJECT,
        lambda case, typed: PhotosForm(case.task, typed, taken_on=case.today, once=new_key()),
    ),
    "photos.withdraw": ProjectAct(Can.KEEP_PROJECT, partial(_of_task, WithdrawPhotoForm)),
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
    "handovers.add": ProjectAct(
        Can.KEEP_PROJECT,
        lambda case, typed: AddHandoverForm(case.task, typed, choices_of(case.project.schools)),
        _has_schools,
    ),
    "handovers.change": ProjectAct(Can.KEEP_PROJECT, _of_handover(ChangeHandoverForm, BATCH), _has_handovers),
    "handovers.hand_over": ProjectAct(
        Can.KEEP_PROJECT, _of_handover(HandOverForm, ("about", "handed_on")), _has_handovers
    ),
    "handovers.remove": ProjectAct(Can.KEEP_PROJECT, _of_handover(RemoveHandoverForm, ("about",)), _has_handovers),
    "money.add": ProjectAct(Can.KEEP_PROJECT, lambda case, typed: EntryForm(word, case.today, case.task, typed)),
    "money.withdraw": ProjectAct(
        Can.KEEP_PROJECT, lambda case, typed: WithdrawEntryForm(case.task, typed, entry=case.edited("entry"))
    ),
    "project_facts.keep": ProjectAct(Can.KEEP_PROJECT, lambda case, typed: ContractForm(case.project, typed)),
    "project_facts.move_site": ProjectAct(
        Can.EDIT_PLAN,
        lambda case, typed: SiteForm(case.task, typed, site=case.project.site, town=case.project.town),
        lambda case: case.task.withdrawn_on is None and case.task.plan.state is PlanState.ACTIVE,
    ),
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
