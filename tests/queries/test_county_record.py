"""A county's record: the same facts as everywhere, with the years before and the sources."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from flask import Flask

from tests.factories import OTHER_COUNTY, World, make_school, make_school_year
from tests.visit import counted_queries
from tracker.models import CountyValue, db
from tracker.queries.county_facts import facts_of
from tracker.queries.county_record import record_of
from tracker.rules.stages import Stage, Standing

COUNTY = "360732"
ON = date(2026, 11, 1)


def make_county() -> None:
    """Schools that are open, silent, closed or not open yet, with numbers of some years."""
    first, silent = make_school("第一小学", opened_on=date(2010, 9, 1)), make_school("第二小学")
    gone, coming = make_school("旧小学", closed_on=date(2026, 7, 1)), make_school("新小学", opened_on=date(2027, 9, 1))
    for year in (2022, 2024, 2025, 2026):
        make_school_year(first, year, stages={"primary": {"students": year - 1000}}, sports_ground_m2=Decimal(7000))
    make_school_year(make_school("第三小学"), 2026, stages={"primary": {"students": 70}})
    make_school_year(silent, 2025, stages={"primary": {"students": 90}, "senior": {"students": 80}})
    make_school_year(gone, 2025, stages={"primary": {"students": 60}})
    make_school_year(coming, 2027, stages={"primary": {"students": 60}})
    make_school_year(make_school("别处小学", region=OTHER_COUNTY), 2026, stages={"primary": {"students": 5}})
    for number, on in ((10, date(2025, 9, 1)), (12, date(2026, 9, 1)), (99, date(2027, 1, 1))):
        db.session.add(
            CountyValue(
                region_code=COUNTY,
                figure="rotated",
                on=on,
                number=Decimal(number),
                standing=Standing.CHECKED,
                source="年报",
                said_at=datetime(2026, 9, 2, tzinfo=UTC),
            )
        )
    db.session.commit()


def test_it_knows_what_the_facts_of_the_county_know_and_asks_less(app: Flask, world: World) -> None:
    make_county()
    with counted_queries() as statements:
        record = record_of(COUNTY, ON)
    assert len(statements) == 3
    assert record.facts == facts_of(COUNTY, ON)
    assert record.facts.year == 2026
    assert [school.name for school in record.facts.schools] == ["第一小学", "第二小学", "第三小学"]
    for day in (date(2025, 10, 1), date(2021, 1, 1), date(2023, 5, 5)):
        assert record_of(COUNTY, day).facts == facts_of(COUNTY, day)


def test_the_years_before_hold_the_schools_that_had_numbers_then(app: Flask, world: World) -> None:
    make_county()
    earlier = record_of(COUNTY, ON).earlier
    assert [facts.year for facts in earlier] == [2025, 2024]
    assert [[school.name for school in facts.schools] for facts in earlier] == [
        ["第一小学", "第二小学", "旧小学"],
        ["第一小学"],
    ]
    assert earlier[1].schools[0].stages[Stage.PRIMARY]["students"] == 1024


def test_it_says_how_far_each_number_may_be_relied_on(app: Flask, world: World) -> None:
    school = make_school("第一小学")
    make_school_year(
        school,
        2026,
        stages={"primary": {"students": 90}},
        standing=Standing.CHECKED,
        exceptions={"primary.students": {"standing": "estimated"}, "equipment_yuan": {"standing": "reported"}},
    )
    db.session.commit()
    standing = record_of(COUNTY, ON).standings[school.id]
    assert standing.of(["sports_ground_m2"]) is Standing.CHECKED
    assert standing.of(["equipment_yuan"], Stage.PRIMARY) is Standing.REPORTED
    assert standing.of(["equipment_yuan", "students"], Stage.PRIMARY) is Standing.ESTIMATED
    assert standing.of([], Stage.PRIMARY) is Standing.CHECKED


def test_a_county_without_anything_has_an_empty_record(app: Flask, world: World) -> None:
    record = record_of(COUNTY, ON)
    assert (record.facts.year, record.facts.schools, record.earlier, record.values) == (None, (), [], {})
