"""The means of earlier years, which the small charts show."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Condition, Item, Standard, Subject, UnitTerms, Weighting
from tracker.rules.trends import means
from tracker.rules.verdicts import CountyFacts, judge

D = Decimal
BOUNDS = {"primary": D("7.5"), "junior": D("10.2")}
R5 = Condition(
    "R5",
    Subject.UNIT,
    plus=("sports_ground_m2", "indoor_sports_m2"),
    per=("students",),
    bounds=BOUNDS,
    divided=True,
    spread={"primary": D("0.50"), "junior": D("0.45")},
)
STANDARD = Standard(
    "s",
    "",
    "",
    (Item("R5", "5", "", "", "", "", "R5", (R5,)),),
    unit=UnitTerms(("R5",), 1),
    weights={"primary": D(1), "junior": D("1.1"), "senior": D("1.32")},
)


def school(place: int, stages: dict[Stage, int | None], area: int | None, **more: object) -> SchoolFacts:
    """A school with students by stage and sports grounds."""
    return SchoolFacts(
        place,
        "1",
        f"第{place}学校",
        year=2025,
        whole={"sports_ground_m2": area, "indoor_sports_m2": 0},
        stages={stage: {"students": count} for stage, count in stages.items()},
        **more,  # type: ignore[arg-type]
    )


FACTS = CountyFacts(
    "1",
    date(2025, 11, 1),
    2025,
    (
        school(1, {Stage.PRIMARY: 1200}, 7200),
        school(2, {Stage.PRIMARY: 540, Stage.JUNIOR: 300}, 6400),
        school(3, {Stage.JUNIOR: 500, Stage.SENIOR: 700}, 9000),
        school(4, {Stage.PRIMARY: 300}, None),
        school(5, {Stage.PRIMARY: 30}, 9000, kind=SchoolKind.TEACHING_POINT),
        school(6, {Stage.PRIMARY: None}, 900),
    ),
)


def test_they_are_the_means_that_the_coefficients_have() -> None:
    for weighting in Weighting:
        standard = replace(STANDARD, weighting=weighting)
        spreads = judge(standard, FACTS).conditions["R5"].spreads
        found = means(standard, FACTS, [R5])
        assert len(found) == len(spreads) == 2
        for each in spreads:
            assert each.coefficient
            assert abs(found["R5", each.stage] - each.coefficient.mean) < D("0.00001")


def test_what_is_unknown_or_not_counted_is_in_no_mean() -> None:
    assert means(STANDARD, replace(FACTS, schools=FACTS.schools[3:]), [R5]) == {}
    assert means(STANDARD, replace(FACTS, schools=()), [R5]) == {}
    assert means(STANDARD, replace(FACTS, schools=FACTS.schools[:1]), [R5]) == {("R5", Stage.PRIMARY): D(6)}


def test_a_kindergarten_takes_its_share_where_the_standard_says_so() -> None:
    with_children = replace(STANDARD, weights={**STANDARD.weights, "kindergarten": D(1)})
    found = replace(FACTS, schools=FACTS.schools[:1])
    assert means(with_children, found, [R5]) == {}
    [only] = found.schools
    found = replace(found, schools=(replace(only, whole={**only.whole, "kindergarten_children": 1200}),))
    assert means(with_children, found, [R5]) == {("R5", Stage.PRIMARY): D(3)}
