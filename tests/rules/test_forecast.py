"""Forecasts: what has arrived by a day, what is left out and why, other students, schools that open, what-ifs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from random import Random

import pytest

from tracker.rules.forecast import Forecast, forecast
from tracker.rules.gains import Gain, Meeting, Mode, TaskEnd, Why
from tracker.rules.growth import Enrolment, largest_class
from tracker.rules.measures import Finding
from tracker.rules.prospects import Ahead, Change, Drop, Slip, Students
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Condition, Item, Sense, Standard, Subject, UnitTerms
from tracker.rules.verdicts import CountyFacts

P, J = Stage.PRIMARY, Stage.JUNIOR
TODAY, LATER = date(2026, 3, 1), date(2027, 9, 1)
D = Decimal


def unit_condition(code: str, plus: str, bounds: dict[str, str], **more: object) -> Condition:
    values: dict[str, object] = {
        "of": Subject.UNIT,
        "plus": tuple(plus.split()),
        "per": ("students",),
        "bounds": {stage: D(bound) for stage, bound in bounds.items()},
        "kinds": (SchoolKind.SCHOOL,),
    }
    return Condition(code, **(values | more))  # type: ignore[arg-type]


CONDITIONS = (
    unit_condition("R3", "arts_teachers", {"primary": "0.9", "junior": "0.9"}, factor=D(100)),
    unit_condition(
        "R4",
        "teaching_area_m2",
        {"primary": "4.5", "junior": "5.8"},
        minus=("indoor_sports_m2",),
        divided=True,
        spread={"primary": D("0.50"), "junior": D("0.45")},
    ),
    unit_condition(
        "R5",
        "sports_ground_m2 indoor_sports_m2",
        {"primary": "7.5", "junior": "10.2"},
        divided=True,
        spread={"primary": D("0.50"), "junior": D("0.45")},
    ),
    unit_condition("G3", "large_music_rooms", {}, per=("classes",), each=D(12)),
    unit_condition("G5", "largest_class", {"primary": "45", "junior": "50"}, per=(), sense=Sense.AT_MOST),
    Condition("G1", Subject.COUNTY, asks="layout_reasonable"),
    Condition("G8", Subject.COUNTY, plus=("rotated",), per=("eligible",), factor=D(100), bounds={"all": D(10)}),
)
STANDARD = Standard(
    "test",
    "标准",
    "Standard",
    tuple(Item(each.code, each.code, each.code, each.code, "组", "Group", None, (each,)) for each in CONDITIONS),
    unit=UnitTerms(("R3", "R4", "R5"), 3, D("0.85")),
    weights={"primary": D(1), "junior": D("1.1"), "senior": D("1.32")},
)


def make_facts(number: int = 1, **differences: object) -> SchoolFacts:
    """A primary school of 800 whose grounds are too small: R5 = 6.875."""
    values: dict[str, object] = {
        "name": f"第{number}小学",
        "year": 2025,
        "counted_on": date(2025, 9, 1),
        "whole": {
            "teaching_area_m2": D(4000),
            "indoor_sports_m2": D(300),
            "sports_ground_m2": D(5200),
            "large_music_rooms": 2,
        },
        "stages": {P: {"students": 800, "classes": 18, "largest_class": 46, "arts_teachers": 8}},
    }
    return SchoolFacts(number, "360732", **(values | differences))  # type: ignore[arg-type]


FIGURES = {"layout_reasonable": False, "rotated": D(40), "eligible": D(500)}


def county(*schools: SchoolFacts, on: date = TODAY, since: dict[str, date] | None = None) -> CountyFacts:
    return CountyFacts("360732", on, 2025, schools or (make_facts(),), FIGURES, since or {})


def task(**differences: object) -> TaskEnd:
    return replace(TaskEnd("a-1", "运动场", due_on=date(2026, 12, 31)), **differences)  # type: ignore[arg-type]


def ground(amount: int | None = 500, end: TaskEnd | None = None, **differences: object) -> Gain:
    gain = Gain(end or task(), "sports_ground_m2", None if amount is None else D(amount), school=1)
    return replace(gain, **differences)  # type: ignore[arg-type]


def ask(
    *gains: Gain,
    facts: CountyFacts | None = None,
    on: date = LATER,
    mode: Mode = Mode.DEADLINE,
    changes: tuple[Change, ...] = (),
    unconfirmed: bool = False,
    **ahead: object,
) -> Forecast:
    everything = Ahead(gains, **ahead)  # type: ignore[arg-type]
    return forecast(STANDARD, facts or county(), everything, on, mode, changes, unconfirmed=unconfirmed)


def findings(found: Forecast, code: str) -> list[Finding]:
    outlook = found.conditions[code]
    return [outlook.now.finding, outlook.then.finding, outlook.finished.finding]


def value(found: Forecast, code: str, school: int = 1, stage: Stage = P) -> Decimal | None:
    """A unit's value on the day."""
    outlook = found.schools[school].then
    assert outlook
    return next(unit.judged[code].value for unit in outlook.units if unit.stage is stage)


