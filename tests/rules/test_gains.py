"""Gains: when what tasks bring is in the numbers already, what a task closed in part brings, which classes add up."""

from __future__ import annotations

from datetime import date

import pytest

from tests.rules.test_forecast import LATER, D, P, ask, county, findings, ground, make_facts, task, value
from tracker.rules.gains import Meeting, Mode, Why
from tracker.rules.growth import Enrolment
from tracker.rules.prospects import Drop, Slip

EQUIPPED = make_facts(
    whole={**make_facts().whole, "equipment_yuan": 1_600_000},
    days={"equipment_yuan": date(2026, 2, 1), "primary.arts_teachers": date(2026, 2, 1)},
)


@pytest.mark.parametrize(
    ("figure", "stage", "closed_on", "why"),
    [
        ("equipment_yuan", None, date(2026, 1, 15), Why.ALREADY),
        ("equipment_yuan", None, date(2026, 2, 1), Why.ALREADY),
        ("equipment_yuan", None, date(2026, 2, 2), None),
        ("sports_ground_m2", None, date(2026, 1, 15), None),
        ("arts_teachers", P, date(2026, 1, 15), Why.ALREADY),
        ("classes", P, date(2026, 1, 15), None),
    ],
)
def test_a_number_counted_on_a_day_of_its_own_holds_what_ended_by_then(
    figure: str, stage: None, closed_on: date, why: Why | None
) -> None:
    gain = ground(400, task(closed_on=closed_on), figure=figure, stage=stage)
    assert [each.why for each in ask(gain, facts=county(EQUIPPED)).arrivals] == [why]


def test_a_closed_task_brings_its_amounts_on_the_day_it_was_submitted() -> None:
    done = task(submitted_on=date(2025, 8, 20), closed_on=date(2025, 9, 10))
    [arrival] = ask(ground(end=done)).arrivals
    assert (arrival.on, arrival.why) == (date(2025, 8, 20), Why.ALREADY)
    [waiting] = ask(ground(end=task(submitted_on=date(2026, 2, 1)))).arrivals
    assert waiting.on == date(2026, 12, 31)


def test_a_task_closed_in_part_brings_nothing_until_the_office_says_how_much() -> None:
    end = task(closed_on=date(2026, 1, 15), in_part=True)
    found = ask(ground(end=end), meetings=(Meeting(end, "G1"),))
    assert [each.why for each in (*found.arrivals, *found.finishing)] == [Why.IN_PART, Why.IN_PART]
    assert findings(found, "G1")[1:] == findings(ask(), "G1")[1:]
    assert [when for _meeting, when in found.meetings] == [Why.IN_PART]
    [said_anew] = ask(ground(200, end, of_part=True)).arrivals
    assert said_anew.why is None


PLANNED = (Enrolment(1, P, 2027, 900, 22),)


@pytest.mark.parametrize(
    ("due_on", "slips", "mode", "day", "finished"),
    [
        (date(2027, 9, 1), {}, Mode.DEADLINE, 22, 22),
        (date(2028, 1, 1), {}, Mode.DEADLINE, 26, 26),
        (date(2029, 1, 1), {}, Mode.DEADLINE, 22, 26),
        (date(2026, 12, 31), {"a-1": date(2028, 1, 1)}, Mode.DEADLINE, 26, 26),
        (date(2026, 12, 31), {}, Mode.CLOSED, 22, 22),
        (date(2028, 1, 1), {}, Mode.CLOSED, 22, 26),
        (date(2026, 1, 1), {}, Mode.DEADLINE, 22, 22),
        (None, {}, Mode.DEADLINE, 22, 26),
    ],
)
def test_planned_classes_hold_those_that_are_there_when_their_year_begins(
    due_on: date | None, slips: dict[str, date], mode: Mode, day: int, finished: int
) -> None:
    gain = ground(4, task(due_on=due_on), figure="classes", stage=P)
    changes = tuple(Slip(key, on) for key, on in slips.items())
    found = ask(gain, enrolments=PLANNED, on=date(2028, 6, 1), mode=mode, changes=changes)
    looks = found.schools[1]
    assert looks.then
    assert looks.finished
    assert [each.school.stages[P]["classes"] for each in (looks.then, looks.finished)] == [day, finished]


def test_students_planned_later_keep_the_classes_that_were_planned_before() -> None:
    planned = (*PLANNED, Enrolment(1, P, 2028, 990))
    early = ground(4, task(due_on=date(2027, 8, 1)), figure="classes", stage=P)
    late = ground(4, task(due_on=date(2028, 8, 1), key="a-2"), figure="classes", stage=P)
    looks = ask(early, late, enrolments=planned, on=date(2028, 9, 1)).schools[1].then
    assert looks
    assert (looks.school.stages[P]["students"], looks.school.stages[P]["classes"]) == (990, 26)


def test_a_task_that_never_ends_keeps_no_other_from_meeting_a_condition() -> None:
    first, never = Meeting(task(), "G1"), Meeting(task(key="a-2", suspended=True), "G1")
    short, met = findings(ask(), "G1")[0], findings(ask(meetings=(first,)), "G1")[1]
    assert findings(ask(meetings=(first, never)), "G1") == [short, met, met]
    assert findings(ask(meetings=(never,)), "G1") == [short] * 3
    assert findings(ask(meetings=(first, never), changes=(Drop("a-1"),)), "G1") == [short] * 3


def test_when_only_closed_tasks_count_a_moved_one_does_not() -> None:
    changes = (Slip("a-1", date(2026, 6, 1)),)
    found = ask(ground(), meetings=(Meeting(task(), "G1"),), mode=Mode.CLOSED, changes=changes)
    assert [each.why for each in found.arrivals] == [Why.OPEN]
    assert [when for _meeting, when in found.meetings] == [Why.OPEN]


def test_what_comes_to_a_school_that_has_closed_says_so() -> None:
    found = ask(ground(), closing={1: LATER})
    assert [each.why for each in (*found.arrivals, *found.finishing)] == [Why.SCHOOL_CLOSED] * 2
    assert found.estimated == frozenset()
    assert ask(ground(), closing={1: LATER}, enrolments=PLANNED).estimated == frozenset()
    gone = ask(ground(school=7), closing={7: date(2026, 1, 1)})
    assert [each.why for each in gone.arrivals] == [Why.SCHOOL_CLOSED]
    assert [each.why for each in ask(ground(), closing={1: date(2027, 9, 2)}).arrivals] == [None]
    assert value(ask(ground(), closing={1: date(2027, 9, 2)}), "R5") == D("7.5")
