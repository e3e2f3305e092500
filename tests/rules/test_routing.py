"""Who in a unit is told: the chain of DESIGN, case by case."""

from __future__ import annotations

import pytest

from tracker.rules.routing import Duty, Person, heads, told

CONTACT, DEPUTY, STAFF, HEAD = Duty.CONTACT, Duty.DEPUTY, Duty.STAFF, Duty.HEAD


def person(duty: Duty, reachable: bool = True, handler: bool = False) -> Person:
    """A person of the unit."""
    return Person(duty, handler, reachable)


@pytest.mark.parametrize(
    ("people", "expected"),
    [
        ([], []),
        ([person(STAFF), person(STAFF)], [0, 1]),
        ([person(STAFF), person(STAFF, reachable=False)], [0]),
        ([person(STAFF), person(CONTACT), person(DEPUTY)], [1]),
        ([person(STAFF), person(CONTACT, reachable=False), person(DEPUTY)], [2]),
        ([person(STAFF), person(CONTACT, reachable=False), person(DEPUTY, reachable=False)], []),
        ([person(STAFF), person(CONTACT, reachable=False)], []),
        ([person(STAFF), person(DEPUTY)], [1]),
        ([person(STAFF, handler=True), person(CONTACT)], [0]),
        ([person(STAFF, reachable=False, handler=True), person(CONTACT), person(STAFF)], [1]),
        ([person(STAFF, handler=True), person(STAFF)], [0]),
        ([person(CONTACT, handler=True), person(DEPUTY)], [0]),
        ([person(HEAD)], []),
        ([person(HEAD), person(STAFF)], [1]),
        ([person(HEAD, handler=True), person(STAFF)], [0]),
        ([person(STAFF, reachable=False)], []),
    ],
)
def test_the_first_of_the_chain_whom_mail_reaches_is_told(people: list[Person], expected: list[int]) -> None:
    # Equal people are told apart by their places.
    found = [index for index, each in enumerate(people) if any(each is one for one in told(people))]
    assert found == expected


def test_what_is_long_late_goes_up_to_every_head_whom_mail_reaches() -> None:
    people = [person(CONTACT), person(HEAD), person(HEAD, reachable=False), person(HEAD, handler=True), person(STAFF)]
    assert heads(people) == [people[1], people[3]]
