"""What planned figures say against themselves and the standard; nothing from a number that is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rules.seeded import standard
from tracker.rules.capacity import Limits, capacity_findings, limits_of
from tracker.rules.checkup import Code, Finding, Severity, kinds_of
from tracker.rules.completion import NodeFacts
from tracker.rules.money import MoneyKind
from tracker.rules.project_facts import PartFacts, ProjectFacts
from tracker.rules.proposals import PlannedBuilding
from tracker.rules.stages import Stage

PRIMARY, JUNIOR, NINE, SENIOR = Stage.PRIMARY, Stage.JUNIOR, Stage.NINE_YEAR, Stage.SENIOR
LIMITS = limits_of(standard())
Part = tuple[int, Stage | None, int | None, int | None]


def planned(of: list[Part], **figures: Any) -> ProjectFacts:
    """A new school of which nothing is left out but what the test leaves out."""
    values: dict[str, Any] = {
        "key": "p-1",
        "title": "新建项目",
        "category": "new",
        "budget_yuan": 1,
        "due_on": date(2026, 9, 1),
        "parts": tuple(PartFacts(number, f"学校{number}", *part) for number, *part in of),
        "id": 1,
    }
    return ProjectFacts(**(values | figures))


def found(project: ProjectFacts, code: Code, *buildings: PlannedBuilding, limits: Limits = LIMITS) -> list[Finding]:
    """The findings of one kind about a project."""
    return [each for each in capacity_findings([project], limits, {1: buildings}) if each.code is code]


def test_the_bounds_are_those_of_the_framework() -> None:
    assert LIMITS.classes == {PRIMARY: 45, JUNIOR: 50}
    assert LIMITS.schools == {"single": 2000, "combined": 2500}
    assert LIMITS.sports_m2 == {PRIMARY: Decimal("7.5"), JUNIOR: Decimal("10.2")}
    assert LIMITS.teaching_m2 == {PRIMARY: Decimal("4.5"), JUNIOR: Decimal("5.8")}
    assert LIMITS.rooms_per_100 == {PRIMARY: Decimal("2.3"), JUNIOR: Decimal("2.4")}
    assert LIMITS.floor == Decimal("0.85")


@pytest.mark.parametrize(
    ("stage", "seats", "classes", "mean", "needed", "allowed"),
    [
        (PRIMARY, 1800, 36, "50.0", 40, 1620),
        (PRIMARY, 1500, 30, "50.0", 34, 1350),
        (PRIMARY, 2000, 40, "50.0", 45, 1800),
        (PRIMARY, 2026, 45, "45.1", 46, 2025),
        (JUNIOR, 2040, 40, "51.0", 41, 2000),
        (PRIMARY, 2025, 45, None, None, None),
        (JUNIOR, 2000, 40, None, None, None),
        # A school of both stages is held against the laxer bound of them.
        (NINE, 2400, 30, "80.0", 48, 1500),
        (NINE, 1530, 30, "51.0", 31, 1500),
        (NINE, 1500, 30, None, None, None),
        (SENIOR, 2000, 20, None, None, None),
        (None, 2000, 20, None, None, None),
        (PRIMARY, None, 36, None, None, None),
        (PRIMARY, 1800, None, None, None, None),
        (PRIMARY, 1800, 0, None, None, None),
    ],
)
def test_a_class_above_the_limit_of_its_stage(
    stage: Stage | None,
    seats: int | None,
    classes: int | None,
    mean: str | None,
    needed: int | None,
    allowed: int | None,
) -> None:
    findings = found(planned([(1, stage, seats, classes)]), Code.CLASS_SIZE)
    if mean is None:
        assert findings == []
        return
    [finding] = findings
    assert finding.severity is Severity.CONTRADICTION
    assert (finding.school, finding.stage) == ("学校1", stage)
    assert finding.evidence["mean"] == Decimal(mean)
    assert finding.mend == {"classes_needed": needed, "seats_allowed": allowed}


@pytest.mark.parametrize(
    ("parts", "limit", "over", "schools"),
    [
        ([(1, JUNIOR, 2800, 56)], 2000, 800, 2),
        ([(1, PRIMARY, 2001, 45)], 2000, 1, 2),
        ([(1, JUNIOR, 2000, 40)], None, None, None),
        ([(1, NINE, 2501, None)], 2500, 1, 2),
        ([(1, NINE, 2500, None)], None, None, None),
        ([(1, PRIMARY, 1400, 32), (1, JUNIOR, 1200, 24)], 2500, 100, 2),
        ([(1, PRIMARY, 1300, 30), (1, JUNIOR, 1200, 24)], None, None, None),
        # Two schools of 2,000 in one project are two schools.
        ([(1, PRIMARY, 2000, 45), (2, JUNIOR, 2000, 40)], None, None, None),
        # Senior seats are not those of the compulsory stages.
        ([(1, JUNIOR, 1500, 30), (1, SENIOR, 1500, 30)], None, None, None),
        ([(1, SENIOR, 9000, 180)], None, None, None),
        ([(1, None, 9000, None)], None, None, None),
        ([(1, PRIMARY, None, None)], None, None, None),
    ],
)
def test_a_school_above_the_limit_of_its_form(
    parts: list[Part], limit: int | None, over: int | None, schools: int | None
) -> None:
    findings = found(planned(parts), Code.SCHOOL_SIZE)
    assert [(each.evidence["limit"], each.mend["seats_over"], each.mend["schools_needed"]) for each in findings] == (
        [(limit, over, schools)] if limit else []
    )


def test_a_school_of_both_stages_needs_at_least_the_smaller_ground() -> None:
    school = planned([(1, NINE, 2400, 48)], land_mu=Decimal(30))
    [finding] = found(replace(school, sports_area_m2=Decimal(17_000)), Code.SPORTS_SHORT)
    assert finding.evidence["asked_m2"] == 18_000
    assert found(replace(school, sports_area_m2=Decimal(18_000)), Code.SPORTS_SHORT) == []
    [finding] = found(school, Code.SPORTS_UNSTATED)
    assert finding.evidence["asked_m2"] == 18_000
    one_stage = replace(LIMITS, classes={PRIMARY: Decimal(45)}, sports_m2={PRIMARY: Decimal("7.5")})
    for code in (Code.CLASS_SIZE, Code.SPORTS_UNSTATED):
        assert found(planned([(1, NINE, 9000, 48)], land_mu=Decimal(30)), code, limits=one_stage) == []


def test_two_schools_on_one_site_need_both_their_grounds() -> None:
    project = planned([(1, JUNIOR, 2000, 40), (2, PRIMARY, 2000, 45)], land_mu=Decimal("70.26"))
    [finding] = found(project, Code.SHARED_SITE)
    assert finding.severity is Severity.LOOK
    assert finding.evidence["asked_m2"] == 35_400
    assert round(Decimal(str(finding.evidence["site_m2"]))) == 46_840
    assert round(Decimal(str(finding.evidence["share"])), 3) == Decimal("0.756")
    assert finding.mend["grounds"] == (("学校1", Decimal(20_400)), ("学校2", Decimal(15_000)))
    assert found(project, Code.SPORTS_UNSTATED) == []
    [small] = found(replace(project, land_mu=Decimal(50)), Code.SHARED_SITE)
    assert small.severity is Severity.CONTRADICTION


@pytest.mark.parametrize(
    ("parts", "figures", "is_found", "asked"),
    [
        ([(1, JUNIOR, None, None), (2, PRIMARY, 2000, 45)], {"land_mu": Decimal(70)}, True, None),
        ([(1, JUNIOR, 900, None), (2, PRIMARY, 900, 45)], {"site": "某处"}, True, Decimal(15_930)),
        ([(1, JUNIOR, 900, None), (2, PRIMARY, 900, 45)], {}, False, None),
        ([(1, PRIMARY, 900, None), (1, JUNIOR, 900, 45)], {"land_mu": Decimal(70)}, False, None),
        # Seven campuses that are extended share no site.
        ([(1, JUNIOR, None, None), (2, PRIMARY, None, None)], {"category": "expansion", "site": "校园内"}, False, None),
    ],
)
def test_a_shared_site_says_only_what_is_known(
    parts: list[Part], figures: dict[str, Any], is_found: bool, asked: Decimal | None
) -> None:
    findings = found(planned(parts, **figures), Code.SHARED_SITE)
    assert [each.evidence["asked_m2"] for each in findings] == ([asked] if is_found else [])


@pytest.mark.parametrize(
    ("figures", "code", "mend"),
    [
        ({"sports_area_m2": Decimal(20_000), "land_mu": Decimal(20)}, Code.SPORTS_OVER_SITE, None),
        ({"sports_area_m2": Decimal(6_000), "land_mu": Decimal(40)}, Code.SPORTS_SHORT, {"short_m2": Decimal(1_500)}),
        ({"land_mu": Decimal(30)}, Code.SPORTS_UNSTATED, {"sports_m2": Decimal(7_500)}),
        ({"sports_area_m2": Decimal(7_500), "land_mu": Decimal(40)}, None, None),
        ({"sports_area_m2": Decimal(7_500)}, None, None),
        ({"land_mu": Decimal("33.75")}, None, None),  # exactly a third
        ({}, None, None),
        ({"land_mu": Decimal(30), "parts": (PartFacts(1, "学校1", PRIMARY),)}, None, None),
        ({"sports_area_m2": Decimal(60), "category": "expansion", "land_mu": Decimal(1)}, None, None),
    ],
)
def test_the_sports_ground_beside_the_seats_and_the_site(
    figures: dict[str, Any], code: Code | None, mend: dict[str, Decimal] | None
) -> None:
    codes = (Code.SPORTS_OVER_SITE, Code.SPORTS_SHORT, Code.SPORTS_UNSTATED)
    project = planned([(1, PRIMARY, 1000, 25)], **figures)
    findings = [each for each in capacity_findings([project], LIMITS) if each.code in codes]
    assert [each.code for each in findings] == ([code] if code else [])
    assert mend is None or findings[0].mend == mend


def test_a_ground_that_would_take_more_than_the_site_is_a_contradiction() -> None:
    [finding] = found(planned([(1, PRIMARY, 1000, 25)], land_mu=Decimal(11)), Code.SPORTS_UNSTATED)
    assert finding.severity is Severity.CONTRADICTION


@pytest.mark.parametrize(
    ("stage", "seats", "classes", "to_add", "fails"),
    [
        (JUNIOR, 2000, 40, 8, True),
        (PRIMARY, 2000, 45, 1, False),
        (PRIMARY, 1500, 30, 5, False),
        (JUNIOR, 1000, 24, None, None),
        (JUNIOR, None, 24, None, None),
        (JUNIOR, 1000, None, None, None),
        (NINE, 1000, 10, 13, True),
        (NINE, 1000, 23, None, None),
    ],
)
def test_one_multimedia_room_a_class_is_not_always_enough(
    stage: Stage, seats: int | None, classes: int | None, to_add: int | None, fails: bool | None
) -> None:
    findings = found(planned([(1, stage, seats, classes)]), Code.ROOMS)
    assert [(each.mend["rooms_to_add"], each.evidence["fails"]) for each in findings] == (
        [(to_add, fails)] if to_add else []
    )


@pytest.mark.parametrize(
    ("buildings", "floor", "codes"),
    [
        ([("教学楼", 4500), ("宿舍楼", 2000)], 6500, []),
        ([("教学楼", 4500), ("宿舍楼", 2001)], 6500, [Code.BUILDINGS_OVER_FLOOR]),
        ([("教学楼", 4500), ("宿舍楼", None)], 4000, [Code.BUILDINGS_OVER_FLOOR]),
        ([("教学楼", 4500), ("宿舍楼", 9000)], None, []),
        ([("教学楼", 4400)], None, [Code.TEACHING_SHORT]),
        ([("教学楼", 4400), ("科技楼", None)], None, []),
        ([("教学楼及体育馆", 4400)], None, []),
        ([("宿舍楼", 100)], None, []),
        ([], 100, []),
    ],
)
def test_buildings_beside_the_floor_area_and_the_seats(
    buildings: list[tuple[str, int | None]], floor: int | None, codes: list[Code]
) -> None:
    named = [PlannedBuilding(use, Decimal(area) if area else None) for use, area in buildings]
    project = planned([(1, PRIMARY, 1000, 25)], floor_area_m2=Decimal(floor) if floor else None)
    kinds = {Code.BUILDINGS_OVER_FLOOR, Code.TEACHING_SHORT}
    assert [each.code for each in capacity_findings([project], LIMITS, {1: named}) if each.code in kinds] == codes
    extended = replace(project, category="expansion")
    assert found(extended, Code.TEACHING_SHORT, *named) == []


@pytest.mark.parametrize(
    ("title", "uses", "is_found"),
    [
        ("古龙岗中学宿舍楼项目", ["综合楼"], True),
        ("兴莲中学教学楼、宿舍楼项目", ["教学综合楼", "学生宿舍"], False),
        ("兴江中学宿舍楼项目", [], False),
        ("第三中学改造项目", ["宿舍楼"], False),
    ],
)
def test_a_title_that_names_another_building(title: str, uses: list[str], is_found: bool) -> None:
    buildings = [PlannedBuilding(use) for use in uses]
    assert bool(found(planned([], title=title, category="expansion"), Code.TITLE_USE, *buildings)) is is_found


@pytest.mark.parametrize(
    ("figures", "code", "is_found"),
    [
        ({"budget_yuan": None}, Code.WITHOUT_MONEY, True),
        ({"budget_yuan": None, "money": {MoneyKind.PLANNED: 5}}, Code.WITHOUT_MONEY, False),
        ({"budget_yuan": 0}, Code.WITHOUT_MONEY, False),
        ({"due_on": None}, Code.WITHOUT_DATE, True),
        ({"due_on": None, "needs_redate": True}, Code.WITHOUT_DATE, False),
        ({"due_on": None, "closed_on": date(2025, 1, 1)}, Code.WITHOUT_DATE, False),
        ({"due_on": None, "nodes": (NodeFacts("投用", date(2027, 8, 1)),)}, Code.WITHOUT_DATE, False),
        ({"parts": (PartFacts(1, "学校1", PRIMARY),)}, Code.WITHOUT_SEATS, True),
        ({"parts": ()}, Code.WITHOUT_SEATS, True),
        ({"parts": (PartFacts(1, "学校1", PRIMARY),), "category": "expansion"}, Code.WITHOUT_SEATS, False),
        ({}, Code.WITHOUT_SEATS, False),
    ],
)
def test_what_is_left_out(figures: dict[str, Any], code: Code, is_found: bool) -> None:
    assert bool(found(planned([(1, PRIMARY, 450, 10)], **figures), code)) is is_found


def test_the_same_site_in_two_projects_of_different_schools() -> None:
    first = planned([(1, PRIMARY, 450, 10)], site="某村", land_mu=Decimal(80))
    second = planned([(2, JUNIOR, 450, 10)], site="某村", id=2, key="p-2", title="另一项目")
    [finding] = [each for each in capacity_findings([second, first], LIMITS) if each.code is Code.SAME_SITE]
    assert finding.keys == ("p-1", "p-2")
    assert finding.evidence == {"site": "某村", "land_mu": (("新建项目", Decimal(80)),)}
    spaced = [replace(first, site="（城南）A地块1号"), replace(second, site="(城南) A 地块１号")]
    assert [each.code for each in capacity_findings(spaced, LIMITS) if each.code is Code.SAME_SITE]
    for other in (
        replace(second, site="他村"),
        replace(second, site=None),
        replace(second, parts=first.parts),
        replace(second, plan_title="另一计划"),
        replace(second, suspended=True),
    ):
        assert not [each for each in capacity_findings([first, other], LIMITS) if each.code is Code.SAME_SITE]


def test_a_framework_that_asks_less_finds_less() -> None:
    crowded = planned([(1, PRIMARY, 2800, 28)], land_mu=Decimal(11))
    assert capacity_findings([crowded], Limits()) == []


def test_what_is_suspended_is_left_out() -> None:
    assert capacity_findings([planned([(1, PRIMARY, 1800, 36)], suspended=True)], LIMITS) == []


def test_contradictions_come_first_and_kinds_together() -> None:
    one = planned([(1, PRIMARY, 1800, 36)], budget_yuan=None)
    two = planned([(2, PRIMARY, 1800, 36)], id=2, key="p-2")
    kinds = kinds_of(capacity_findings([two, one], LIMITS))
    assert [(kind.code, len(kind.findings)) for kind in kinds] == [
        (Code.CLASS_SIZE, 2),
        (Code.ROOMS, 2),
        (Code.WITHOUT_MONEY, 1),
    ]
    assert [each.keys for each in kinds[0].findings] == [("p-1",), ("p-2",)]
