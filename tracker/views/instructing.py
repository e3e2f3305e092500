"""批示 from the week's page: the form opens in place, under the row whose task the address names."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for

from tracker.forms.instructions import InstructForm, RecordInstructionForm
from tracker.models import PlanState
from tracker.queries.instructions import task_to_instruct
from tracker.queries.overview import Row
from tracker.rules.permissions import Can, Role, Scope, may
from tracker.views.access import person

KEPT = ("region", "plan", "place")  # what an address of the page says of what it shows


@dataclass(frozen=True)
class Instructing:
    """The ways to the form, and the form where it is open; ``key`` without a ``form`` is a task that takes none."""

    key: str | None = None
    form: InstructForm | None = None

    def at(self, key: str) -> str:
        """The address of this page with the form open under a task."""
        return _here(instruct=key)

    @property
    def back(self) -> str:
        """The address of this page with no form open, to which a sent one comes back."""
        return _here()


def instructing_on(rows: Iterable[Row]) -> Instructing | None:
    """What a page with some rows offers to a person who may instruct; None to everybody else."""
    if not may(person(), Can.INSTRUCT):
        return None
    key = request.args.get("instruct")
    if key not in {row.key for row in rows}:
        return Instructing()
    task = task_to_instruct(key)
    if task is None or task.plan.state is PlanState.CLOSED or not may(person(), Can.INSTRUCT, Scope(task.region_code)):
        return Instructing(key)
    form = RecordInstructionForm(task) if person().role is Role.PLAN_OFFICE else InstructForm(task)
    # The cursor stands where one writes; without it a reader of the keyboard would begin at the top of the page.
    first = form.leader_name if isinstance(form, RecordInstructionForm) else form.instruction
    first.render_kw = {**(first.render_kw or {}), "autofocus": True}
    return Instructing(key, form)


def _here(**more: str) -> str:
    kept = {name: request.args[name] for name in KEPT if name in request.args}
    values: dict[str, Any] = {**(request.view_args or {}), **kept, **more}
    return url_for(request.endpoint or "", **values)
