"""What is odd in a school's numbers of a year: jumps from last year's, and numbers that do not fit one another.

A question is asked of whoever enters the numbers, and a reason answers it. A contradiction cannot be explained: the
numbers cannot all be right, and are refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from tracker.rules.school_facts import Figures
from tracker.rules.school_figures import STAGE_FIGURES, WHOLE_FIGURES, Number, SchoolFigure
from tracker.rules.stages import Stage


class Oddity(StrEnum):
    """Why a number is questioned or refused."""

    JUMPED = "jumped"  # far from last year's
    APPEARED = "appeared"  # nothing last year, many now
    VANISHED = "vanished"  # many last year, nothing now
    EXCEEDS = "exceeds"  # more than the number that it is a part of
    NO_CLASSES = "no_classes"  # students without classes
    NO_STUDENTS = "no_students"  # classes without students
    ABOVE_ALL = "above_all"  # the largest class has more students than the stage
    BELOW_MEAN = "below_mean"  # the largest class is smaller than the mean one: impossible


@dataclass(frozen=True)
class Doubt:
    """A number that is odd: which one, why, and the number that it was held against."""

    why: Oddity
    figure: str
    stage: Stage | None
    now: Number
    against: Number
    other: str | None = None

    @property
    def name(self) -> str:
        """The number within its school and year, as forms and exceptions name it."""
        return named(self.figure, self.stage)

    @property
    def key(self) -> str:
        """The question itself, so that an answer to it answers no other: why, which number, what it is now."""
        return f"{self.why.value}:{self.name}:{self.now}"


@dataclass(frozen=True)
class Limit:
    """How far a number may move in a year unasked: by this share, or by this amount where that is more.

    From nothing to more than ``many``, or back, is questioned as well.
    """

    share: Fraction
    amount: int
    many: int


@dataclass(frozen=True)
class Numbers:
    """A school's numbers of a year: those of each stage that it has, and those of the whole school."""

    stages: Mapping[Stage, Figures]
    whole: Figures


# People come and go with the cohorts; areas and rooms change when something is built.
STUDENTS = Limit(Fraction(20, 100), 30, 30)
CLASSES = Limit(Fraction(25, 100), 2, 2)
LARGEST = Limit(Fraction(25, 100), 8, 20)
TEACHERS = Limit(Fraction(30, 100), 5, 5)
AREA = Limit(Fraction(20, 100), 100, 200)
ROOMS = Limit(Fraction(40, 100), 4, 6)
MONEY = Limit(Fraction(40, 100), 50_000, 50_000)
LIMITS: Mapping[str, Limit] = {
    "students": STUDENTS,
    "kindergarten_children": STUDENTS,
    "classes": CLASSES,
    "largest_class": LARGEST,
    "full_time_teachers": TEACHERS,
    "qualified_teachers": TEACHERS,
    "backbone_teachers": TEACHERS,
    "arts_teachers": TEACHERS,
    "licensed_teachers": TEACHERS,
    "trained_teachers": TEACHERS,
    "teaching_area_m2": AREA,
    "indoor_sports_m2": AREA,
    "sports_ground_m2": AREA,
    "equipment_yuan": MONEY,
    "multimedia_rooms": ROOMS,
    "music_rooms": ROOMS,
    "large_music_rooms": ROOMS,
    "art_rooms": ROOMS,
    "large_art_rooms": ROOMS,
    "operating_funds_yuan": MONEY,
    "training_funds_yuan": MONEY,
    "payroll_yuan": MONEY,
}
# A part and the whole that it cannot well exceed.
PARTS = (
    ("qualified_teachers", "full_time_teachers"),
    ("backbone_teachers", "full_time_teachers"),
    ("arts_teachers", "full_time_teachers"),
    ("licensed_teachers", "full_time_teachers"),
    ("trained_teachers", "full_time_teachers"),
    ("large_music_rooms", "music_rooms"),
    ("large_art_rooms", "art_rooms"),
    ("indoor_sports_m2", "teaching_area_m2"),
    ("training_funds_yuan", "operating_funds_yuan"),
)


