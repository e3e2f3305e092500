"""What the coefficient becomes when the gaps of some schools are filled."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tracker.rules.closing import all_closed, closings
from tracker.rules.coefficients import Share, coefficient
from tracker.rules.measures import Finding
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Item, Standard, Subject, UnitTerms, Weighting
from tracker.rules.verdicts import CountyFacts, SpreadVerdict, judge

D = Decimal
GROUNDS = Condition(
    "R5",
    Subject.UNIT,
    plus=("sports_ground_m2",),
    per=("students",),
    bounds={"primary": D("7.5")},
    spread={"primary": D("0.40")},
)


def spread_of(rows: list[tuple[int | None, int]], weighting: Weighting = Weighting.STUDENTS) -> SpreadVerdict:
    """The coefficient of some primary schools, each with its students and its grounds in m²."""
    item = Item("R5", "5", "", "", "", "", "R5", (GROUNDS,))
    standard = Standard("s", "", "", (item,), unit=UnitTerms(("R5",), 1), weighting=weighting)
    schools = tuple(
        SchoolFacts(
            place,
            "1",
            f"第{place}小学",
            year=2026,
            whole={"sports_ground_m2": area},
            stages={Stage.PRIMARY: {"students": n}},
        )
        for place, (n, area) in enumerate(rows, 1)
    )
    return judge(standard, CountyFacts("1", date(2026, 11, 1), 2026, schools)).conditions["R5"].spreads[0]


# RULES section 5, example B: the grounds of four schools, CV = 0.440.
EXAMPLE = [(1200, 7200), (600, 5100), (300, 3600), (60, 1500)]


def test_the_example_reaches_its_limit_when_its_one_short_school_is_filled() -> None:
    spread = spread_of(EXAMPLE)
    assert spread.coefficient
    assert round(spread.coefficient.value, 3) == D("0.440")
    assert spread.finding is Finding.SHORT
    [found] = closings(spread)
    assert [unit.school.name for unit in found.units] == ["第1小学"]
    assert found.lacking == 1800
    filled = coefficient([Share(D(area), D(n), D(n)) for n, area in [(1200, 9000), *EXAMPLE[1:]]])
    assert filled
    assert found.value == filled.value
    assert found.finding is Finding.MET


@pytest.mark.parametrize("weighting", list(Weighting))
def test_the_short_way_gives_what_the_long_way_gives(weighting: Weighting) -> None:
    rows = [(100 + 37 * place, (place * 7919) % 5000 + 50) for place in range(40)]
    spread = spread_of(list(rows), weighting)
    assert spread.coefficient
    for found in closings(spread, most=40):
        [unit] = found.units
        place = unit.school.id - 1
        changed = [D(a) for _n, a in rows]
        changed[place] = D("7.5") * rows[place][0]
        weight = (lambda n: D(n)) if weighting is Weighting.STUDENTS else (lambda _n: D(1))
        slow = coefficient([Share(a, D(n), weight(n)) for (n, _a), a in zip(rows, changed, strict=True)])
        assert slow
        assert abs(slow.squared - found.value**2) < D("1e-25")
        assert found.value < spread.coefficient.value


def test_those_that_help_most_come_first_and_are_few() -> None:
    found = closings(spread_of([(100, 100), (100, 300), (100, 600), (100, 740), (1000, 9000)]))
    assert [each.units[0].school.id for each in found] == [1, 2, 3]
    assert [each.value for each in found] == sorted(each.value for each in found)


def test_a_school_above_the_mean_that_is_short_does_not_lower_the_coefficient() -> None:
    assert closings(spread_of([(100, 200), (1000, 2000), (100, 700)]), most=9)[0].units[0].school.id != 3
    assert all(each.units[0].school.id != 3 for each in closings(spread_of([(1000, 2000), (100, 700)]), most=9))


def test_all_filled_stand_at_the_threshold_together() -> None:
    spread = spread_of([(100, 100), (200, 300), (100, 750)])
    found = all_closed(spread)
    assert found
    assert (len(found.units), found.lacking, found.value, found.finding) == (2, D(1850), D(0), Finding.MET)
    assert all_closed(spread_of([(100, 750)])) is None


def test_while_a_school_is_unknown_filling_others_decides_nothing() -> None:
    spread = spread_of([(100, 100), (100, 900), (None, 500)])
    assert [each.finding for each in closings(spread)] == [Finding.UNKNOWN]


def test_nothing_is_filled_where_there_is_nothing() -> None:
    assert closings(spread_of([])) == []
    assert closings(spread_of([(100, 0)])) == []
    assert all_closed(spread_of([])) is None
