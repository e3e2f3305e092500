"""Who in a unit is told: the named 经办人, else its contact, its deputy, its mailbox."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar


class Duty(StrEnum):
    """What a person is to a unit: its contact and deputy are told first, its head when something is long late."""

    STAFF = "staff"
    CONTACT = "contact"
    DEPUTY = "deputy"
    HEAD = "head"


# A unit has one of each at most: a mail to two contacts is nobody's.
HELD_BY_ONE = (Duty.CONTACT, Duty.DEPUTY)


@dataclass(frozen=True)
class Person:
    """An account of a unit: its duty, whether it handles the task in question, whether mail reaches it."""

    duty: Duty
    is_handler: bool
    is_reachable: bool


Known = TypeVar("Known", bound=Person)


def told(people: Sequence[Known]) -> list[Known]:
    """Whom of a unit's people a mail goes to; nobody means its mailbox, and without one the office's list.

    Where no contact and no deputy is named at all, all its staff are told: a unit whose people exist is not passed
    over because nobody was marked.
    """
    reached = [person for person in people if person.is_reachable]
    chain = (
        [person for person in reached if person.is_handler],
        [person for person in reached if person.duty is Duty.CONTACT],
        [person for person in reached if person.duty is Duty.DEPUTY],
    )
    for found in chain:
        if found:
            return found
    is_marked = any(person.duty in HELD_BY_ONE for person in people)
    return [] if is_marked else [person for person in reached if person.duty is not Duty.HEAD]


def heads(people: Sequence[Known]) -> list[Known]:
    """Whom of a unit's people its long late tasks go up to."""
    return [person for person in people if person.duty is Duty.HEAD and person.is_reachable]
