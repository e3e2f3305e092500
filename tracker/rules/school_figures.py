"""The raw numbers of a school: which there are, whether of one stage or of the whole school, and in what unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

Number = int | Decimal


class FigureUnit(StrEnum):
    """What a number counts: persons, classes, rooms, m², yuan, seats."""

    PERSONS = "persons"
    CLASSES = "classes"
    ROOMS = "rooms"
    AREA = "m2"
    MONEY = "yuan"
    SEATS = "seats"


@dataclass(frozen=True)
class SchoolFigure:
    """A raw number by its code, which is the column that keeps it; areas have two decimals, all else is whole."""

    code: str
    unit: FigureUnit
    of_stage: bool


STAGE_FIGURES = {
    each.code: each
    for each in (
        SchoolFigure("students", FigureUnit.PERSONS, True),
        SchoolFigure("classes", FigureUnit.CLASSES, True),
        SchoolFigure("largest_class", FigureUnit.PERSONS, True),
        SchoolFigure("full_time_teachers", FigureUnit.PERSONS, True),
        SchoolFigure("qualified_teachers", FigureUnit.PERSONS, True),
        SchoolFigure("backbone_teachers", FigureUnit.PERSONS, True),
        SchoolFigure("arts_teachers", FigureUnit.PERSONS, True),
        SchoolFigure("licensed_teachers", FigureUnit.PERSONS, True),
        SchoolFigure("trained_teachers", FigureUnit.PERSONS, True),
    )
}
WHOLE_FIGURES = {
    each.code: each
    for each in (
        SchoolFigure("kindergarten_children", FigureUnit.PERSONS, False),
        SchoolFigure("teaching_area_m2", FigureUnit.AREA, False),
        SchoolFigure("indoor_sports_m2", FigureUnit.AREA, False),
        SchoolFigure("sports_ground_m2", FigureUnit.AREA, False),
        SchoolFigure("equipment_yuan", FigureUnit.MONEY, False),
        SchoolFigure("multimedia_rooms", FigureUnit.ROOMS, False),
        SchoolFigure("music_rooms", FigureUnit.ROOMS, False),
        SchoolFigure("large_music_rooms", FigureUnit.ROOMS, False),
        SchoolFigure("art_rooms", FigureUnit.ROOMS, False),
        SchoolFigure("large_art_rooms", FigureUnit.ROOMS, False),
        SchoolFigure("operating_funds_yuan", FigureUnit.MONEY, False),
        SchoolFigure("training_funds_yuan", FigureUnit.MONEY, False),
        SchoolFigure("payroll_yuan", FigureUnit.MONEY, False),
    )
}
SCHOOL_FIGURES = STAGE_FIGURES | WHOLE_FIGURES
# Seats are no number of a school: they are what a project builds, and say nothing of who comes to sit on them.
SEATS = SchoolFigure("seats", FigureUnit.SEATS, True)
# What a task may add to a school.
ADDABLE = {
    code: figure
    for code, figure in (SCHOOL_FIGURES | {SEATS.code: SEATS}).items()
    if code not in {"students", "largest_class", "kindergarten_children"}
}
# The largest that is believed of a number of a school, typed or imported, in the unit that is kept.
LARGEST = {
    FigureUnit.PERSONS: Decimal(99_999),
    FigureUnit.CLASSES: Decimal(9_999),
    FigureUnit.ROOMS: Decimal(9_999),
    FigureUnit.AREA: Decimal("9999999.99"),
    FigureUnit.MONEY: Decimal(10**12),
}
YUAN = 10_000  # in one 万元
