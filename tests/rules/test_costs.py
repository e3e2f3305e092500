"""Costs beside costs: never judged beside fewer than three others."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.rules.costs import Measure, Place, costs_of, unit_cost
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.stages import Stage


def project(number: int, yuan: int | None, seats: int | None = 100, area: int | None = 10) -> ProjectFacts:
    """A new school."""
    part = PartFacts(number, f"学校{number}", Stage.PRIMARY, seats)
    floor = Decimal(area) if area is not None else None
    return ProjectFacts(
        f"p-{number}", f"项目{number}", "new", "360732", floor_area_m2=floor, budget_yuan=yuan, parts=(part,), id=number
    )


@pytest.mark.parametrize(
    ("yuan", "seats", "area", "a_seat", "a_metre"),
    [
        (1000, 100, 10, Decimal(10), Decimal(100)),
        (None, 100, 10, None, None),
        (0, 100, 10, None, None),
        (1000, None, 10, None, Decimal(100)),
        (1000, 100, None, Decimal(10), None),
        (1000, 0, 0, None, None),
    ],
)
def test_a_cost_needs_both_figures(
    yuan: int | None, seats: int | None, area: int | None, a_seat: Decimal | None, a_metre: Decimal | None
) -> None:
    one = project(1, yuan, seats, area)
    assert (unit_cost(one, Measure.SEAT), unit_cost(one, Measure.AREA)) == (a_seat, a_metre)


def test_money_for_two_schools_is_not_divided_by_the_seats_of_one() -> None:
    one = project(1, 1000)
    assert unit_cost(replace(one, parts=(*one.parts, PartFacts(2, "学校2"))), Measure.SEAT) is None


@pytest.mark.parametrize(
    ("yuan", "place"),
    [(1500, Place.USUAL), (1501, Place.HIGH), (1000, Place.USUAL), (667, Place.USUAL), (666, Place.LOW)],
)
def test_outliers_lie_beyond_the_bounds_themselves(yuan: int, place: Place) -> None:
    projects = [project(1, yuan), project(2, 900), project(3, 1000), project(4, 1100)]
    cost = next(each for each in costs_of(projects, Measure.SEAT) if each.project.id == 1)
    assert (cost.median, cost.others, cost.place) == (Decimal(10), 3, place)
    assert cost.is_outlier is (place in {Place.HIGH, Place.LOW})


def test_nothing_is_judged_beside_fewer_than_three_others() -> None:
    costs = costs_of([project(1, 9000), project(2, 900), project(3, 1000), project(4, None)], Measure.SEAT)
    assert [each.project.id for each in costs] == [1, 3, 2]
    assert [(each.others, each.ratio, each.place) for each in costs] == [(2, None, Place.ALONE)] * 3


def test_others_are_those_of_the_county_and_category_that_go_on() -> None:
    own = [project(number, 1000) for number in range(1, 4)]
    apart = [
        replace(project(4, 1000), category="expansion"),
        replace(project(5, 1000), region="640422"),
        replace(project(6, 1000), suspended=True),
    ]
    costs = {each.project.id: each for each in costs_of([*own, *apart], Measure.SEAT)}
    assert set(costs) == {1, 2, 3, 4, 5}
    assert (costs[1].others, costs[4].others, costs[5].others) == (2, 0, 0)
    assert costs[4].median is None
