"""自评: a verdict as inspectors would score it, item by item, and what is missing to judge the rest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from tracker.rules.measures import Finding, Judged
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.school_figures import SCHOOL_FIGURES
from tracker.rules.stages import Stage
from tracker.rules.standards import Condition, Item, Subject
from tracker.rules.verdicts import ItemVerdict, SchoolVerdict, UnitVerdict, Verdict

ZERO = Decimal(0)
YEAR = "year"  # the code under which a school misses all its numbers
MET = (Finding.MET, Finding.TOLERATED)


@dataclass(frozen=True)
class Points:
    """The points of a scored item: how many it has, and of them those awarded, lost and not known."""

    whole: Decimal
    awarded: Decimal
    lost: Decimal
    unknown: Decimal


def shared_points(most: Decimal | None, awarded: Decimal | None) -> Points | None:
    """The points of a part, which are all unknown while nobody knows what it is awarded; None where it has none."""
    if most is None:
        return None
    if awarded is None:
        return Points(most, ZERO, ZERO, most)
    return Points(most, awarded, most - awarded, ZERO)


@dataclass(frozen=True)
class Tally:
    """Some items by what was found; ``none`` ask nothing of this county."""

    met: int
    short: int
    unknown: int
    none: int = 0

    @property
    def asked(self) -> int:
        """The items that ask something of the county."""
        return self.met + self.short + self.unknown


@dataclass(frozen=True)
class MissingFigure:
    """A value that the county has not entered, and the numbers of the items that wait for it."""

    code: str
    items: tuple[str, ...]


@dataclass(frozen=True)
class MissingNumbers:
    """The numbers that a school has not entered; with YEAR it has none at all for the year."""

    school: SchoolFacts
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Missing:
    """What is missing to judge everything."""

    figures: tuple[MissingFigure, ...]
    schools: tuple[MissingNumbers, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether everything can be judged."""
        return not self.figures and not self.schools


def points_of(found: ItemVerdict) -> Points | None:
    """The points of an item; None where it is not scored."""
    if found.item.points is None:
        return None
    known = [each for each in found.parts if each.points is not None]
    awarded = sum((each.points or ZERO for each in known), ZERO)
    lost = sum((each.part.points or ZERO for each in known), ZERO) - awarded
    unknown = sum((each.part.points or ZERO for each in found.parts if each.points is None), ZERO)
    return Points(found.item.points, awarded, lost, unknown)


class Found(Protocol):
    """Something that was found of an item."""

    @property
    def item(self) -> Item:
        """The item."""

    @property
    def finding(self) -> Finding:
        """What was found."""


def tally_of(items: Iterable[Found], grade: str | None = None) -> Tally:
    """How many items, of a grade where one is named, are met, short and not known."""
    findings = [each.finding for each in items if grade is None or each.item.grade == grade]
    met = sum(each in MET for each in findings)
    return Tally(met, *(findings.count(each) for each in (Finding.SHORT, Finding.UNKNOWN, Finding.NONE)))


def failing_schools(verdict: Verdict, condition: Condition, stage: Stage | None = None) -> list[SchoolVerdict]:
    """The schools of which a condition is asked and that do not meet it, nor are within the tolerance.

    With a stage only those whose unit of that stage does not.
    """
    if condition.of is Subject.SCHOOL:
        return [each for each in verdict.schools if _is_short(each.judged, condition)]
    return [each for each in verdict.schools if any(_fails(verdict, unit, condition, stage) for unit in each.units)]


def counts_of(verdict: Verdict, condition: Condition, stage: Stage) -> Tally:
    """How many units of a stage meet a condition, do not, and are not known."""
    judged = [
        each.judged[condition.code] for each in verdict.units if each.stage is stage and condition.code in each.judged
    ]
    findings = [each.finding for each in judged]
    return Tally(findings.count(Finding.MET), findings.count(Finding.SHORT), findings.count(Finding.UNKNOWN))


def _is_short(judged: Mapping[str, Judged], condition: Condition) -> bool:
    return condition.code in judged and judged[condition.code].finding is Finding.SHORT


def _fails(verdict: Verdict, unit: UnitVerdict, condition: Condition, stage: Stage | None) -> bool:
    """Whether a unit is short; one that passes although this condition is short is within the tolerance."""
    tolerated = condition.code in verdict.standard.unit.conditions and unit.finding is Finding.TOLERATED
    return (stage is None or unit.stage is stage) and _is_short(unit.judged, condition) and not tolerated


def missing_of(verdict: Verdict) -> Missing:
    """The county's values and the schools' numbers without which something stays open."""
    figures: dict[str, list[str]] = {}
    schools: dict[int, dict[str, None]] = {each.school.id: {YEAR: None} for each in verdict.schools if each.is_silent}
    for found in verdict.items:
        number = found.item.number or found.item.code
        for code in _figures_missing(found):
            figures.setdefault(code, []).append(number)
    for veto, finding in verdict.vetoes:
        if finding is Finding.UNKNOWN:
            figures.setdefault(veto.figure, []).append(veto.number)
    for school in verdict.schools:
        for code in () if school.is_silent else _numbers_missing(verdict, school):
            if code in SCHOOL_FIGURES:
                schools.setdefault(school.school.id, {})[code] = None
            else:
                _note_bound(verdict, figures, code)
    by_id: Mapping[int, SchoolFacts] = {each.school.id: each.school for each in verdict.schools}
    return Missing(
        tuple(MissingFigure(code, tuple(dict.fromkeys(items))) for code, items in figures.items()),
        tuple(MissingNumbers(by_id[key], tuple(codes)) for key, codes in schools.items()),
    )


def _figures_missing(found: ItemVerdict) -> list[str]:
    """The values that an item waits for itself: those of its county conditions, and of its parts without one."""
    codes = [
        code
        for each in found.conditions
        if each.condition.of is Subject.COUNTY and each.judged
        for code in each.judged.missing
    ]
    unanswered = [each.part for each in found.parts if each.finding is Finding.UNKNOWN]
    return codes + [each.figure for each in unanswered if not each.condition]


def _numbers_missing(verdict: Verdict, school: SchoolVerdict) -> list[str]:
    """The codes that a school's own conditions miss, and the sums over the county because of it."""
    judged = [each for unit in school.units for each in unit.judged.values()] + list(school.judged.values())
    codes = [code for each in judged for code in each.missing]
    for found in verdict.conditions.values():
        condition = found.condition
        if condition.of is Subject.TOTAL and found.judged and school.school.kind in condition.kinds:
            codes += [code for code in found.judged.missing if _lacks(school.school, code)]
    return codes


def _lacks(school: SchoolFacts, code: str) -> bool:
    return any(school.stages[stage].get(code) is None for stage in school.compulsory)


def _note_bound(verdict: Verdict, figures: dict[str, list[str]], code: str) -> None:
    """A value of the county that is the bound of a school's condition is missing for the items that ask it."""
    asking = [
        found.item.number or found.item.code
        for found in verdict.items
        if any(code in each.condition.bound_figures.values() for each in found.conditions)
    ]
    if asking and code not in figures:
        figures[code] = asking
