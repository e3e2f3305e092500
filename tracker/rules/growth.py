"""A school as it will be: what tasks add to its numbers, the students it expects, and what follows for its classes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from math import ceil

from tracker.rules.gains import Gain
from tracker.rules.school_facts import Figures, SchoolFacts
from tracker.rules.school_figures import SEATS, STAGE_FIGURES, Number
from tracker.rules.school_years import first_day
from tracker.rules.stages import Stage

TEACHING, INDOOR = "teaching_area_m2", "indoor_sports_m2"
Numbers = dict[str, Number | None]


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The students whom a stage of a school has from the September of ``year`` on, and the classes where given.

    ``classes_year`` is the year of which the classes were said, where that is an earlier one.
    """

    school: int
    stage: Stage
    year: int
    students: int
    classes: int | None = None
    classes_year: int | None = None

    def holds_classes_of(self, day: date) -> bool:
        """Whether the planned classes are what a school has with all that has come to it by a day."""
        return self.classes is not None and day <= first_day(self.classes_year or self.year)

    def after(self, earlier: Enrolment | None) -> Enrolment:
        """What is expected now, with the classes that were planned last where this says none."""
        if self.classes is not None or earlier is None or earlier.classes is None:
            return self
        return replace(self, classes=earlier.classes, classes_year=earlier.classes_year or earlier.year)


def has_number(school: SchoolFacts, gain: Gain, stages: Iterable[Stage]) -> bool:
    """Whether a school has a number that a gain can be added to; one that opens or a new stage begins with it."""
    if gain.figure in STAGE_FIGURES:
        if gain.stage is None:
            return False
        if gain.stage in school.stages:
            return school.stages[gain.stage].get(gain.figure) is not None
        return gain.stage in set(stages)
    return school.whole.get(gain.figure) is not None


def grown(
    school: SchoolFacts, gains: Iterable[Gain], enrolments: Mapping[Stage, Enrolment], year: int | None = None
) -> SchoolFacts:
    """A school with gains added to the numbers that are known, and other students; the largest class is estimated."""
    whole: Numbers = dict(school.whole)
    stages: dict[Stage, Numbers] = {stage: dict(numbers) for stage, numbers in school.stages.items()}
    for stage, planned in enrolments.items():
        numbers = stages.setdefault(stage, {})
        numbers["students"] = planned.students
        if planned.classes is not None:
            numbers["classes"] = planned.classes
    for gain in gains:
        if gain.figure not in STAGE_FIGURES:
            _add(whole, gain.figure, gain.amount)
            if gain.figure == INDOOR:
                _add(whole, TEACHING, gain.amount)
        elif gain.stage is not None:
            numbers = stages.setdefault(gain.stage, {})
            if gain.stage not in school.stages:
                numbers.setdefault(gain.figure, 0)
            _add(numbers, gain.figure, gain.amount)
    for stage, numbers in stages.items():
        before = school.stages.get(stage, {})
        if _moved(before, numbers):
            numbers["largest_class"] = largest_class(before, numbers)
    return school.with_numbers(whole, stages, school.year if year is None else year)


def opened(
    school: SchoolFacts,
    gains: Iterable[Gain],
    arrived: Iterable[Gain],
    enrolments: Mapping[Stage, Enrolment],
    year: int,
) -> SchoolFacts:
    """A school that opens: it has what has arrived of its gains, nothing yet of what is to come, and is else unknown.

    While no stage of it is known, it is a school without numbers.
    """
    whole: Numbers = {}
    stages: dict[Stage, Figures] = {stage: {} for stage in enrolments}
    begun: dict[Stage, Numbers] = {}
    for gain in gains:
        if gain.stage is not None:
            begun.setdefault(gain.stage, {})
        if gain.figure in STAGE_FIGURES and gain.stage is not None:
            planned = enrolments.get(gain.stage)
            if gain.figure != "classes" or planned is None or planned.classes is None:
                begun[gain.stage][gain.figure] = 0
        elif gain.figure not in STAGE_FIGURES and gain.figure != SEATS.code:
            whole[gain.figure] = 0
    empty = replace(school, whole=whole, stages={**stages, **begun})
    found = grown(empty, arrived, enrolments, year)
    return found if found.stages else replace(found, year=None)


def largest_class(before: Figures, after: Figures) -> int | None:
    """The largest class after students or classes changed; None where it cannot be told.

    With more classes the students spread evenly. Where classes fill up it is at least what even classes have, and at
    least what it is today. Where they empty it falls in proportion: at least to even classes, at most from today's.
    It never has more students than the stage.
    """
    found = _fullest(before, after)
    students = after.get("students")
    return found if found is None or students is None else min(found, int(students))


def _fullest(before: Figures, after: Figures) -> int | None:
    today = before.get("largest_class")
    students, classes = after.get("students"), after.get("classes")
    had, rooms = before.get("students"), before.get("classes")
    even = -(-int(students) // int(classes)) if students is not None and classes else None
    grew = had is None or students is None or students > had
    if even is None:
        return None if grew or today is None else _in_proportion(today, students, had)
    if not rooms or (classes or 0) > rooms:
        return even if grew or today is None else min(int(today), even)
    if today is None:
        return None
    mean, was = Fraction(students or 0) / Fraction(classes or 1), Fraction(had or 0) / Fraction(rooms)
    if had and mean < was:
        return max(even, _in_proportion(today, mean, was))
    return max(int(today), even) if mean > was else int(today)


def _in_proportion(number: Number, now: Number | Fraction | None, before: Number | Fraction | None) -> int:
    """A number that falls as another does, rounded up; nobody's falls below nothing."""
    return ceil(Fraction(number) * Fraction(now or 0) / Fraction(before)) if before else int(number)


def _moved(before: Figures, after: Figures) -> bool:
    return before.get("students") != after.get("students") or before.get("classes") != after.get("classes")


def _add(numbers: Numbers, code: str, amount: Decimal | None) -> None:
    """Add to a number that is known; what is not known stays so."""
    known = numbers.get(code)
    if known is not None and amount is not None:
        total = known + amount
        numbers[code] = total if isinstance(known, Decimal) or total != int(total) else int(total)