def test_nothing_ahead_leaves_the_verdict_as_it_is() -> None:
    found = ask()
    assert [(each.item.code, each.finding) for each in found.then.items] == [
        (each.item.code, each.finding) for each in found.now.items
    ]
    assert found.then.facts.on == LATER
    assert not found.estimated


def test_what_arrives_in_time_fills_the_gap_and_what_is_short_even_then_is_said_in_things() -> None:
    found = ask(ground(400), on=date(2026, 12, 31))
    assert value(found, "R5") == D("7.375")
    assert [lack.amount for lack in found.conditions["R5"].lacking] == [D(100)]
    lack = found.conditions["R5"].lacking[0]
    assert (lack.school and lack.school.id, lack.stage, lack.figure) == (1, P, "sports_ground_m2")
    assert findings(ask(ground(500)), "R5") == [Finding.SHORT, Finding.MET, Finding.MET]


@pytest.mark.parametrize(
    ("end", "mode", "on", "why"),
    [
        (task(), Mode.DEADLINE, date(2026, 12, 31), None),
        (task(), Mode.DEADLINE, date(2026, 12, 30), Why.LATER),
        (task(due_on=date(2026, 2, 28)), Mode.DEADLINE, LATER, Why.NO_DATE),
        (task(due_on=TODAY), Mode.DEADLINE, LATER, None),
        (task(due_on=None), Mode.DEADLINE, LATER, Why.NO_DATE),
        (task(expected_on=date(2027, 10, 1)), Mode.DEADLINE, LATER, None),
        (task(expected_on=date(2027, 10, 1)), Mode.EXPECTED, LATER, Why.LATER),
        (task(due_on=date(2026, 2, 28), expected_on=date(2026, 9, 1)), Mode.EXPECTED, LATER, None),
        (task(expected_on=None), Mode.EXPECTED, LATER, None),
        (task(expected_on=date(2026, 2, 1)), Mode.EXPECTED, LATER, Why.NO_DATE),
        (task(), Mode.CLOSED, LATER, Why.OPEN),
        (task(closed_on=date(2026, 1, 15)), Mode.CLOSED, LATER, None),
        (task(closed_on=date(2026, 1, 15)), Mode.DEADLINE, LATER, None),
        (task(closed_on=date(2025, 9, 1)), Mode.DEADLINE, LATER, Why.ALREADY),
        (task(closed_on=date(2025, 9, 2)), Mode.DEADLINE, LATER, None),
        (task(suspended=True), Mode.DEADLINE, LATER, Why.SUSPENDED),
        (task(suspended=True, due_on=None), Mode.EXPECTED, LATER, Why.SUSPENDED),
    ],
)
def test_a_gain_arrives_by_the_mode(end: TaskEnd, mode: Mode, on: date, why: Why | None) -> None:
    found = ask(ground(end=end), on=on, mode=mode)
    assert [each.why for each in found.arrivals] == [why]
    assert value(found, "R5") == (D("7.5") if why is None else D("6.875"))


@pytest.mark.parametrize(
    ("differences", "why"),
    [
        ({"from_on": date(2027, 9, 1)}, None),
        ({"from_on": date(2027, 9, 2)}, Why.LATER),
        ({"confirmed": False}, Why.UNCONFIRMED),
        ({"amount": None}, Why.NO_AMOUNT),
        ({"figure": "seats", "stage": P}, Why.NO_EFFECT),
        ({"school": 99}, Why.NO_NUMBER),
        ({"figure": "equipment_yuan"}, Why.NO_NUMBER),
        ({"figure": "arts_teachers"}, Why.NO_NUMBER),
        ({"figure": "arts_teachers", "stage": J}, Why.NO_NUMBER),
        ({"figure": "arts_teachers", "stage": P}, None),
        ({"school": None, "figure": "rotated"}, None),
        ({"school": None, "figure": "unheard_of"}, Why.NO_NUMBER),
    ],
)
def test_a_gain_that_does_not_count_says_why(differences: dict[str, object], why: Why | None) -> None:
    found = ask(ground(**differences))  # type: ignore[arg-type]
    assert [each.why for each in found.arrivals] == [why]
    assert (found.counted, found.left_out) == (
        list(found.arrivals) * (why is None),
        list(found.arrivals) * (why is not None),
    )