def named(figure: str, stage: Stage | None) -> str:
    """The name of a number within a school's year: "primary.students", "equipment_yuan"."""
    return f"{stage.value}.{figure}" if stage else figure


def figures_by_name() -> dict[str, tuple[SchoolFigure, Stage | None]]:
    """Every number that a school can have in a year, by its name, in the order of entry."""
    stages = (stage for stage in Stage if stage is not Stage.NINE_YEAR)
    of_stages = {named(code, stage): (figure, stage) for stage in stages for code, figure in STAGE_FIGURES.items()}
    return {**of_stages, **{code: (figure, None) for code, figure in WHOLE_FIGURES.items()}}


def contradictions(now: Numbers) -> list[Doubt]:
    """What cannot be: a largest class that is smaller than the mean one, rounded up."""
    found = []
    for stage, figures in now.stages.items():
        students, classes, largest = (figures.get(code) for code in ("students", "classes", "largest_class"))
        if students is None or largest is None or not classes:
            continue
        least = -(-int(students) // int(classes))
        if largest < least:
            found.append(Doubt(Oddity.BELOW_MEAN, "largest_class", stage, largest, least))
    return found


def questions(now: Numbers, before: Numbers | None) -> list[Doubt]:
    """What has to be explained; ``before`` are last year's numbers, where there are any."""
    found: list[Doubt] = []
    for stage, figures in now.stages.items():
        earlier = before.stages.get(stage, {}) if before else {}
        found += [*_misfits(figures, stage), *_moves(figures, earlier, stage)]
    found += [*_misfits(now.whole, None), *_moves(now.whole, before.whole if before else {}, None)]
    return found + list(_lost_stages(now, before))


def _misfits(figures: Figures, stage: Stage | None) -> Iterator[Doubt]:
    """Numbers of one year that do not fit one another."""
    for part, whole in PARTS:
        some, all_ = figures.get(part), figures.get(whole)
        if some is not None and all_ is not None and some > all_:
            yield Doubt(Oddity.EXCEEDS, part, stage, some, all_, whole)
    students, classes, largest = (figures.get(code) for code in ("students", "classes", "largest_class"))
    if students and classes == 0:
        yield Doubt(Oddity.NO_CLASSES, "classes", stage, 0, students)
    if classes and students == 0:
        yield Doubt(Oddity.NO_STUDENTS, "students", stage, 0, classes)
    if largest is not None and students is not None and largest > students:
        yield Doubt(Oddity.ABOVE_ALL, "largest_class", stage, largest, students)


def _moves(figures: Figures, earlier: Figures, stage: Stage | None) -> Iterator[Doubt]:
    """Numbers that moved further in a year than their limit."""
    for code, value in figures.items():
        was = earlier.get(code)
        if value is None or was is None:
            continue
        why = _move(value, was, LIMITS[code])
        if why:
            yield Doubt(why, code, stage, value, was)


def _move(value: Number, was: Number, limit: Limit) -> Oddity | None:
    if was == 0:
        return Oddity.APPEARED if value >= limit.many else None
    if value == 0:
        return Oddity.VANISHED if was >= limit.many else None
    moved = abs(Fraction(Decimal(value)) - Fraction(Decimal(was)))
    allowed = max(limit.share * Fraction(Decimal(was)), Fraction(limit.amount))
    return Oddity.JUMPED if moved > allowed else None


def _lost_stages(now: Numbers, before: Numbers | None) -> Iterator[Doubt]:
    """Stages with many students last year that the school does not have any more."""
    for stage, earlier in (before.stages if before else {}).items():
        was = earlier.get("students")
        if stage not in now.stages and was is not None and was >= STUDENTS.many:
            yield Doubt(Oddity.VANISHED, "students", stage, 0, was)
