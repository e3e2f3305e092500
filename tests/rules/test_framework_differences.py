"""What a framework asks otherwise than the national standard."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tracker.rules.framework_differences import Facet, Term, differences
from tracker.rules.standards import Condition, Item, Part, Relaxation, Sense, Standard, Subject, UnitTerms, Weighting

D = Decimal
Q4 = Condition(
    "Q4",
    Subject.SCHOOL,
    plus=("training_funds_yuan",),
    per=("operating_funds_yuan",),
    factor=D(100),
    bounds={"all": D(5)},
    spread={"primary": D("0.5")},
)


def item(code: str, *conditions: Condition, national: str | None = None, parts: tuple[Part, ...] = ()) -> Item:
    """An item of a group."""
    return Item(code, code, code, "", "g", "", national, conditions, parts)


NATIONAL = Standard("national", "国家", "", (item("Q4", Q4), item("G7")), unit=UnitTerms(("Q4",), 1, D("0.85")))


def own(*items: Item, **terms: object) -> Standard:
    """A framework with national terms but for some."""
    return replace(NATIONAL, code="own", items=items, **terms)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "facets"),
    [
        ({}, []),
        ({"name": "另一名称"}, []),
        ({"bounds": {"all": D("5.0")}}, []),
        ({"bounds": {"all": D("1.5")}}, [Facet.BOUND]),
        ({"sense": Sense.BELOW}, [Facet.BOUND]),
        ({"per": ("payroll_yuan",), "bounds": {"all": D("1.5")}}, [Facet.MEASURE]),
        ({"spread": {"primary": D("0.45")}}, [Facet.SPREAD]),
        ({"spread": {}}, [Facet.SPREAD]),
        ({"relaxation": Relaxation(D("1.2"))}, []),
        ({"relaxation": Relaxation(D("1.2"), on=True)}, [Facet.RELAXATION]),
        ({"bounds": {"all": D(4)}, "spread": {}}, [Facet.BOUND, Facet.SPREAD]),
    ],
)
def test_a_condition_differs_in_what_changes_its_answer(changed: dict[str, object], facets: list[Facet]) -> None:
    mine = replace(Q4, **changed)  # type: ignore[arg-type]
    found = differences(own(item("29", mine, national="Q4"), item("7", national="G7")), NATIONAL)
    assert [each.facet for each in found.conditions] == facets
    assert found.is_nothing is (not facets)


def test_items_of_its_own_and_those_left_out_are_named() -> None:
    found = differences(own(item("29", Q4, national="Q4"), item("8")), NATIONAL)
    assert [each.code for each in found.own_items] == ["8"]
    assert [each.code for each in found.left_out] == ["G7"]


def test_conditions_added_and_left_out_are_named_but_not_those_that_parts_stand_for() -> None:
    more = replace(Q4, code="Q4.2")
    found = differences(own(item("29", more, national="Q4")), NATIONAL)
    assert [(each.facet, each.own, each.national) for each in found.conditions] == [
        (Facet.ADDED, more, None),
        (Facet.LEFT_OUT, None, Q4),
    ]
    parts = (Part("1", "一", D(3), "own/29.1"),)
    assert not differences(own(item("29", national="Q4", parts=parts)), NATIONAL).conditions


@pytest.mark.parametrize(
    ("terms", "named"),
    [
        ({"unit": UnitTerms(("Q4",), 0, D("0.85"))}, [Term.NEEDED]),
        ({"unit": UnitTerms(("Q4",), 1, D("0.80"), 100)}, [Term.FLOOR, Term.LEAST_STUDENTS]),
        ({"weighting": Weighting.NONE}, [Term.WEIGHTING]),
        ({"weights": {"kindergarten": D("1.1")}}, [Term.WEIGHTS]),
        ({"pass_points": D(90)}, [Term.PASS_POINTS]),
    ],
)
def test_terms_that_differ_are_named(terms: dict[str, object], named: list[Term]) -> None:
    found = differences(own(item("29", Q4, national="Q4"), item("7", national="G7"), **terms), NATIONAL)
    assert [each.term for each in found.terms] == named


def test_the_national_one_and_another_field_differ_in_nothing() -> None:
    assert differences(NATIONAL, NATIONAL).is_nothing
    assert differences(own(item("1"), pass_points=D(60)), NATIONAL).is_nothing
