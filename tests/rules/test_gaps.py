"""Gaps between indicators and tasks: each list holds what it says and nothing else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.test_forecast import STANDARD, TODAY, county, make_facts
from tracker.rules.forecast import forecast
from tracker.rules.gains import Gain, Mode, TaskEnd
from tracker.rules.gaps import Gap, Gaps, LooseTask, Serving, gaps_of
from tracker.rules.growth import Enrolment
from tracker.rules.lifecycle import State
from tracker.rules.lights import Light
from tracker.rules.prospects import Ahead
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Item, Subject
from tracker.rules.verdicts import judge

HORIZON = date(2026, 9, 1)
OPEN = Serving("xg-1", "1", "建运动场", State.IN_PROGRESS, Light.NORMAL)
DONE = Serving("xg-2", "2", "改造运动场", State.CLOSED, Light.CLOSED, closed_on=date(2026, 2, 1))


def codes(gaps: Gaps, gap: Gap) -> list[str]:
    """The codes of the items of a list."""
    return [each.item.code for each in getattr(gaps, gap.value)]


@pytest.mark.parametrize(
    ("tasks", "closed", "without"),
    [
        ((), [], ["R5"]),
        ((OPEN,), [], []),
        ((DONE,), ["R5"], []),
        ((DONE, OPEN), [], []),
    ],
)
def test_a_short_indicator_is_a_gap_without_a_task_and_with_none_but_closed_ones(
    tasks: tuple[Serving, ...], closed: list[str], without: list[str]
) -> None:
    verdict = judge(STANDARD, county(make_facts()))
    gaps = gaps_of(verdict, {"R5": tasks, "G1": (OPEN,), "G5": (OPEN,), "G8": (OPEN,)})
    assert codes(gaps, Gap.CLOSED_BUT_SHORT) == closed
    assert codes(gaps, Gap.WITHOUT_TASK) == without


def test_a_gap_says_by_how_much_it_is_short() -> None:
    gaps = gaps_of(judge(STANDARD, county(make_facts())), {"R5": (DONE,)})
    [gap] = gaps.closed_but_short
    [lack] = gap.lacks
    assert (lack.figure, lack.amount) == ("sports_ground_m2", Decimal(500))
    assert gap.tasks == (DONE,)


def test_a_met_indicator_is_no_gap_whatever_serves_it() -> None:
    gaps = gaps_of(judge(STANDARD, county(make_facts())), {"R4": (DONE,)})
    assert "R4" not in codes(gaps, Gap.CLOSED_BUT_SHORT) + codes(gaps, Gap.WITHOUT_TASK)


def test_what_is_not_known_is_no_gap() -> None:
    gaps = gaps_of(judge(STANDARD, county(make_facts(whole={}, stages={Stage.PRIMARY: {"students": 800}}))), {})
    assert set(codes(gaps, Gap.WITHOUT_TASK)) <= {"G1", "G8"}


def falling(ahead: Ahead, mode: Mode = Mode.DEADLINE) -> Gaps:
    """The gaps of a county with what lies ahead of it."""
    facts = county(make_facts())
    now = judge(STANDARD, facts)
    return gaps_of(now, {"R4": (OPEN,)}, (), forecast(STANDARD, facts, ahead, HORIZON, mode, today=TODAY, now=now))


def test_more_students_make_a_met_indicator_fall() -> None:
    assert falling(Ahead()).about_to_fall == ()
    gaps = falling(Ahead(enrolments=(Enrolment(1, Stage.PRIMARY, 2026, 880),)))
    [gap] = [each for each in gaps.about_to_fall if each.item.code == "R4"]
    [growth] = gap.growths
    assert (growth.now, growth.then) == (800, 880)
    assert gap.tasks == (OPEN,)
    assert not gap.is_met_when_finished


def test_a_slipped_project_is_named_as_the_reason() -> None:
    end = TaskEnd("xg-1", "建教学楼", due_on=date(2026, 8, 1), expected_on=date(2026, 12, 1))
    ahead = Ahead(
        gains=(Gain(end, "teaching_area_m2", Decimal(2000), 1),),
        enrolments=(Enrolment(1, Stage.PRIMARY, 2026, 880),),
    )
    assert "R4" not in codes(falling(ahead), Gap.ABOUT_TO_FALL)
    [gap] = [each for each in falling(ahead, Mode.EXPECTED).about_to_fall if each.item.code == "R4"]
    assert [each.gain.task.key for each in gap.late] == ["xg-1"]
    assert gap.is_met_when_finished


def test_a_school_that_falls_is_named_though_the_county_is_short_already() -> None:
    other = make_facts(2, whole={"teaching_area_m2": Decimal(900), "indoor_sports_m2": Decimal(0)})
    facts = county(make_facts(), other)
    now = judge(STANDARD, facts)
    ahead = Ahead(enrolments=(Enrolment(1, Stage.PRIMARY, 2026, 880),))
    gaps = gaps_of(now, {}, (), forecast(STANDARD, facts, ahead, HORIZON, today=TODAY, now=now))
    [gap] = [each for each in gaps.about_to_fall if each.item.code == "R4"]
    assert [lack.school.id for lack in gap.lacks if lack.school] == [1]
    assert not gap.is_whole
    assert [growth.then for growth in gap.growths] == [880]


SMALL = Condition(
    "G6",
    Subject.SCHOOL,
    plus=("operating_funds_yuan",),
    per=("students",),
    bounds={"all": Decimal(1000)},
    per_at_least=Decimal(100),
    only_under=Decimal(100),
)
OF_SMALL = replace(STANDARD, items=(Item("G6", "G6", "G6", "G6", "组", "Group", None, (SMALL,)),))


def of_students(number: int, students: int) -> SchoolFacts:
    """A school with the funds of 80 students, too few for one of up to 100."""
    return make_facts(
        number, whole={"operating_funds_yuan": 80_000}, stages={Stage.PRIMARY: {"students": students, "classes": 6}}
    )


@pytest.mark.parametrize(
    ("others", "falls", "is_whole"),
    [((), [2], True), ((of_students(3, 300),), [2], True), ((of_students(3, 90),), [2], False)],
)
def test_a_school_that_begins_to_be_asked_and_is_short_falls(
    others: tuple[SchoolFacts, ...], falls: list[int], is_whole: bool
) -> None:
    facts = county(*others, of_students(2, 120))
    ahead = Ahead(enrolments=(Enrolment(2, Stage.PRIMARY, 2026, 95),))
    [gap] = gaps_of(judge(OF_SMALL, facts), {}, (), forecast(OF_SMALL, facts, ahead, HORIZON)).about_to_fall
    assert [lack.school.id for lack in gap.lacks if lack.school] == falls
    assert gap.is_whole is is_whole


def test_a_school_that_opens_short_has_not_fallen() -> None:
    coming = replace(of_students(8, 90), year=None, whole={}, stages={}, opened_on=HORIZON)
    funds = Gain(TaskEnd("xg-1", "拨款", due_on=date(2026, 8, 1)), "operating_funds_yuan", Decimal(1000), 8)
    ahead = Ahead((funds,), enrolments=(Enrolment(8, Stage.PRIMARY, 2026, 90, 6),), coming=(coming,))
    facts = county(of_students(3, 90))
    assert gaps_of(judge(OF_SMALL, facts), {}, (), forecast(OF_SMALL, facts, ahead, HORIZON)).about_to_fall == ()


def test_tasks_without_an_indicator_stand_with_their_reason_the_unexplained_first() -> None:
    loose = (LooseTask(OPEN, "只是筹款"), LooseTask(DONE, None))
    gaps = gaps_of(judge(STANDARD, county(make_facts())), {}, loose)
    assert [each.reason for each in gaps.without_indicator] == [None, "只是筹款"]
    assert gaps.unexplained == 1
    assert gaps.counts[Gap.WITHOUT_INDICATOR] == 2


def test_lists_are_lit_by_what_they_hold() -> None:
    verdict = judge(STANDARD, county(make_facts()))
    gaps = gaps_of(verdict, {"R5": (DONE,)}, (LooseTask(OPEN, "只是筹款"),))
    assert {gap: gaps.light(gap) for gap in Gap} == {
        Gap.CLOSED_BUT_SHORT: Light.OVERDUE,
        Gap.WITHOUT_TASK: Light.SOON,
        Gap.ABOUT_TO_FALL: Light.NORMAL,
        Gap.WITHOUT_INDICATOR: Light.NORMAL,
    }