def test_a_closed_task_in_use_only_after_the_count_is_not_yet_in_the_numbers() -> None:
    gain = ground(end=task(closed_on=date(2025, 8, 1)), from_on=date(2026, 1, 1))
    assert value(ask(gain), "R5") == D("7.5")


def test_all_finished_takes_every_open_task_whatever_its_date() -> None:
    late, loose = ground(300, task(due_on=date(2026, 1, 1))), ground(300, task(key="a-2", due_on=None))
    for mode in Mode:
        found = ask(late, loose, mode=mode)
        assert findings(found, "R5") == [Finding.SHORT, Finding.SHORT, Finding.MET]
        assert all(each.why is None for each in found.finishing)
    suspended = ask(ground(end=task(suspended=True)))
    assert findings(suspended, "R5")[2] is Finding.SHORT


def test_unconfirmed_gains_count_when_they_are_asked_for() -> None:
    gain = ground(confirmed=False, id=7)
    assert value(ask(gain), "R5") == D("6.875")
    assert value(ask(gain, unconfirmed=True), "R5") == D("7.5")


def test_an_indoor_sports_room_is_also_teaching_area_so_that_r4_does_not_fall() -> None:
    found = ask(ground(500, figure="indoor_sports_m2"))
    assert value(found, "R4") == D("4.625")
    assert value(found, "R5") == D("7.5")


@pytest.mark.parametrize(
    ("before", "after", "largest"),
    [
        ((800, 18, 46), (800, 20), 40),
        ((800, 18, 46), (810, 18), 46),
        ((800, 18, 46), (900, 18), 50),
        ((800, 18, 46), (700, 18), 41),
        ((800, 18, 46), (800, 16), 50),
        ((800, 18, 46), (900, 20), 45),
        ((800, 18, 30), (800, 20), 30),
        ((800, 18, None), (800, 20), 40),
        ((800, 18, None), (900, 18), None),
        ((800, None, 46), (900, None), None),
        ((800, None, 46), (700, None), 41),
        ((None, None, None), (450, 10), 45),
        ((None, None, None), (451, 10), 46),
        ((None, None, None), (450, None), None),
        ((800, 18, 46), (800, 0), 46),
    ],
)
def test_the_largest_class_is_estimated(
    before: tuple[int | None, ...], after: tuple[int | None, ...], largest: int | None
) -> None:
    was = dict(zip(("students", "classes", "largest_class"), before, strict=True))
    will_be = was | dict(zip(("students", "classes"), after, strict=True))
    assert largest_class(was, will_be) == largest


def test_added_classes_bring_the_largest_class_down_and_are_marked_as_estimated() -> None:
    found = ask(ground(2, figure="classes", stage=P))
    assert (value(found, "G5"), found.estimated) == (D(40), frozenset({1}))
    assert findings(found, "G5") == [Finding.SHORT, Finding.MET, Finding.MET]


@pytest.mark.parametrize(
    ("on", "students"),
    [
        (date(2026, 8, 31), 800),
        (date(2026, 9, 1), 700),
        (date(2027, 8, 31), 700),
        (date(2027, 9, 1), 1000),
        (date(2029, 9, 1), 1000),
    ],
)
def test_expected_students_replace_the_counted_ones_from_their_september_on(on: date, students: int) -> None:
    planned = (Enrolment(1, P, 2025, 1), Enrolment(1, P, 2027, 1000), Enrolment(1, P, 2026, 700))
    assert value(ask(on=on, enrolments=planned), "R5") == D(5500) / D(students)


def test_classes_that_the_enrolment_plans_already_hold_those_that_a_task_adds() -> None:
    planned = (Enrolment(1, P, 2027, 900, 22),)
    found = ask(ground(4, figure="classes", stage=P), enrolments=planned)
    assert [each.why for each in found.arrivals] == [Why.ALREADY]
    assert value(found, "G5") == D(41)


NEW = make_facts(8, year=None, counted_on=None, whole={}, stages={}, opened_on=date(2027, 9, 1))


