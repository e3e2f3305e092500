"""Schools and counties for the tests of the arithmetic, and the standards as their seeds have them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from typing import Any

from tracker.documents.framework_seed import read_framework_seed, standard_from
from tracker.rules.measures import Judged, judge_unit
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import SchoolKind, Stage
from tracker.rules.standards import Condition, Standard
from tracker.rules.verdicts import CountyFacts, Verdict, judge
from tracker.settings import ROOT

P, J, S = Stage.PRIMARY, Stage.JUNIOR, Stage.SENIOR
TODAY = date(2026, 3, 6)
_numbers = count(1)


@cache
def standard(code: str = "national") -> Standard:
    """A standard as seeds/frameworks has it."""
    national = None if code == "national" else standard()
    return standard_from(read_framework_seed(ROOT / "seeds" / "frameworks" / f"{code}.yaml"), national)


def relaxed(of: Standard, code: str) -> Standard:
    """A standard with the relaxation of one condition switched on."""

    def on(condition: Condition) -> Condition:
        if condition.code != code or condition.relaxation is None:
            return condition
        return replace(condition, relaxation=replace(condition.relaxation, on=True))

    return replace(of, items=tuple(replace(each, conditions=tuple(map(on, each.conditions))) for each in of.items))


def up(number: int, by: int) -> int:
    """The quotient rounded up."""
    return -(-number // by)


def good_stage(students: int, **differences: Any) -> dict[str, Any]:
    """The numbers of a stage that meets everything."""
    teachers = up(students, 10)
    values = {
        "students": students,
        "classes": up(students, 40),
        "largest_class": min(students, 40),
        "full_time_teachers": teachers,
        "qualified_teachers": teachers,
        "backbone_teachers": up(students, 50),
        "arts_teachers": up(students, 50),
        "licensed_teachers": teachers,
        "trained_teachers": teachers,
    }
    return values | differences


def school(
    primary: int | dict[str, Any] | None = None,
    junior: int | dict[str, Any] | None = None,
    senior: int | dict[str, Any] | None = None,
    *,
    kind: SchoolKind = SchoolKind.SCHOOL,
    facts: Mapping[str, Any] | None = None,
    **whole: Any,
) -> SchoolFacts:
    """A school that meets everything but where it is told otherwise; stages by students or by all their numbers."""
    stages = {
        stage: good_stage(given) if isinstance(given, int) else given
        for stage, given in ((P, primary), (J, junior), (S, senior))
        if given is not None
    }
    students = sum(each.get("students") or 0 for each in stages.values())
    rooms = up(sum(each.get("classes") or 0 for each in stages.values()), 12)
    values = {
        "kindergarten_children": 0,
        "teaching_area_m2": Decimal(students * 8),
        "indoor_sports_m2": Decimal(0),
        "sports_ground_m2": Decimal(students * 14),
        "equipment_yuan": students * 4000,
        "multimedia_rooms": up(students, 20),
        "music_rooms": rooms,
        "large_music_rooms": rooms,
        "art_rooms": rooms,
        "large_art_rooms": rooms,
        "operating_funds_yuan": max(students, 100) * 6000,
        "training_funds_yuan": max(students, 100) * 600,
        "payroll_yuan": students * 10_000,
    }
    number = next(_numbers)
    more = {"year": 2025, "counted_on": date(2025, 9, 30)} | dict(facts or {})
    return SchoolFacts(number, "360732", f"学校{number}", kind, stages=stages, whole=values | whole, **more)


GOOD_FIGURES: dict[str, Decimal | bool] = {
    "funds_standard_primary": Decimal(1150),
    "funds_standard_junior": Decimal(1350),
    "teacher_pay_yuan": Decimal(84_200),
    "civil_servant_pay_yuan": Decimal(84_000),
    "eligible_teachers": Decimal(620),
    "rotated_teachers": Decimal(62),
    "rotated_backbone_teachers": Decimal(13),
    "catchment_primary": Decimal(9000),
    "enrolled_primary": Decimal(9000),
    "catchment_junior": Decimal(3800),
    "enrolled_junior": Decimal(4000),
    "good_senior_places": Decimal(1000),
    "allotted_places": Decimal(500),
    "migrant_children": Decimal(520),
    "migrants_public": Decimal(420),
    "migrants_paid": Decimal(30),
    "junior_graduates": Decimal(405),
    "junior_moved_in": Decimal(25),
    "junior_moved_out": Decimal(30),
    "junior_intake": Decimal(420),
    "junior_deaths": Decimal(1),
    "disabled_children": Decimal(100),
    "disabled_enrolled": Decimal(95),
    "monitoring_difference": Decimal("0.1499"),
    "valid_answers": Decimal(1000),
    "satisfied_answers": Decimal(850),
}


def good_figures(of: Standard, **differences: Decimal | bool | None) -> dict[str, Decimal | bool | None]:
    """The values of a county that meets everything: yes to every question, no to every veto, all points."""
    vetoes = {veto.figure for veto in of.vetoes}
    points = {part.figure: part.points for item in of.items for part in item.parts if part.points is not None}
    answers = {each.code: each.code not in vetoes for each in of.figures if each.is_question}
    asked = {each.code for each in of.figures}
    numbers = {code: value for code, value in GOOD_FIGURES.items() if code in asked}
    return {**answers, **points, **numbers, **differences}


def verdict(*schools: SchoolFacts, of: Standard | None = None, **figures: Decimal | bool | None) -> Verdict:
    """The verdict on a county of these schools that otherwise meets everything."""
    asked = of or standard()
    return judge(asked, CountyFacts("360732", TODAY, 2025, schools, good_figures(asked, **figures)))


def judged(code: str, of: SchoolFacts, stage: Stage, by: Standard | None = None) -> Judged:
    """One condition asked of one stage of a school."""
    asked = by or standard()
    return judge_unit(asked.conditions[code], of, stage, asked, {})
