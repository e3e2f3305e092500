"""A school's numbers of a year: claimed once, explained where odd, checked until they change."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.actions.test_tasks import acting
from tests.factories import World, make_school, make_school_year
from tracker.actions.school_years import StaleYear, Unexplained, YearSaid, check_year, enter_year
from tracker.models import Event, School, SchoolYear, StageYear, Standing, db
from tracker.queries.school_years import numbers_of, side_by_side, totals_of, year_of, years_of
from tracker.queries.schools import school_by_id
from tracker.rules.jumps import Numbers
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES, Number
from tracker.rules.stages import Stage

NOW = datetime(2026, 3, 6, 1, tzinfo=UTC)
AT_ONCE = 8


def said(students: int, *, stage: Stage = Stage.PRIMARY, **whole: Number | None) -> YearSaid:
    """What a form says of a year with one stage; all else is unknown."""
    stages = {stage: {code: students if code == "students" else None for code in STAGE_FIGURES}}
    numbers = Numbers(stages, {code: whole.get(code) for code in WHOLE_FIGURES})
    return YearSaid(date(2025, 9, 1), Standing.REPORTED, "年报", numbers)


def test_of_many_who_enter_a_new_year_at_once_one_is_stored(app: Flask, world: World) -> None:
    school_id, actor = make_school().id, acting(world.office)
    db.session.commit()
    db.session.remove()
    gate = threading.Barrier(AT_ONCE)

    def one(number: int) -> str:
        gate.wait()
        with app.app_context():
            school = school_by_id(school_id)
            assert school
            try:
                enter_year(actor, school, 2025, 0, said(400 + number), NOW)
                db.session.commit()
            except StaleYear:
                db.session.rollback()
                return "stale"
            return "saved"

    with ThreadPoolExecutor(AT_ONCE) as pool:
        told = Counter(pool.map(one, range(AT_ONCE)))
    assert told == {"saved": 1, "stale": AT_ONCE - 1}
    assert db.session.scalar(sa.select(sa.func.count()).select_from(SchoolYear)) == 1
    assert db.session.scalar(sa.select(sa.func.count()).where(Event.act == "enter_school_year")) == 1


def test_a_stage_that_is_taken_out_leaves_no_row(app: Flask, world: World) -> None:
    school = make_school()
    make_school_year(school, 2025, stages={"primary": {"students": 20}, "junior": {"students": 10}})
    enter_year(acting(world.office), school, 2025, 1, said(20), NOW)
    assert list(db.session.scalars(sa.select(StageYear.stage))) == [Stage.PRIMARY]


def test_what_is_stored_is_exact(app: Flask, world: World) -> None:
    school = make_school()
    given = said(
        20, teaching_area_m2=Decimal("1234.56"), equipment_yuan=3_000_000_001, indoor_sports_m2=Decimal("0.00")
    )
    enter_year(acting(world.office), school, 2025, 0, given, NOW)
    db.session.expire_all()
    row = year_of(school, 2025)
    assert row
    numbers = numbers_of(row)
    assert numbers == given.numbers
    assert numbers.whole["sports_ground_m2"] is None


@pytest.mark.parametrize(("was", "is_asked"), [(None, False), (1000, False), (500, True)])
def test_only_the_year_before_is_compared(app: Flask, world: World, was: int | None, is_asked: bool) -> None:
    school = make_school()
    make_school_year(school, 2023, stages={"primary": {"students": 10}})
    if was is not None:
        make_school_year(school, 2024, stages={"primary": {"students": was}})
    if is_asked:
        with pytest.raises(Unexplained) as odd:
            enter_year(acting(world.office), school, 2025, 0, said(1000), NOW)
        [doubt] = odd.value.doubts
        answer = replace(said(1000), explained="扩招", asked=frozenset({doubt.key}))
        assert enter_year(acting(world.office), school, 2025, 0, answer, NOW).jumps_explained == "扩招"
    else:
        assert enter_year(acting(world.office), school, 2025, 0, said(1000), NOW).jumps_explained is None


def test_an_explanation_goes_with_the_jump(app: Flask, world: World) -> None:
    school = make_school()
    make_school_year(school, 2024, stages={"primary": {"students": 500}})
    answer = replace(said(1000), explained="扩招", asked=frozenset({"jumped:primary.students:1000"}))
    enter_year(acting(world.office), school, 2025, 0, answer, NOW)
    assert enter_year(acting(world.office), school, 2025, 1, said(510), NOW).jumps_explained is None


def test_a_check_is_of_the_version_that_was_read(app: Flask, world: World) -> None:
    school = make_school()
    enter_year(acting(world.staff), school, 2025, 0, said(400), NOW)
    enter_year(acting(world.staff), school, 2025, 1, said(410), NOW)
    with pytest.raises(StaleYear):
        check_year(acting(world.office), school, 2025, 1, NOW)
    row = check_year(acting(world.office), school, 2025, 2, NOW)
    assert (row.standing, row.checked_by_id, row.entered_by_id) == (
        Standing.CHECKED,
        world.office.id,
        world.staff.id,
    )


def test_the_years_stand_side_by_side_and_unknown_is_no_zero(app: Flask, world: World) -> None:
    school: School = make_school()
    make_school_year(school, 2024, stages={"primary": {"students": 500, "classes": 12}}, music_rooms=0)
    make_school_year(school, 2025, stages={"primary": {"students": 520, "classes": None}}, music_rooms=2)
    rows = {row.name: row for row in side_by_side(years_of(school))}
    assert (rows["primary.students"].values, rows["primary.students"].changes) == ([520, 500], [20, None])
    assert (rows["primary.classes"].values, rows["primary.classes"].changes) == ([None, 12], [None, None])
    assert rows["music_rooms"].changes == [2, None]
    assert "art_rooms" not in rows
    totals = totals_of(years_of(school)[0])
    assert (totals.students, totals.classes, totals.largest) == (520, None, None)
