"""What people say to one another in the demonstration: parts accepted, extensions, waits, instructions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Protocol

from tracker.actions.extensions import Ruling, Wish, ask, decide
from tracker.actions.instructions import answer, instruct
from tracker.actions.receipts import accept_all
from tracker.actions.record import Actor
from tracker.actions.waits import Awaiting, wait
from tracker.models import Task, Unit
from tracker.rules.extensions import Decision

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
        yield day, partial(_ask, cast, task, cast.units[unit], (today + timedelta(days=wanted), reason, state))
    for day, (decision, words) in row.get("decided", {}).items():
        yield day, partial(_decide, cast, task, Decision(decision), words)
    for day, (unit, by, reason) in row.get("waits", {}).items():
        said = (cast.units[unit].id, cast.units[by].id, today + timedelta(days=day), reason)
        yield day, partial(_wait, cast, task, said)
    for day, words in row.get("instruction", {}).items():
        told = row.get("answered", {})
        yield day, partial(_instruct, cast, task, words, [(cast.units[unit], text) for unit, text in told.items()])


def _ask(cast: Speakers, task: Task, unit: Unit, wish: tuple[date, str, str], at: datetime) -> None:
    wanted_on, reason, state = wish
    ask(cast.staff[unit.id], task, Wish(unit.id, wanted_on, reason, state, f"demo-{task.key}", task.version), at)


def _decide(cast: Speakers, task: Task, decision: Decision, words: str, at: datetime) -> None:
    decide(cast.office, task, Ruling(decision, words, task.version), at)


def _wait(cast: Speakers, task: Task, said: tuple[int, int, date, str], at: datetime) -> None:
    unit_id, by_unit_id, since, reason = said
    wait(cast.staff[by_unit_id], task, Awaiting(unit_id, by_unit_id, since, reason, task.version), at)


def _instruct(cast: Speakers, task: Task, words: str, answers: list[tuple[Unit, str]], at: datetime) -> None:
    """A leader writes; the answers come the same day."""
    leader = cast.leader.person
    said = instruct(cast.leader, task, leader.name if leader else "", words, f"demo-{task.key}", at)
    for turn, (unit, text) in enumerate(answers, start=1):
        if said:
            later = at + timedelta(minutes=5 * turn)
            answer(cast.staff[unit.id], said, [unit], unit.id, text, f"demo-{task.key}-{turn}", later)
