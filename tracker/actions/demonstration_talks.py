"""What people say to one another in the demonstration: parts accepted, extensions, waits, instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Protocol

import sqlalchemy as sa

from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.instructions import answer, instruct
from tracker.actions.receipts import accept_all
from tracker.actions.record import Actor
from tracker.actions.waits import Awaiting, wait
from tracker.clock import office_day
from tracker.models import Instruction, Task, Unit, db
from tracker.rules.extensions import Decision

INVENTED = "演示："  # stands in front of everything that is written in the demonstration
Act = Callable[[datetime], object]


class Speakers(Protocol):
    """Who speaks in a county: its office and leader, the staff by their unit, the units by name."""

    @property
    def office(self) -> Actor:
        """The plan office."""

    @property
    def leader(self) -> Actor:
        """A leader."""

    @property
    def staff(self) -> Mapping[int, Actor]:
        """The accounts of units."""

    @property
    def units(self) -> Mapping[str, Unit]:
        """The units by name."""


def acceptances(cast: Speakers, day: int) -> Iterator[tuple[int, Act]]:
    """Everybody with an account accepts what the plan gives their unit."""
    for staff in cast.staff.values():
        yield day, partial(accept_all, staff)


def talks(row: Mapping[str, Any], cast: Speakers, task: Task, today: date) -> Iterator[tuple[int, Act]]:
    """What is said about one task, by the day."""
    for day, (unit, wanted, reason, state) in row.get("extension", {}).items():
        wish = (today + timedelta(days=wanted), INVENTED + reason, INVENTED + state)
        yield day, partial(_ask, cast, task, cast.units[unit], wish)
    for day, (decision, words) in row.get("decided", {}).items():
        yield day, partial(_decide, cast, task, Decision(decision), INVENTED + words)
    for day, (unit, by, reason) in row.get("waits", {}).items():
        yield day, partial(_wait, cast, task, (cast.units[unit].id, cast.units[by].id, INVENTED + reason))
    for day, words in row.get("instruction", {}).items():
        yield day, partial(_instruct, cast, task, INVENTED + words)
        for unit, text in row.get("answered", {}).items():
            yield day, partial(_answer, cast, task, cast.units[unit], INVENTED + text)


def _ask(cast: Speakers, task: Task, unit: Unit, wish: tuple[date, str, str], at: datetime) -> None:
    wanted_on, reason, state = wish
    ask(cast.staff[unit.id], task, Wish(unit.id, wanted_on, reason, state, f"demo-{task.key}", task.version), at)


def _decide(cast: Speakers, task: Task, decision: Decision, words: str, at: datetime) -> None:
    decide(cast.office, task, Ruling(decision, words, task.version), at)


def _wait(cast: Speakers, task: Task, said: tuple[int, int, str], at: datetime) -> None:
    unit_id, by_unit_id, reason = said
    wait(cast.staff[by_unit_id], task, Awaiting(unit_id, by_unit_id, office_day(at), reason, task.version), at)


def _instruct(cast: Speakers, task: Task, words: str, at: datetime) -> None:
    leader = cast.leader.person
    instruct(cast.leader, task, leader.name if leader else "", words, f"demo-{task.key}", at)


def _answer(cast: Speakers, task: Task, unit: Unit, text: str, at: datetime) -> None:
    """A unit answers the leader's word on a task."""
    query = sa.select(Instruction).where(Instruction.task_id == task.id, Instruction.once == f"demo-{task.key}")
    said = db.session.scalars(query).one()
    answer(cast.staff[unit.id], said, [unit], unit.id, text, f"demo-{task.key}-{unit.id}", at)