def test_a_school_that_opens_has_the_expected_students_and_what_tasks_bring() -> None:
    planned = (Enrolment(8, P, 2027, 400, 10),)
    brings = [ground(amount, school=8, figure=code) for code, amount in
              (("sports_ground_m2", 3000), ("indoor_sports_m2", 200), ("teaching_area_m2", 2500))]  # fmt: skip
    before = ask(*brings, coming=(NEW,), enrolments=planned, on=date(2027, 8, 31))
    assert before.schools.keys() == {1}
    found = ask(*brings, coming=(NEW,), enrolments=planned)
    assert (value(found, "R5", 8), value(found, "R4", 8), value(found, "G5", 8)) == (D(8), D("6.25"), D(40))
    # Its teachers and music rooms are not known: that is not zero.
    assert (value(found, "R3", 8), value(found, "G3", 8)) == (None, None)
    assert found.conditions["R3"].then.finding is Finding.UNKNOWN
    assert found.schools[8].now is None


def test_a_school_whose_project_slips_opens_without_what_it_would_have_brought() -> None:
    planned = (Enrolment(8, P, 2027, 400, 10),)
    gain = ground(3000, school=8)
    indoor = ground(100, task(key="a-2"), school=8, figure="indoor_sports_m2")
    late = ask(gain, indoor, coming=(NEW,), enrolments=planned, changes=(Slip("a-1", date(2028, 9, 1)),))
    assert value(late, "R5", 8) == D("0.25")
    assert late.conditions["R5"].finished.finding is Finding.SHORT  # the first school still is
    assert [lack.school and lack.school.id for lack in late.conditions["R5"].lacking] == [1]


def test_a_school_that_opens_with_nothing_known_keeps_the_county_unknown() -> None:
    found = ask(coming=(NEW,), facts=county(make_facts(stages={P: {"students": 100, "arts_teachers": 9}})))
    assert found.schools[8].then
    assert found.schools[8].then.is_silent


def test_a_school_that_closes_is_left_out_from_that_day_on() -> None:
    assert ask(closing={1: LATER}).schools[1].then is None
    assert ask(closing={1: date(2027, 9, 2)}).schools[1].then is not None


def test_a_silent_school_stays_silent_and_its_gains_are_left_out() -> None:
    silent = make_facts(year=None, counted_on=None, whole={}, stages={P: {}})
    found = ask(ground(), facts=county(silent), enrolments=(Enrolment(1, P, 2027, 400),))
    assert [each.why for each in found.arrivals] == [Why.NO_NUMBER]
    assert found.schools[1].then
    assert found.schools[1].then.is_silent


def test_a_new_stage_of_a_school_begins_with_what_is_brought() -> None:
    found = ask(
        ground(9, figure="arts_teachers", stage=J), enrolments=(Enrolment(1, J, 2027, 500),), on=date(2027, 9, 1)
    )
    assert value(found, "R3", stage=J) == D("1.8")


def test_a_condition_is_met_when_all_confirmed_tasks_that_name_it_have_ended() -> None:
    first, second = Meeting(task(), "G1"), Meeting(task(key="a-2", due_on=date(2027, 10, 1)), "G1")
    proposed = Meeting(task(key="a-3", due_on=None), "G1", confirmed=False)
    assert findings(ask(meetings=(first,)), "G1") == [Finding.SHORT, Finding.MET, Finding.MET]
    assert findings(ask(meetings=(first, second, proposed)), "G1") == [Finding.SHORT, Finding.SHORT, Finding.MET]
    assert findings(ask(meetings=(proposed,)), "G1") == [Finding.SHORT] * 3
    assert findings(ask(meetings=(proposed,), unconfirmed=True), "G1") == [Finding.SHORT, Finding.SHORT, Finding.MET]
    assert findings(ask(meetings=(first,), mode=Mode.CLOSED), "G1") == [Finding.SHORT, Finding.SHORT, Finding.MET]
    assert findings(ask(meetings=(first,), changes=(Drop("a-1"),)), "G1") == [Finding.SHORT] * 3


def test_a_county_that_says_no_after_the_task_was_closed_is_believed() -> None:
    closed = (Meeting(task(closed_on=date(2026, 1, 10)), "G1"),)
    assert (
        findings(ask(meetings=closed, facts=county(since={"layout_reasonable": date(2026, 2, 1)})), "G1")
        == [Finding.SHORT] * 3
    )
    assert (
        findings(ask(meetings=closed, facts=county(since={"layout_reasonable": date(2026, 1, 1)})), "G1")[1]
        is Finding.MET
    )


