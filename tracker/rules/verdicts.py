"""Whether a county meets a standard on a day: its schools, its coefficients, its items and the whole, with reasons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, localcontext
from functools import cached_property

from tracker.rules.coefficients import DIGITS, Coefficient, Share, coefficient, keeps
from tracker.rules.measures import (
    NO_STUDENTS,
    NOT_ASKED,
    SHORT,
    WHOLE,
    ZERO,
    CountyFigures,
    Finding,
    Judged,
    is_counted,
    judge_county,
    judge_school,
    judge_simply,
    judge_stage,
    judge_total,
    school_numbers,
    share_of_rooms,
    unit_numbers,
    worst,
)
from tracker.rules.school_facts import SchoolFacts
from tracker.rules.stages import COMPULSORY, Stage
from tracker.rules.standards import ONE, Condition, Item, Part, Standard, Subject, VetoRule, Weighting


@dataclass(frozen=True)
class CountyFacts:
    """What is known of a county on a day: its schools' numbers of ``year``, and its own values then in force.

    ``since`` is the day of which each of those values tells.
    """

    region: str
    on: date
    year: int | None
    schools: tuple[SchoolFacts, ...]
    figures: CountyFigures = field(default_factory=dict)
    since: Mapping[str, date] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class UnitVerdict:
    """A school unit with its answers by condition, how many of the needed are met, and whether it passes.

    A unit that is left out (a small teaching point) is NONE, and its numbers stand in no coefficient. By its
    ``students`` it weighs there.
    """

    school: SchoolFacts
    stage: Stage
    judged: Mapping[str, Judged]
    met: int
    finding: Finding
    students: Decimal = ZERO


# The units that are asked a condition in a stage, and their answers.
Column = tuple[Sequence[UnitVerdict], Sequence[Judged]]
NO_COLUMN: Column = ((), ())


@dataclass(frozen=True, slots=True)
class SchoolVerdict:
    """A school with its units, and its answers to the conditions that are asked of the whole school.

    ``is_asked`` says whether the standard asks anything of schools of its kind.
    """

    school: SchoolFacts
    units: tuple[UnitVerdict, ...]
    judged: Mapping[str, Judged]
    is_asked: bool = True

    @property
    def is_silent(self) -> bool:
        """Whether numbers are asked of it and it has none for the year that is judged."""
        return self.is_asked and self.school.year is None

    @property
    def finding(self) -> Finding:
        """The worst of its units and of its own conditions; unknown where it has no numbers."""
        silent = [Finding.UNKNOWN] if self.is_silent else []
        return worst(
            [*silent, *(each.finding for each in self.units), *(each.finding for each in self.judged.values())]
        )


@dataclass(frozen=True)
class SpreadVerdict:
    """The coefficient of a condition in a stage beside its limit; ``unknown`` units are in neither."""

    condition: Condition
    stage: Stage
    limit: Decimal
    coefficient: Coefficient | None
    unknown: int
    finding: Finding
    units: tuple[UnitVerdict, ...] = ()
    weighting: Weighting = Weighting.STUDENTS

    @cached_property
    def shares(self) -> tuple[tuple[UnitVerdict, Share], ...]:
        """The units that it is made of, and what each puts into it."""
        code = self.condition.code
        return tuple((unit, Share(*share_of(self.weighting, unit, unit.judged[code]))) for unit in self.units)


@dataclass(frozen=True)
class ConditionVerdict:
    """A condition over the county: units or schools that meet it out of those asked, or the county's own answer.

    ``by_stage`` are the findings of the units by stage; ``spreads`` the coefficients where it limits them.
    """

    condition: Condition
    finding: Finding
    judged: Judged | None = None
    met: int = 0
    asked: int = 0
    unknown: int = 0
    by_stage: Mapping[Stage, Finding] = field(default_factory=dict)
    spreads: tuple[SpreadVerdict, ...] = ()

    def aspect(self, name: str) -> Finding:
        """The finding of one side of it: a stage, "spread", or all."""
        if name == "spread":
            return worst(each.finding for each in self.spreads)
        return self.by_stage.get(Stage(name), Finding.NONE) if name in set(Stage) else self.finding


@dataclass(frozen=True)
class PartVerdict:
    """A part of an item, its finding and the points that it gets; None where they are not known."""

    part: Part
    finding: Finding
    points: Decimal | None


@dataclass(frozen=True)
class ItemVerdict:
    """An item with what its conditions and parts say."""

    item: Item
    finding: Finding
    conditions: tuple[ConditionVerdict, ...]
    parts: tuple[PartVerdict, ...] = ()

    @property
    def points(self) -> Decimal | None:
        """The points of a scored item; None where a part is not known, or nothing is scored."""
        known = [each.points for each in self.parts if each.points is not None]
        return sum(known, Decimal(0)) if self.item.points is not None and len(known) == len(self.parts) else None


@dataclass(frozen=True)
class Score:
    """The points of the scored items: at least, at most (parts that are not known may get all), and what is needed."""

    least: Decimal
    most: Decimal
    needed: Decimal

    @property
    def finding(self) -> Finding:
        """Met when even the least suffices, short when not even the most does."""
        return (
            Finding.MET if self.least >= self.needed else Finding.SHORT if self.most < self.needed else Finding.UNKNOWN
        )


@dataclass(frozen=True)
class Verdict:
    """The whole answer for a county."""

    standard: Standard
    facts: CountyFacts
    schools: tuple[SchoolVerdict, ...]
    items: tuple[ItemVerdict, ...]
    vetoes: tuple[tuple[VetoRule, Finding], ...]
    score: Score | None

    @property
    def finding(self) -> Finding:
        """The worst of what must be met: every item, or every A item and the points; and no veto.

        While a school has no numbers, what is met so far does not decide.
        """
        silent = [Finding.UNKNOWN for each in self.schools if each.is_silent]
        asked = [each.finding for each in self.items if self.score is None or each.item.grade != "B"]
        return worst(
            [*silent, *asked, *(found for _veto, found in self.vetoes), *([self.score.finding] if self.score else [])]
        )

    @property
    def units(self) -> list[UnitVerdict]:
        """All school units."""
        return [unit for school in self.schools for unit in school.units]

    @cached_property
    def conditions(self) -> dict[str, ConditionVerdict]:
        """All conditions by code."""
        return {each.condition.code: each for item in self.items for each in item.conditions}


def judge(standard: Standard, facts: CountyFacts) -> Verdict:
    """The verdict of a county on a standard."""
    with localcontext(prec=DIGITS):
        return put_together(standard, facts, [_school(standard, each, facts.figures) for each in facts.schools])


def put_together(standard: Standard, facts: CountyFacts, schools: Iterable[SchoolVerdict]) -> Verdict:
    """The verdict from schools that were judged before; a forecast judges only those anew that change."""
    schools = tuple(schools)
    with localcontext(prec=DIGITS):
        columns = _columns(schools)
        found = {
            code: _condition(standard, each, facts, schools, columns) for code, each in standard.conditions.items()
        }
        items = tuple(_item(each, facts, found) for each in standard.items)
        vetoes = tuple((veto, _veto(facts.figures.get(veto.figure))) for veto in standard.vetoes)
        return Verdict(standard, facts, schools, items, vetoes, _score(standard, items))


def school_verdict(standard: Standard, school: SchoolFacts, figures: CountyFigures) -> SchoolVerdict:
    """One school: each of its units, and the conditions of the whole school."""
    with localcontext(prec=DIGITS):
        return _school(standard, school, figures)


def _school(standard: Standard, school: SchoolFacts, figures: CountyFigures) -> SchoolVerdict:
    stages = school.compulsory
    units = tuple([_unit(standard, school, stage, figures) for stage in stages])
    # What one stage alone has is what the school has.
    numbers = unit_numbers(school, stages[0]) if len(units) == 1 else school_numbers(school, standard.school_codes)
    judged = {}
    for asked in standard.of_school[school.kind, school.form]:
        # Without stages it has to be told whether it is silent or has none.
        answer = judge_simply(asked, numbers, WHOLE) if stages else None
        if answer is None:
            answer = judge_school(asked.condition, school, figures, numbers)
        if answer is not NOT_ASKED:
            judged[asked.code] = answer
    return SchoolVerdict(school, units, judged, is_asked=school.kind in standard.kinds)


def _unit(standard: Standard, school: SchoolFacts, stage: Stage, figures: CountyFigures) -> UnitVerdict:
    terms = standard.unit
    counted = is_counted(school, terms.least_students)
    numbers, share = unit_numbers(school, stage), share_of_rooms(school, stage, standard)
    students = Decimal(numbers.get("students") or 0)
    if numbers.get("students") is not None:
        numbers["students"] = students  # the divisor of nearly every condition, made once
    judged = {}
    for asked in standard.of_unit[school.kind, stage]:
        if counted is not False or asked.code not in terms.conditions:
            answer = judge_simply(asked, numbers, share)
            judged[asked.code] = answer or judge_stage(asked.condition, school, stage, numbers, share, figures)
    if counted is None:
        # Whether it is asked at all is not known: no value of it decides anything, nor stands in a coefficient.
        judged |= {code: NO_STUDENTS for code in terms.conditions if _has_value(judged.get(code))}
    needed = [judged[code] for code in terms.conditions if code in judged]
    met = [each[0] for each in needed].count(Finding.MET)
    finding = passes(standard, needed, met) if counted else _open(counted)
    return UnitVerdict(school, stage, judged, met, finding, students)


def _has_value(judged: Judged | None) -> bool:
    return judged is not None and judged.finding not in {Finding.UNKNOWN, Finding.NONE}


def _columns(schools: tuple[SchoolVerdict, ...]) -> dict[tuple[str, Stage], Column]:
    """The units that are asked a condition in a stage, and their answers, in one pass over the schools."""
    groups: dict[tuple[Stage, tuple[str, ...]], list[UnitVerdict]] = {}
    for school in schools:
        for unit in school.units:
            groups.setdefault((unit.stage, tuple(unit.judged)), []).append(unit)
    found: dict[tuple[str, Stage], Column] = {}
    for (stage, codes), units in groups.items():
        # Units of a kind are asked the same in the same order.
        for code, judged in zip(codes, zip(*[unit.judged.values() for unit in units], strict=True), strict=True):
            before = found.get((code, stage), NO_COLUMN)
            found[code, stage] = ([*before[0], *units], [*before[1], *judged]) if before[0] else (units, judged)
    return found


def _open(counted: bool | None) -> Finding:
    return Finding.UNKNOWN if counted is None else Finding.NONE


def passes(standard: Standard, needed: list[Judged], met: int) -> Finding:
    """Whether a unit passes: enough conditions met, the rest above the floor, and all of them known.

    One below the floor, or too many short, fails whatever is still unknown.
    """
    terms = standard.unit
    if met and met == len(needed) == len(terms.conditions):
        return Finding.MET
    short = [each for each in needed if each[0] is SHORT]
    if len(terms.conditions) - len(short) < terms.needed:
        return Finding.SHORT
    for each in short:
        if not each.reaches(terms.floor):
            return Finding.SHORT
    if any(each.finding is Finding.UNKNOWN for each in needed):
        return Finding.UNKNOWN
    return Finding.TOLERATED if short else Finding.MET if needed else Finding.NONE


def _item(item: Item, facts: CountyFacts, found: Mapping[str, ConditionVerdict]) -> ItemVerdict:
    conditions = tuple(found[each.code] for each in item.conditions)
    parts = tuple(_part(each, facts.figures, found) for each in item.parts)
    asked = [] if item.points is not None else [each.finding for each in conditions]
    return ItemVerdict(item, worst([*asked, *(each.finding for each in parts)]), conditions, parts)


def _part(part: Part, figures: CountyFigures, found: Mapping[str, ConditionVerdict]) -> PartVerdict:
    """A part as its condition says, or as the county says: its points, or yes."""
    if part.condition:
        finding = worst(found[code].aspect(side) if code in found else Finding.UNKNOWN for code, side in part.asked)
        return PartVerdict(part, finding, _points(part, finding))
    answer = figures.get(part.figure)
    if part.points is None and isinstance(answer, bool):
        return PartVerdict(part, Finding.MET if answer else Finding.SHORT, None)
    if part.points is None or answer is None or isinstance(answer, bool):
        # Yes is no number of points, and a number no answer to a question: it was asked for otherwise when it was said.
        return PartVerdict(part, Finding.UNKNOWN, None)
    points = min(max(answer, Decimal(0)), part.points)
    return PartVerdict(part, Finding.MET if points == part.points else Finding.SHORT, points)


def _points(part: Part, finding: Finding) -> Decimal | None:
    if part.points is None or finding is Finding.UNKNOWN:
        return None
    return Decimal(0) if finding is Finding.SHORT else part.points


def _condition(
    standard: Standard,
    condition: Condition,
    facts: CountyFacts,
    schools: tuple[SchoolVerdict, ...],
    columns: Mapping[tuple[str, Stage], Column],
) -> ConditionVerdict:
    if condition.of is Subject.COUNTY:
        judged = judge_county(condition, facts.figures)
        return ConditionVerdict(condition, judged.finding, judged)
    if condition.of is Subject.TOTAL:
        judged = judge_total(condition, facts.schools)
        return ConditionVerdict(condition, judged.finding, judged)
    if condition.of is Subject.SCHOOL:
        return _counted(
            condition, [each.judged[condition.code].finding for each in schools if condition.code in each.judged]
        )
    return _over_units(standard, condition, columns)


def _counted(condition: Condition, findings: list[Finding]) -> ConditionVerdict:
    asked = [each for each in findings if each is not Finding.NONE]
    return ConditionVerdict(
        condition,
        worst(findings),
        met=asked.count(Finding.MET),
        asked=len(asked),
        unknown=asked.count(Finding.UNKNOWN),
    )


def _over_units(
    standard: Standard, condition: Condition, columns: Mapping[tuple[str, Stage], Column]
) -> ConditionVerdict:
    of_terms = condition.code in standard.unit.conditions
    by_stage: dict[Stage, Finding] = {}
    spreads = []
    met = asked = unknown = 0
    for stage in COMPULSORY:
        units, judged = columns.get((condition.code, stage), NO_COLUMN)
        findings = [each.finding for each in judged]
        count, open_units = len(judged) - findings.count(Finding.NONE), findings.count(Finding.UNKNOWN)
        if count:
            met, asked, unknown = met + findings.count(Finding.MET), asked + count, unknown + open_units
            by_stage[stage] = _worst_of(units, findings, of_terms)
        if stage in condition.spread:
            if count - open_units < len(judged):
                known = [(unit, each) for unit, each in zip(units, judged, strict=True) if each.below]
                units, judged = [unit for unit, _each in known], [each for _unit, each in known]
            spreads.append(_spread(standard, condition, stage, units, judged, open_units))
    finding = worst([*by_stage.values(), *(each.finding for each in spreads)])
    return ConditionVerdict(
        condition, finding, met=met, asked=asked, unknown=unknown, by_stage=by_stage, spreads=tuple(spreads)
    )


def _worst_of(units: Sequence[UnitVerdict], findings: list[Finding], of_terms: bool) -> Finding:
    """The worst of the units; what is short in one counts as that unit does: tolerated, still unknown, or short."""
    found = set(findings)
    if of_terms and SHORT in found:
        pairs = zip(units, findings, strict=True)
        found = found - {SHORT} | {unit.finding for unit, finding in pairs if finding is SHORT}
    return worst(found)


def _spread(
    standard: Standard,
    condition: Condition,
    stage: Stage,
    units: Sequence[UnitVerdict],
    judged: Sequence[Judged],
    unknown: int,
) -> SpreadVerdict:
    """The coefficient of the units whose value is known; while one is unknown, it is shown but does not decide."""
    limit, by_students = condition.spread[stage], standard.weighting is Weighting.STUDENTS
    weights = [each.students for each in units] if by_students else [ONE] * len(units)
    if not all(weights):
        # A stage with no students is no unit: zero says that they are not known, and then neither is its weight.
        known = [each for each in zip(units, judged, weights, strict=True) if each[2]]
        unknown += len(units) - len(known)
        units, judged, weights = ([each[place] for each in known] for place in range(3))  # type: ignore[assignment]
    shares = [(each[1], each[2], weight) for each, weight in zip(judged, weights, strict=True)]
    found = coefficient(shares)
    finding = Finding.UNKNOWN if unknown else Finding.NONE
    if found is not None and not unknown:
        finding = Finding.MET if keeps(found, limit, shares) else Finding.SHORT
    elif units and found is None:
        finding = Finding.UNKNOWN
    return SpreadVerdict(condition, stage, limit, found, unknown, finding, tuple(units), standard.weighting)


def share_of(weighting: Weighting, unit: UnitVerdict, judged: Judged) -> tuple[Decimal, Decimal, Decimal]:
    """What a unit puts into a coefficient: its value, weighted by its students or like every other."""
    return judged.above, judged.below, unit.students if weighting is Weighting.STUDENTS else ONE


def _veto(answer: Decimal | bool | None) -> Finding:
    return Finding.UNKNOWN if not isinstance(answer, bool) else Finding.SHORT if answer else Finding.MET


def _score(standard: Standard, items: tuple[ItemVerdict, ...]) -> Score | None:
    if standard.pass_points is None:
        return None
    parts = [
        part for item in items if item.item.points is not None for part in item.parts if part.part.points is not None
    ]
    least = sum((part.points or Decimal(0) for part in parts), Decimal(0))
    open_points = sum((part.part.points or Decimal(0) for part in parts if part.points is None), Decimal(0))
    return Score(least, least + open_points, standard.pass_points)
