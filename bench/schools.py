"""Schools to measure on: 200 units in each county with two years of numbers, what tasks add, and later enrolment."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from random import Random

from bench.rows import TASKS, Row, county_code
from tracker import clock
from tracker.models import (
    Addition,
    Base,
    CountyValue,
    LinkState,
    Origin,
    PlannedEnrolment,
    School,
    SchoolKind,
    SchoolYear,
    Stage,
    StageYear,
    Standing,
)
from tracker.rules.school_years import first_day, school_year_of

PRIMARIES, JUNIORS, COMBINED = 80, 60, 30
SCHOOLS = PRIMARIES + JUNIORS + COMBINED
UNITS = PRIMARIES + JUNIORS + 2 * COMBINED
YEARS = 2
ADDITIONS = 80
MOST_COUNTIES = 100  # 20,000 units, a province
ANSWERS = {"layout_reasonable": True, "funds_standard_primary": Decimal(720), "funds_standard_junior": Decimal(940)}


def school_tables(counties: int, now: datetime) -> Iterator[tuple[type[Base], Iterator[Row]]]:
    """The rows of each table for a number of counties, a province's at most, in the order to be stored in."""
    today, counties = clock.office_day(now), min(counties, MOST_COUNTIES)
    year = school_year_of(today)
    numbers = range(counties * SCHOOLS)
    years = [(number, year - back) for number in numbers for back in range(YEARS)]
    yield School, (_school(number) for number in numbers)
    yield SchoolYear, (_school_year(place, *each) for place, each in enumerate(years, start=1))
    yield StageYear, (row for place, each in enumerate(years, start=1) for row in _stage_years(place, *each))
    yield PlannedEnrolment, (row for number in numbers[::2] for row in _expected(number, year + 1))
    yield Addition, (_addition(number) for number in range(counties * ADDITIONS))
    yield CountyValue, (_value(county, code, year, now) for county in range(counties) for code in ANSWERS)


def stages_of(number: int) -> tuple[Stage, ...]:
    """The stages of a school by its number."""
    turn = number % SCHOOLS
    if turn < PRIMARIES:
        return (Stage.PRIMARY,)
    return (Stage.JUNIOR,) if turn < PRIMARIES + JUNIORS else (Stage.PRIMARY, Stage.JUNIOR)


def students_of(number: int, stage: Stage, year: int) -> int:
    """The students of a stage, a few more or fewer each year."""
    return 120 + number * 7919 % 1700 + (year + number) % 5 * 4 + (stage is Stage.JUNIOR)


def _school(number: int) -> Row:
    name = f"第{number % SCHOOLS + 1}学校"
    return {
        "id": number + 1,
        "region_code": county_code(number // SCHOOLS),
        "name": name,
        "folded": name,
        "kind": SchoolKind.SCHOOL,
    }


def _school_year(place: int, number: int, year: int) -> Row:
    students, random = sum(students_of(number, stage, year) for stage in stages_of(number)), Random(number)
    return {
        "id": place,
        "school_id": number + 1,
        "year": year,
        "counted_on": first_day(year),
        "teaching_area_m2": Decimal(students * random.randrange(450, 720)) / 100,
        "indoor_sports_m2": Decimal(random.randrange(0, 40_000)) / 100,
        "sports_ground_m2": Decimal(students * random.randrange(650, 1300)) / 100,
        "equipment_yuan": students * random.randrange(1800, 3600),
        "multimedia_rooms": students * random.randrange(21, 30) // 1000,
        "music_rooms": students // 400 + 1,
        "large_music_rooms": students // 420 + 1,
        "art_rooms": students // 400 + 1,
        "large_art_rooms": students // 420 + 1,
        "operating_funds_yuan": students * 1000,
        "training_funds_yuan": students * random.randrange(49, 60),
        "payroll_yuan": students * 9000,
        "standing": Standing.REPORTED,
        "source": "统计报表",
    }


def _stage_years(place: int, number: int, year: int) -> Iterator[Row]:
    random = Random(number)
    for stage in stages_of(number):
        students = students_of(number, stage, year)
        teachers, classes = students // 15 + 1, students // 43 + 1
        yield {
            "school_year_id": place,
            "stage": stage,
            "students": students,
            "classes": classes,
            "largest_class": -(-students // classes) + random.randrange(4),
            "full_time_teachers": teachers,
            "qualified_teachers": students * random.randrange(40, 64) // 1000,
            "backbone_teachers": students * random.randrange(9, 18) // 1000,
            "arts_teachers": students * random.randrange(8, 15) // 1000,
            "licensed_teachers": teachers,
            "trained_teachers": teachers,
        }


def _expected(number: int, year: int) -> Iterator[Row]:
    for stage in stages_of(number):
        students = students_of(number, stage, year) + 20
        yield {"school_id": number + 1, "stage": stage, "year": year, "students": students, "source": "学区测算"}


def _addition(number: int) -> Row:
    county, turn = divmod(number, ADDITIONS)
    return {
        "task_id": county * TASKS + 1 + turn,
        "school_id": county * SCHOOLS + 1 + turn * 2 % SCHOOLS,
        "figure": ("sports_ground_m2", "multimedia_rooms")[turn % 2],
        "amount": Decimal((600, 4)[turn % 2]),
        "reason": "按方案建设",
        "state": LinkState.CONFIRMED,
        "origin": Origin.HAND,
    }


def _value(county: int, code: str, year: int, now: datetime) -> Row:
    answer = ANSWERS[code]
    return {
        "region_code": county_code(county),
        "figure": code,
        "on": first_day(year),
        "number": None if isinstance(answer, bool) else answer,
        "yes": answer if isinstance(answer, bool) else None,
        "standing": Standing.REPORTED,
        "source": "教科体局",
        "said_at": now,
    }
