"""What two issues must say of a task so that they can be compared; ``queries/issue_lines.Line`` says all of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Protocol

from tracker.rules.issues import Frozen
from tracker.rules.lifecycle import State
from tracker.rules.lights import LightRule


class FrozenLine(Frozen, Protocol):
    """A task as an issue froze it, as far as a comparison asks."""

    @property
    def task_id(self) -> int:
        """Its id at that moment, which another task may have taken over since."""

    @property
    def task_key(self) -> str:
        """Its key, by which people name it."""

    @property
    def plan_code(self) -> str:
        """The plan in which it stood."""

    @property
    def position(self) -> int:
        """Its place among the lines of its issue."""

    @property
    def number(self) -> str | None:
        """Its number in the plan."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def unit_ids(self) -> Sequence[int]:
        """The ids of the units that answer for it; a renamed unit keeps its own."""

    @property
    def cooperating(self) -> Sequence[str]:
        """The units that help."""

    @property
    def waits_for(self) -> Sequence[str]:
        """The units for which it waits."""

    @property
    def indicators(self) -> Sequence[str]:
        """The codes of the national indicators that it serves."""

    @property
    def rule(self) -> LightRule | None:
        """The rule that lit its light."""

    @property
    def state(self) -> State:
        """Its state."""

    @property
    def due_on(self) -> date | None:
        """Its deadline in force."""

    @property
    def deadline_text(self) -> str | None:
        """The words of the document on its deadline."""

    @property
    def expected_on(self) -> date | None:
        """The day on which it is expected to be done."""

    @property
    def returned_on(self) -> date | None:
        """The day of its last return."""

    @property
    def closed_on(self) -> date | None:
        """The day of its closing."""

    @property
    def withdrawn_on(self) -> date | None:
        """The day on which it was taken out of its plan."""

    @property
    def days_late(self) -> int:
        """How many days late it is."""

    @property
    def extensions(self) -> int:
        """How often its deadline was moved because a unit asked for it, ever."""

    @property
    def redates(self) -> int:
        """How often the office re-dated or confirmed its deadline, ever."""

    @property
    def returns(self) -> int:
        """How often it was returned, ever."""

    @property
    def periods_missed(self) -> int:
        """How many of its periods nobody has reported."""

    @property
    def last_words(self) -> str | None:
        """What its unit said last."""

    @property
    def last_reported_at(self) -> datetime | None:
        """When its unit said so."""

    @property
    def project(self) -> dict[str, Any] | None:
        """Its building project, as ``rules/frozen_works.py`` writes it."""
