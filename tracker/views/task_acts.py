"""The acts on a task that have a form on its page: one line each, and when the page offers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from tracker.forms.base import OnceForm, VersionedForm
from tracker.forms.expectations import ExpectForm
from tracker.forms.extensions import DecideForm, ExtensionForm
from tracker.forms.handlers import HandlerForm
from tracker.forms.instructions import AnswerForm, InstructForm, RecordInstructionForm
from tracker.forms.links import (
    AdditionForm,
    ChangeAdditionForm,
    ChangeLinkForm,
    ConfirmForm,
    DismissForm,
    LinkForm,
    RemoveLinkForm,
)
from tracker.forms.periods import rhythm_form
from tracker.forms.receipts import AcceptForm, AskAgainForm, ReturnPartForm
from tracker.forms.slips import SlipForm
from tracker.forms.tasks import OfficeForm, ReasonForm, RedateForm, ReportForm, VerifyForm, new_key
from tracker.forms.waits import EndWaitForm, WaitForm
from tracker.models import PlanState, Task, Unit
from tracker.queries.asked import Asked
from tracker.queries.instructions import answerers
from tracker.queries.parts import speakers_of
from tracker.queries.receipts import Part
from tracker.queries.visibility import scope_of
from tracker.queries.waits import Pending
from tracker.rules.expectations import EXPECTED_IN
from tracker.rules.extensions import why_not_ask
from tracker.rules.lifecycle import State
from tracker.rules.parts import Parts
from tracker.rules.permissions import Can, Person, Role, may
from tracker.rules.receipts import PartState
from tracker.rules.slips import proposed_colour

Typed = Mapping[str, str] | None


@dataclass(frozen=True)
class Case:
    """What decides whether an act is offered: the task, its parts, who asks and for which units they may speak."""

    task: Task
    parts: Parts
    person: Person
    speakers: Sequence[Unit]
    today: date
    asked: Asked
    slips: Sequence[str] = ()
    given: Sequence[Part] = ()
    pending: Pending = field(default_factory=Pending)
    is_own_entry: bool = False

    @property
    def own_parts(self) -> list[Part]:
        """The parts that units of this person have to accept or return."""
        own = {unit.id for unit in self.speakers} if self.person.role is Role.UNIT_STAFF else set()
        return [part for part in self.given if part.unit_id in own]

    @property
    def answering(self) -> list[tuple[int, str]]:
        """The units of this person that answer for the task, to choose from."""
        if self.person.role is not Role.UNIT_STAFF:
            return []
        return [(unit.id, unit.name) for unit in self.speakers if unit.id in self.parts.answering]

    @property
    def awaitable(self) -> list[tuple[int, str]]:
        """The other units of the task for which it does not wait yet, to choose from."""
        own = {unit_id for unit_id, _ in self.answering} if len(self.answering) == 1 else set()
        kept = own | {wait.unit_id for wait in self.pending.waits}
        return [(unit.id, unit.name) for unit in speakers_of(self.task) if unit.id not in kept]

    @property
    def returned(self) -> list[Part]:
        """The parts that their units gave back to the office."""
        return [part for part in self.given if part.state is PartState.RETURNED]


@dataclass(frozen=True)
class TaskAct:
    """An act: who may do it, its form (empty, or filled with what was typed), and whether the case allows it."""

    can: Can
    form: Callable[[Case, Typed], VersionedForm]
    is_possible: Callable[[Case], bool]


def _in(*states: State) -> Callable[[Case], bool]:
    return lambda case: case.task.state in states


def _may_close_in_part(case: Case) -> bool:
    parts = case.parts
    return case.task.state is State.IN_PROGRESS and bool(parts.said) and not parts.has_lead and not case.is_own_entry


def _speaks_for_a_part(case: Case) -> bool:
    own = {unit.id for unit in case.speakers}
    return any(each.unit_id in own for each in case.task.assignments)


def _of_task(kind: type[OfficeForm], case: Case, typed: Typed) -> VersionedForm:
    """A form that takes nothing but the task; one that makes a row gets a key of its own."""
    return kind(case.task, typed, **({"once": new_key()} if issubclass(kind, OnceForm) else {}))


def _reason(case: Case, typed: Typed) -> VersionedForm:
    return ReasonForm(case.task, typed)


def _instruct(case: Case, typed: Typed) -> VersionedForm:
    form = RecordInstructionForm if case.person.role is Role.PLAN_OFFICE else InstructForm
    return form(case.task, typed)


def _may_ask_extension(case: Case) -> bool:
    refusal = why_not_ask(case.task.due_on, case.today, case.pending.extension is not None, case.task.held_days)
    return OPEN(case) and bool(case.answering) and refusal is None


def _may_wait(case: Case) -> bool:
    return OPEN(case) and bool(case.answering) and bool(case.awaitable)


OPEN = _in(State.NOT_STARTED, State.IN_PROGRESS)
# Keyed by the endpoint that takes the form; the fields that outlive a session stand in ``views/typed_fields.FIELDS``.
ACTS: dict[str, TaskAct] = {
    "tasks.report": TaskAct(
        Can.REPORT, lambda case, typed: ReportForm(case.task, case.speakers, typed, case.asked), OPEN
    ),
    "tasks.verify": TaskAct(
        Can.VERIFY,
        lambda case, typed: VerifyForm(case.task, typed),
        lambda case: case.task.state is State.SUBMITTED and not case.is_own_entry,
    ),
    "tasks.send_back": TaskAct(Can.VERIFY, _reason, _in(State.SUBMITTED)),
    "tasks.close_in_part": TaskAct(Can.VERIFY, _reason, _may_close_in_part),
    "instructions.instruct": TaskAct(Can.INSTRUCT, _instruct, lambda case: True),
    "instructions.answer": TaskAct(
        Can.ANSWER,
        lambda case, typed: AnswerForm(case.task, typed),
        lambda case: bool(answerers(case.task, case.speakers)),
    ),
    "tasks.reopen": TaskAct(Can.VERIFY, _reason, _in(State.CLOSED)),
    "tasks.suspend": TaskAct(Can.VERIFY, _reason, OPEN),
    "tasks.resume": TaskAct(
        Can.VERIFY, _reason, lambda case: case.task.state is State.SUSPENDED and case.task.withdrawn_on is None
    ),
    "periods.set_rhythm": TaskAct(Can.REDATE, lambda case, typed: rhythm_form(case.task, typed, case.today), OPEN),
    "slips.draw_up": TaskAct(
        Can.URGE, lambda case, typed: SlipForm(case.task, typed, proposed_colour(case.slips)), OPEN
    ),
    "handlers.name": TaskAct(Can.NAME_HANDLER, lambda case, typed: HandlerForm(case.task, typed), _speaks_for_a_part),
    "tasks.redate": TaskAct(
        Can.REDATE,
        lambda case, typed: RedateForm(case.task, typed, due_on=case.task.due_on),
        _in(State.NOT_STARTED, State.IN_PROGRESS, State.SUBMITTED),
    ),
    "plan_tasks.withdraw": TaskAct(
        Can.EDIT_PLAN,
        _reason,
        lambda case: case.task.withdrawn_on is None and case.task.state not in {State.SUBMITTED, State.CLOSED},
    ),
    "plan_tasks.restore": TaskAct(Can.EDIT_PLAN, _reason, lambda case: case.task.withdrawn_on is not None),
    "receipts.accept": TaskAct(
        Can.ACCEPT,
        lambda case, typed: AcceptForm(case.task, typed),
        lambda case: any(part.state is not PartState.ACCEPTED for part in case.own_parts),
    ),
    "receipts.return_part": TaskAct(
        Can.ACCEPT,
        lambda case, typed: ReturnPartForm(case.task, typed),
        lambda case: any(part.may_be_returned for part in case.own_parts),
    ),
    "receipts.ask_again": TaskAct(
        Can.URGE, lambda case, typed: AskAgainForm(case.task, typed), lambda case: bool(case.returned)
    ),
    "extensions.ask": TaskAct(
        Can.ASK_EXTENSION,
        lambda case, typed: ExtensionForm(case.task, typed, once=new_key()),
        _may_ask_extension,
    ),
    "extensions.decide": TaskAct(
        Can.REDATE,
        lambda case, typed: DecideForm(case.task, typed),
        lambda case: case.pending.extension is not None,
    ),
    "waits.wait": TaskAct(Can.REPORT, lambda case, typed: WaitForm(case.task, typed, since=case.today), _may_wait),
    "waits.end": TaskAct(
        Can.REPORT,
        lambda case, typed: EndWaitForm(case.task, typed),
        lambda case: OPEN(case) and bool(case.answering) and bool(case.pending.waits),
    ),
    "expectations.expect": TaskAct(
        Can.EXPECT,
        lambda case, typed: ExpectForm(case.task, typed, expected_on=case.task.expected_on),
        lambda case: case.task.state in EXPECTED_IN,
    ),
    **{
        f"links.{name}": TaskAct(Can.EDIT_PLAN, partial(_of_task, form), lambda case: case.task.withdrawn_on is None)
        for name, form in {
            "confirm": ConfirmForm,
            "add_link": LinkForm,
            "change_link": ChangeLinkForm,
            "remove_link": RemoveLinkForm,
            "add_addition": AdditionForm,
            "change_addition": ChangeAdditionForm,
            "dismiss_addition": DismissForm,
        }.items()
    },
}


def acts_offered(case: Case) -> set[str]:
    """The acts that this person may do in the present state; a closed plan is read only."""
    if case.task.plan.state is PlanState.CLOSED:
        return set()
    scope = scope_of(case.task)
    return {name for name, act in ACTS.items() if may(case.person, act.can, scope) and act.is_possible(case)}


def form_of(name: str, case: Case, typed: Typed = None) -> VersionedForm:
    """The form of an act on the page, every field with an id of its own: the act's name, then the field's."""
    form = ACTS[name].form(case, typed)
    form.name_ids(ids_of(name))
    return form


def ids_of(name: str) -> str:
    """The first part of the ids of a form: ``report`` for ``tasks.report``."""
    return name.removeprefix("tasks.").replace(".", "-")
