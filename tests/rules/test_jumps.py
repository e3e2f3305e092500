"""Which numbers of a school are questioned, and which cannot be."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tracker.rules.jumps import LIMITS, Numbers, Oddity, contradictions, figures_by_name, questions
from tracker.rules.school_figures import SCHOOL_FIGURES, Number
from tracker.rules.stages import Stage


def primary(**figures: Number | None) -> Numbers:
    """A primary school's numbers."""
    return Numbers({Stage.PRIMARY: figures}, {})


def whole(**figures: Number | None) -> Numbers:
    """Numbers of a whole school."""
    return Numbers({}, figures)


@pytest.mark.parametrize(
    ("code", "was", "now", "why"),
    [
        ("students", 1000, 1200, None),
        ("students", 1000, 1201, Oddity.JUMPED),
        ("students", 1000, 800, None),
        ("students", 1000, 799, Oddity.JUMPED),
        ("students", 40, 70, None),  # small schools move by a class
        ("students", 40, 71, Oddity.JUMPED),
        ("students", 0, 29, None),
        ("students", 0, 30, Oddity.APPEARED),
        ("students", 30, 0, Oddity.VANISHED),
        ("students", 29, 0, None),
        ("classes", 40, 50, None),
        ("classes", 40, 51, Oddity.JUMPED),
        ("qualified_teachers", 10, 15, None),
        ("qualified_teachers", 10, 16, Oddity.JUMPED),
        ("teaching_area_m2", Decimal("5000.00"), Decimal("6000.00"), None),
        ("teaching_area_m2", Decimal("5000.00"), Decimal("6000.01"), Oddity.JUMPED),
        ("equipment_yuan", 2_860_000, 286, Oddity.JUMPED),  # typed in another unit
        ("equipment_yuan", 0, 2_860_000, Oddity.APPEARED),
        ("students", None, 900, None),
        ("students", 900, None, None),
    ],
)
def test_a_number_far_from_last_years_is_questioned(
    code: str, was: Number | None, now: Number | None, why: Oddity | None
) -> None:
    make = primary if SCHOOL_FIGURES[code].of_stage else whole
    assert [each.why for each in questions(make(**{code: now}), make(**{code: was}))] == ([why] if why else [])


def test_without_a_year_before_nothing_jumps() -> None:
    assert questions(primary(students=1200), None) == []


@pytest.mark.parametrize(
    ("figures", "why"),
    [
        ({"qualified_teachers": 33, "full_time_teachers": 32}, Oddity.EXCEEDS),
        ({"qualified_teachers": 32, "full_time_teachers": 32}, None),
        ({"trained_teachers": 33, "full_time_teachers": 32}, Oddity.EXCEEDS),
        ({"students": 12, "classes": 0}, Oddity.NO_CLASSES),
        ({"students": 0, "classes": 2}, Oddity.NO_STUDENTS),
        ({"students": 0, "classes": 0}, None),
        ({"students": 40, "largest_class": 41}, Oddity.ABOVE_ALL),
        ({"students": 40, "largest_class": 40}, None),
        ({"students": 12, "classes": None}, None),
    ],
)
def test_numbers_of_a_stage_that_do_not_fit_are_questioned(
    figures: dict[str, Number | None], why: Oddity | None
) -> None:
    assert [each.why for each in questions(primary(**figures), None)] == ([why] if why else [])


@pytest.mark.parametrize(
    ("figures", "asked"),
    [
        ({"large_music_rooms": 3, "music_rooms": 2}, ["large_music_rooms"]),
        ({"large_art_rooms": 3, "art_rooms": 3}, []),
        ({"indoor_sports_m2": Decimal("300.5"), "teaching_area_m2": Decimal("300.49")}, ["indoor_sports_m2"]),
        ({"training_funds_yuan": 80, "operating_funds_yuan": 79}, ["training_funds_yuan"]),
        ({"training_funds_yuan": 80, "operating_funds_yuan": None}, []),
    ],
)
def test_a_part_larger_than_its_whole_is_questioned(figures: dict[str, Number | None], asked: list[str]) -> None:
    assert [each.name for each in questions(whole(**figures), None)] == asked


def test_a_stage_that_is_gone_is_questioned_where_it_had_students() -> None:
    [asked] = questions(whole(), primary(students=300))
    assert (asked.why, asked.name, asked.against) == (Oddity.VANISHED, "primary.students", 300)
    assert questions(whole(), primary(students=12)) == []


@pytest.mark.parametrize(
    ("students", "classes", "largest", "is_possible"),
    [
        (800, 20, 40, True),
        (800, 20, 39, False),
        (801, 20, 40, False),  # one class has 41
        (801, 20, 41, True),
        (800, 0, 3, True),
        (None, 20, 3, True),
        (800, None, 3, True),
        (800, 20, None, True),
    ],
)
def test_the_largest_class_is_no_smaller_than_the_mean_one(
    students: int | None, classes: int | None, largest: int | None, is_possible: bool
) -> None:
    found = contradictions(primary(students=students, classes=classes, largest_class=largest))
    assert (found == []) is is_possible


def test_every_number_of_a_school_has_a_limit_and_a_name() -> None:
    assert set(LIMITS) == set(SCHOOL_FIGURES)
    assert {figure.code for figure, _stage in figures_by_name().values()} == set(SCHOOL_FIGURES)
    assert "junior.largest_class" in figures_by_name()