def test_a_gain_of_the_county_counts_once() -> None:
    gain = ground(20, task(closed_on=date(2026, 2, 1)), school=None, figure="rotated")
    assert findings(ask(gain), "G8") == [Finding.SHORT, Finding.MET, Finding.MET]
    assert findings(ask(gain, facts=county(since={"rotated": date(2026, 2, 1)})), "G8") == [Finding.SHORT] * 3


@pytest.mark.parametrize(
    ("change", "area"),
    [
        (Slip("a-1", date(2027, 9, 1)), 6000),
        (Slip("a-1", date(2027, 9, 2)), 5500),
        (Slip("a-2", date(2030, 1, 1)), 6000),
        (Drop("a-1"), 5500),
        (Drop("a-2"), 6000),
    ],
)
def test_a_what_if_moves_or_drops_its_task_alone(change: Change, area: int) -> None:
    found = ask(ground(), changes=(change,))
    assert value(found, "R5") == D(area) / 800
    assert findings(found, "R5")[2] is (Finding.SHORT if change == Drop("a-1") else Finding.MET)


def test_a_task_without_a_credible_date_may_be_given_one() -> None:
    gain = ground(end=task(due_on=date(2026, 1, 1)))
    assert value(ask(gain, changes=(Slip("a-1", date(2027, 1, 1)),)), "R5") == D("7.5")


@pytest.mark.parametrize(
    ("change", "on", "students"),
    [
        (Students(1, P, 2027, 200), LATER, 1000),
        (Students(1, P, 2027, -100), LATER, 700),
        (Students(1, P, 2027, -900), LATER, None),
        (Students(1, P, 2027, 200), date(2027, 8, 31), 800),
        (Students(1, P, 2025, 200), date(2026, 4, 1), 1000),
    ],
)
def test_a_what_if_gives_a_school_other_students(change: Change, on: date, students: int | None) -> None:
    found = ask(on=on, changes=(change,))
    if students is None:
        assert found.schools[1].then
        assert not found.schools[1].then.units
    else:
        assert value(found, "R5") == D(5500) / students


def test_more_students_are_added_to_the_expected_ones() -> None:
    found = ask(enrolments=(Enrolment(1, P, 2026, 1000),), changes=(Students(1, P, 2027, 100),))
    assert value(found, "R5") == D(5)


def test_several_what_ifs_hold_at_once() -> None:
    other = ground(600, task(key="a-2"))
    found = ask(ground(), other, changes=(Drop("a-1"), Slip("a-2", LATER), Students(1, P, 2027, 13)))
    assert value(found, "R5") == D(6100) / 813


def test_only_schools_that_change_are_judged_anew() -> None:
    found = ask(ground(), facts=county(*(make_facts(number) for number in range(1, 6))))
    assert found.schools[1].then is not found.schools[1].now
    assert all(found.schools[number].then is found.schools[number].now for number in range(2, 6))


def test_no_addition_worsens_the_values_of_its_own_school() -> None:
    """More classes ask for more rooms and more funds for more training: those are bounds, and shares of the same."""
    random = Random(5)
    for _ in range(300):
        facts = make_facts(
            whole={code: D(random.randrange(0, 9000)) for code in
                   ("teaching_area_m2", "indoor_sports_m2", "sports_ground_m2", "large_music_rooms")},
            stages={
                stage: {"students": random.randrange(1, 2000), "classes": random.randrange(1, 40),
                        "largest_class": random.randrange(20, 70), "arts_teachers": random.randrange(0, 30)}
                for stage in random.choice(((P,), (J,), (P, J)))
            },
        )  # fmt: skip
        code = random.choice([*facts.whole, "arts_teachers", "classes"])
        stage = random.choice(list(facts.stages)) if code in {"arts_teachers", "classes"} else None
        planned = tuple(Enrolment(1, each, 2027, random.randrange(1, 2000)) for each in facts.stages)
        ahead = {"facts": county(facts), "enrolments": planned[: random.randrange(0, 2)]}
        before = ask(**ahead).schools[1].then  # type: ignore[arg-type]
        after = ask(ground(random.randrange(1, 500), figure=code, stage=stage), **ahead).schools[1].then  # type: ignore[arg-type]
        assert before
        assert after
        for was, is_now in zip(before.units, after.units, strict=True):
            for condition, judged in was.judged.items():
                better = is_now.judged[condition].value
                assert better is not None
                assert judged.value is not None
                assert better <= judged.value if condition == "G5" else better >= judged.value, (condition, code)
