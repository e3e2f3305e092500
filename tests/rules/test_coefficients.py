"""The coefficient of difference between schools: worked examples, exact limits, and what holds for all numbers."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.seeded import J, P, good_stage, school, standard, verdict
from tracker.rules.coefficients import Share, coefficient, keeps
from tracker.rules.measures import Finding
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Standard, Weighting
from tracker.rules.verdicts import SpreadVerdict

D = Decimal
UNWEIGHTED = replace(standard(), weighting=Weighting.NONE)
steady = settings(derandomize=True, database=None, deadline=None)


def shares(students: list[int], amounts: list[int], *, weighted: bool = True) -> list[Share]:
    """The shares of schools with these students and amounts."""
    return [Share(D(a), D(n), D(n) if weighted else D(1)) for n, a in zip(students, amounts, strict=True)]


EXAMPLE_A = ([45, 37, 89, 76, 55], [279, 137, 935, 160, 402])
EXAMPLE_B = ([1200, 600, 300, 60], [7200, 5100, 3600, 1500])


@pytest.mark.parametrize(
    ("example", "weighted", "mean", "deviation", "value"),
    [
        (EXAMPLE_A, True, "6.334", "3.264", "0.515"),
        (EXAMPLE_A, False, None, None, "0.489"),
        (EXAMPLE_B, True, "8.056", "3.541", "0.440"),
        (EXAMPLE_B, False, None, None, "0.568"),
    ],
)
def test_the_coefficient_is_that_worked_by_hand(
    example: tuple[list[int], list[int]], weighted: bool, mean: str | None, deviation: str | None, value: str
) -> None:
    found = coefficient(shares(*example, weighted=weighted))
    assert found is not None
    assert round(found.value, 3) == D(value)
    if mean and deviation:
        assert round(found.mean, 3) == D(mean)
        assert round(found.value * found.mean, 3) == D(deviation)


def spread(code: str, stage: Stage, *schools: SchoolFacts, of: Standard | None = None) -> SpreadVerdict:
    """The coefficient of a condition in a stage."""
    spreads = verdict(*schools, of=of).conditions[code].spreads
    return next(each for each in spreads if each.stage is stage)


def grounds(students: int, area: int, kind: SchoolKind = SchoolKind.SCHOOL) -> SchoolFacts:
    """A primary school with this ground."""
    return school(students, kind=kind, sports_ground_m2=D(area))


@pytest.mark.parametrize(
    ("of", "value", "finding"), [(standard(), "0.440", Finding.MET), (UNWEIGHTED, "0.568", Finding.SHORT)]
)
def test_the_weighting_of_the_framework_decides(of: Standard, value: str, finding: Finding) -> None:
    schools = [grounds(students, area) for students, area in zip(*EXAMPLE_B, strict=True)]
    found = spread("R5", P, *schools, of=of)
    assert found.coefficient is not None
    assert (round(found.coefficient.value, 3), found.finding, found.coefficient.units) == (D(value), finding, 4)


@pytest.mark.parametrize(
    ("kind", "students", "units"),
    [
        (SchoolKind.TEACHING_POINT, 46, 4),
        (SchoolKind.TEACHING_POINT, 49, 4),
        (SchoolKind.TEACHING_POINT, 50, 5),
        (SchoolKind.SCHOOL, 46, 5),
        (SchoolKind.SPECIAL, 200, 4),
        (SchoolKind.VOCATIONAL, 200, 4),
    ],
)
def test_small_points_special_and_vocational_schools_are_in_no_coefficient(
    kind: SchoolKind, students: int, units: int
) -> None:
    schools = [grounds(n, area) for n, area in zip(*EXAMPLE_B, strict=True)]
    found = spread("R5", P, *schools, grounds(students, 1, kind))
    assert found.coefficient is not None
    assert found.coefficient.units == units


def test_one_school_does_not_differ_from_itself() -> None:
    found = spread("R5", P, grounds(800, 4321))
    assert found.coefficient is not None
    assert (found.coefficient.value, found.finding) == (0, Finding.MET)


def test_a_stage_without_schools_has_no_coefficient() -> None:
    found = spread("R5", J, grounds(800, 8000))
    assert (found.coefficient, found.finding) == (None, Finding.NONE)


def test_a_stage_without_students_is_in_no_coefficient() -> None:
    found = spread("R5", P, grounds(800, 8000), school(0, 300))
    assert found.coefficient is not None
    assert (found.coefficient.units, found.finding) == (1, Finding.MET)


def test_a_combined_school_stands_in_both_coefficients_with_its_shares() -> None:
    whole = school(540, 300, teaching_area_m2=D(6400))
    primary, junior = (spread("R4", stage, whole, school(800, 800)) for stage in (P, J))
    assert [len(each.shares) for each in (primary, junior)] == [2, 2]
    values = [each.shares[0][1].above / each.shares[0][1].below for each in (primary, junior)]
    assert [round(value, 2) for value in values] == [D("7.36"), D("8.09")]


def test_an_unknown_value_leaves_the_coefficient_open() -> None:
    schools = [grounds(n, area) for n, area in zip(*EXAMPLE_B, strict=True)]
    found = spread("R5", P, *schools, school(500, sports_ground_m2=None))
    assert found.coefficient is not None
    assert (round(found.coefficient.value, 3), found.unknown, found.finding) == (D("0.440"), 1, Finding.UNKNOWN)


def test_schools_that_all_have_nothing_leave_it_open() -> None:
    nothing = good_stage(800, backbone_teachers=0)
    found = spread("R2", P, school(nothing), school(nothing))
    assert (found.coefficient, found.finding) == (None, Finding.UNKNOWN)


@pytest.mark.parametrize(
    ("amounts", "students", "limit", "kept"),
    [
        # Values of x and 3x, weighted alike, differ by exactly one half of their mean.
        ([1, 3], [7, 7], "0.5", True),
        ([1, 3], [3, 3], "0.5", True),
        ([10**14, 3 * 10**14 + 1], [7, 7], "0.5", False),
        ([10**14 + 1, 3 * 10**14], [7, 7], "0.5", True),
        ([10**40, 3 * 10**40 + 1], [7, 7], "0.5", False),
        ([10**40 + 1, 3 * 10**40], [7, 7], "0.5", True),
        # 11/20 of the mean below and 29/20 above differ by 0.45.
        ([11, 29], [13, 13], "0.45", True),
        ([11 * 10**12, 29 * 10**12 + 1], [13, 13], "0.45", False),
    ],
)
def test_a_limit_is_met_exactly_though_the_quotients_do_not_end(
    amounts: list[int], students: list[int], limit: str, kept: bool
) -> None:
    given_shares = shares(students, amounts)
    found = coefficient(given_shares)
    assert found is not None
    assert keeps(found, D(limit), given_shares) is kept


def test_a_coefficient_of_exactly_half_is_met_in_primary_and_short_in_junior() -> None:
    numbers = [good_stage(700, backbone_teachers=10), good_stage(700, backbone_teachers=30)]
    assert spread("R2", P, *(school(each) for each in numbers)).finding is Finding.MET
    assert spread("R2", J, *(school(None, each) for each in numbers)).finding is Finding.SHORT


many = st.lists(st.tuples(st.integers(1, 3000), st.integers(0, 10**6)), min_size=1, max_size=12)


@steady
@given(schools=many, scale=st.integers(2, 10**6), weighted=st.booleans())
def test_the_coefficient_stays_when_all_amounts_scale(
    schools: list[tuple[int, int]], scale: int, weighted: bool
) -> None:
    students, amounts = [n for n, _a in schools], [a for _n, a in schools]
    before = coefficient(shares(students, amounts, weighted=weighted))
    after = coefficient(shares(students, [a * scale for a in amounts], weighted=weighted))
    if before is None or after is None:
        assert before is after
        return
    assert abs(before.squared - after.squared) < D("1e-50") * max(1, before.squared)
    for limit in (D("0.50"), D("0.45"), before.value):
        kept = keeps(before, limit, shares(students, amounts, weighted=weighted))
        assert kept is keeps(after, limit, shares(students, [a * scale for a in amounts], weighted=weighted))


@steady
@given(schools=many, weighted=st.booleans())
def test_the_decision_is_that_of_exact_fractions(schools: list[tuple[int, int]], weighted: bool) -> None:
    given_shares = shares([n for n, _a in schools], [a for _n, a in schools], weighted=weighted)
    found = coefficient(given_shares)
    if found is None:
        assert not any(a for _n, a in schools)
        return
    weights = [Fraction(each.weight) for each in given_shares]
    values = [Fraction(each.above) / Fraction(each.below) for each in given_shares]
    mean = sum(w * x for w, x in zip(weights, values, strict=True)) / sum(weights)
    square = sum(w * (x - mean) ** 2 for w, x in zip(weights, values, strict=True)) / sum(weights) / mean**2
    for limit in ("0.50", "0.45", "0", "1.1"):
        assert keeps(found, D(limit), given_shares) is (square <= Fraction(limit) ** 2)


@steady
@given(schools=many, data=st.data())
def test_lifting_the_lowest_school_never_widens_the_gap(schools: list[tuple[int, int]], data: st.DataObject) -> None:
    students, amounts = [n for n, _a in schools], [a for _n, a in schools]
    before = coefficient(shares(students, amounts))
    lowest = min(range(len(schools)), key=lambda place: Fraction(amounts[place], students[place]))
    highest = max(Fraction(a, n) for n, a in schools)
    most = int(highest * students[lowest]) - amounts[lowest]
    mean = Fraction(sum(amounts), sum(students))
    room = max(0, min(most, int(mean * students[lowest]) - amounts[lowest]))
    amounts[lowest] += data.draw(st.integers(0, room))
    after = coefficient(shares(students, amounts))
    if before is None or after is None:
        return
    assert after.squared - before.squared <= D("1e-50")
