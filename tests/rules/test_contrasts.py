"""What a what-if changes: units more or fewer short, findings that turn, and nothing where nothing does."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.rules.test_forecast import LATER, STANDARD, Meeting, P, ask, county, ground, make_facts, task
from tracker.rules.contrasts import contrasts
from tracker.rules.forecast import forecast
from tracker.rules.measures import Finding
from tracker.rules.prospects import Ahead, Drop, Slip, Students


def test_a_slipped_task_leaves_its_school_short() -> None:
    gains = (ground(), ground(500, task(key="a-2"), school=2))
    facts = county(make_facts(1), make_facts(2))
    before = ask(*gains, facts=facts)
    after = ask(*gains, facts=facts, changes=(Slip("a-1", date(2028, 9, 1)), Drop("a-2")))
    (found,) = contrasts(before.then, after.then)
    assert (found.condition.code, found.stage, found.more_short, found.is_worse) == ("R5", P, 2, True)
    (even_then,) = contrasts(before.finished, after.finished)
    assert even_then.more_short == 1


def test_fewer_students_make_it_better() -> None:
    found = contrasts(ask().then, ask(changes=(Students(1, P, 2027, -100),)).then)
    # There is more ground for each, and the largest class empties with the others.
    assert {(each.condition.code, each.more_short, each.is_worse) for each in found} == {
        ("R5", -1, False),
        ("G5", -1, False),
    }


def test_a_condition_of_the_county_turns() -> None:
    meetings = (Meeting(task(), "G1"),)
    (found,) = contrasts(ask(meetings=meetings).then, ask(meetings=meetings, changes=(Drop("a-1"),)).then)
    assert (found.condition.code, found.stage, found.before, found.after) == ("G1", None, Finding.MET, Finding.SHORT)


def test_what_touches_nothing_changes_nothing() -> None:
    assert contrasts(ask(ground()).then, ask(ground(), changes=(Drop("a-9"),)).then) == []


def test_two_thousand_schools_are_forecast() -> None:
    facts = county(*(make_facts(number) for number in range(1, 2001)))
    gains = tuple(ground(500, school=number) for number in range(1, 2001, 2))
    found = forecast(STANDARD, facts, Ahead(gains), LATER)
    r5 = found.conditions["R5"]
    assert (r5.now.met, r5.then.met, r5.then.asked, len(r5.lacking)) == (0, 1000, 2000, 1000)
    assert sum(lack.amount or 0 for lack in r5.lacking) == Decimal(500_000)
